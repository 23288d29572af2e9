import json
from datetime import date

import pytest
from django.test import Client

from saphan.directory.models import Country
from saphan.portal.search.tests.rows import thing
from tests.counting import at_most

pytestmark = pytest.mark.django_db


def page(path="/en/search/", **asked):
    return Client().get(path, asked)


def words(path="/en/search/", **asked):
    return page(path, **asked).content.decode()


@pytest.fixture
def things(shelf):
    Country.objects.get_or_create(code="TH", defaults={"name_en": "Thailand", "name_th": "ไทย"})
    shelf.put(*(thing(number, f"Border {number}", countries=["TH"] if number % 2 else [], published_on=date(2007, 8, 8)) for number in range(45)))
    shelf.put(thing(99, "Labour law", "the pact of 2007 <b>", language="vi", kind="other"))
    return shelf


def test_results_are_paged_and_keep_their_filters(things):
    first = words(q="border", country="TH", year="2007")
    assert "22 results" in first
    assert "?q=border&amp;country=TH&amp;year=2007&amp;page=2" in first
    second = words(q="border", country="TH", year="2007", page="2")
    assert "Page 2 of 2" in second
    assert 'start="21"' in second
    assert "There are no more results" in words(q="border", page="50")
    assert "Page 1 of 3" in words(q="border", page="x")


def test_links_narrow_and_widen(things):
    told = words(q="border")
    assert "?q=border&amp;country=TH" in told
    narrowed = words(q="border", country="TH")
    assert "take this filter away" in narrowed
    assert 'href="?q=border"' in narrowed
    assert '<input type="hidden" name="country" value="TH">' in narrowed
    assert "Take away a filter above" in words(q="zebra", country="TH")
    assert "take this filter away" not in words(q="border", country="nonsense", kind="\x00", year="then")


def test_a_search_can_be_followed_as_a_feed(things):
    told = words(q="border", country="TH")
    assert "/feeds/search.all.rss?q=border+country%3ATH" in told
    assert Client().get("/feeds/search.all.rss", {"q": "border country:TH"}).content.decode().count("<item>") == 22
    assert "/feeds/search" not in words(q="zebra")


def test_words_of_danger_lead_to_help(things):
    for question in ("help me", "ถูกขัง", "bị nhốt"):
        assert "danger-words" in words(q=question)
    assert "danger-words" not in words(q="border")


def test_what_else_was_searched_is_shown_with_a_way_back(things):
    told = words(q="forced labour")
    assert "Also searched" not in told  # nothing was found
    things.put(thing(100, "แรงงานบังคับ", language="th"))
    told = words(q="forced labour")
    assert "แรงงานบังคับ" in told
    assert "?q=forced+labour&amp;alone=1" in told
    assert "has not been checked by a person" in told
    assert "Also searched" not in words(q="forced labour", alone="1")


def test_a_better_spelling_is_told_and_linked(things):
    told = words(q="bordr")
    assert '<a href="?q=border"><strong>border</strong></a>' in told


def test_a_page_is_public_kept_shortly_and_asks_little(things):
    client = Client()
    client.get("/en/search/", {"q": "border"})
    with at_most(8):
        answer = client.get("/en/search/", {"q": "border"})
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    assert client.get("/en/search/", {"q": "border"}, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.post("/en/search/", {"q": "border"}).status_code == 405


def test_suggestions_come_as_json_and_as_links(things):
    answer = page("/en/search/suggest", q="bord")
    lines = json.loads(answer.content)["suggestions"]
    assert {"text": "border", "kind": "word", "language": "", "url": ""} in lines
    assert any(line["kind"] == "page" and line["url"].startswith("/") for line in lines)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert '<a href="/en/search/?q=border">border</a>' in words("/en/search/suggest", q="bord", **{"as": "html"})
    assert json.loads(page("/en/search/suggest", q="b").content)["suggestions"] == []
    with at_most(3):
        page("/en/search/suggest", q="border")


def test_suggestions_complete_the_last_word_in_any_script(things):
    things.put(thing(101, "การคุ้มครองผู้เสียหายในประเทศไทย", language="th"))
    lines = [line["text"] for line in json.loads(page("/th/search/suggest", q="การคุ้มครองผู้เสีย").content)["suggestions"]]
    assert "การคุ้มครองผู้เสียหาย" in lines
    assert "การคุ้มครองผู้เสียหายในประเทศไทย" in lines
    lines = [line["text"] for line in json.loads(page("/en/search/suggest", q="labour bord").content)["suggestions"]]
    assert "labour border" in lines


def test_what_a_thing_says_is_escaped(things):
    told = words(q="pact")
    assert "&lt;b&gt;" in told
    assert "<b>" not in told
