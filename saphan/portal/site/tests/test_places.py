def test_first(portal, client):
    for path in ["/en/countries/", "/en/countries/thailand/", "/th/countries/thailand/chiang-rai/", "/en/topics/", "/en/topics/shelter/", "/en/services/", "/th/services/"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        print(path, len(answer.content))
