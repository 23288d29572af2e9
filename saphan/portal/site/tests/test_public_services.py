"""The public service directory: what passes the wall by a signed release is shown, and nothing else."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from saphan.access.directory_acts import end_service
from saphan.access.organisations import suspend_organisation
from saphan.directory.models import Office, Organisation, Province, Service
from saphan.portal.places.models import PublicOffice, PublicService
from saphan.portal.places.services import take_directory
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.services import check
from saphan.releases.directory import publish_service_directory
from saphan.releases.models import Release, ReleaseHead
from saphan.releases.services import hand_on_all, receive_release, to_wire, withdraw
from tests.people import NOON

pytestmark = pytest.mark.django_db
CANARY = "canary 12 Moo 3 Soi 9"


@pytest.fixture
def officer(portal):
    """Who signs releases in the demonstration."""
    return portal.dpo


def read(path):
    return Client().get(path).content.decode()


def shown(query=""):
    return {str(service) for service in Client().get(f"/en/services/?{query}").context["listing"]}


def verify(name, day):
    Service.objects.filter(name_en=name).update(last_verified_on=day)


def test_the_services_of_the_demonstration_came_through_the_wall(portal):
    assert len(shown()) == 7
    assert Release.objects.filter(kind="service_directory").count() == 1
    page = read("/en/services/")
    assert "Safe shelter for adults (demo)" in page
    assert "Telephone to be confirmed" in page
    assert "ที่พักพิงปลอดภัยสำหรับผู้ใหญ่" in read("/th/services/")
    assert 'lang="en"><a href="/vi/services/' in read("/vi/services/")


def test_readers_narrow_by_need_place_and_language_and_wrong_values_are_left_aside(portal):
    assert shown("need=shelter") == {"Safe shelter for adults (demo)"}
    assert shown("province=TH-57&need=trauma_care") == {"Trauma clinic (demo)", "Counselling by telephone (demo)"}
    assert shown("language=my") == {"Legal aid for migrants (demo)", "Interpreters: Lao, Burmese, Khmer (demo)", "Counselling by telephone (demo)"}
    assert len(shown("country=TH")) == 7
    assert len(shown("country=XX&need=%27&province=%00&language=m&page=999")) == 7
    page = read("/en/services/?need=shelter&language=my")
    assert "No service fits all of this" in page
    assert '<option value="shelter" selected>' in page


def test_services_of_the_province_stand_before_those_of_the_whole_country(portal):
    provinces = [service.province_id for service in Client().get("/en/services/?province=TH-57").context["listing"]]
    assert provinces == ["TH-57"] * 4 + [None] * (len(provinces) - 4)
    assert len(provinces) > 4


def test_a_long_list_has_pages_that_keep_the_choice(portal, officer):
    org = Organisation.objects.get(pk=officer.org_id)
    Service.objects.bulk_create(Service(organisation=org, name_en=f"Legal aid {n:02}", kind="legal_aid", public=True) for n in range(30))
    publish_service_directory(by=officer, at=NOON)
    assert len(shown("need=legal_aid")) == 20
    assert 'href="?need=legal_aid&amp;page=2"' in read("/en/services/?need=legal_aid")
    assert "Legal aid 29" in read("/en/services/?need=legal_aid&page=2")


def test_a_service_has_a_page_of_its_own_for_ever(portal):
    service = PublicService.objects.get(name_en="Trauma clinic (demo)")
    page = read(f"/en/services/{service.pk}/")
    assert "<h1" in page
    assert "Chiang Rai, Thailand" in page
    assert "Thai, English" in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/en/services/{service.pk}/">' in page
    assert f'hreflang="vi" href="{settings.SITE_URL}/vi/services/{service.pk}/"' in page


def test_what_is_ended_or_no_longer_public_vanishes_with_the_next_release(portal, officer):
    gone = Service.objects.get(name_en="Identity documents desk (demo)")
    hidden = Service.objects.get(name_en="Trauma clinic (demo)")
    end_service(service_id=gone.pk, by=portal.org_admin, at=NOON)
    Service.objects.filter(pk=hidden.pk).update(public=False)
    publish_service_directory(by=officer, at=NOON)
    for service in (gone, hidden):
        assert service.name_en not in read("/en/services/") + read("/en/countries/thailand/") + read("/en/countries/thailand/chiang-rai/")
        assert Client().get(f"/en/services/{service.pk}/").status_code == 404
        assert not SearchEntry.objects.filter(key__startswith=f"service:{service.pk}").exists()
    assert check().whole


def test_the_services_of_a_suspended_organisation_vanish_with_the_next_release(portal, officer):
    suspend_organisation(org_id=portal.ngo.pk, by=portal.administrator, at=NOON)
    publish_service_directory(by=officer, at=NOON)
    assert "River House" not in read("/en/services/")
    assert len(shown()) == 4


def test_a_withdrawn_release_leaves_nothing(portal, officer):
    withdraw(kind="service_directory", key="all", by=officer, at=NOON)
    assert not PublicService.objects.exists()
    assert not PublicOffice.objects.exists()
    page = read("/en/services/")
    assert "No service has been released to the public yet" in page
    assert "<form" not in page
    assert "No service of this country is known" in read("/en/countries/thailand/")
    assert "has not been entered yet" in read("/en/countries/thailand/chiang-rai/")
    assert not SearchEntry.objects.filter(kind="service").exists()


def test_a_release_that_arrives_through_the_door_is_shown_at_once(portal, officer):
    wire = to_wire(publish_service_directory(by=officer, at=NOON))
    for table in (Release, ReleaseHead, PublicService, PublicOffice):
        table.objects.all().delete()
    SearchEntry.objects.filter(kind="service").delete()
    receive_release(wire=wire, at=NOON)
    assert len(shown()) == 7
    assert check().whole


def test_a_release_spoilt_in_the_store_is_not_shown_again(portal):
    Release.objects.update(signature="00" * 64)
    assert hand_on_all() == 1
    assert not PublicService.objects.exists()


def test_taking_the_same_release_twice_changes_nothing(portal):
    before = set(PublicService.objects.values_list("pk", "name_en"))
    entries = dict(SearchEntry.objects.filter(kind="service").values_list("key", "changed_at"))
    assert take_directory() == 7
    assert set(PublicService.objects.values_list("pk", "name_en")) == before
    assert dict(SearchEntry.objects.filter(kind="service").values_list("key", "changed_at")) == entries


def test_a_service_that_changed_is_found_as_it_is_now(portal, officer):
    Service.objects.filter(name_en="Trauma clinic (demo)").update(name_en="Quiet room")
    publish_service_directory(by=officer, at=NOON)
    assert "Quiet room" in read("/en/services/")
    assert f"/en/services/{PublicService.objects.get(name_en='Quiet room').pk}/" in read("/en/search/?q=quiet+room")
    assert check().whole


def test_no_address_nor_anything_that_is_not_public_is_anywhere(portal, officer):
    chiang_rai = Province.objects.get(pk="TH-57")
    Service.objects.update(eligibility=CANARY)
    Service.objects.create(organisation=portal.ngo, name_en=f"Hidden house {CANARY}", kind="shelter", province=chiang_rai)
    Office.objects.create(org=portal.ngo, province=chiang_rai, name_en=f"House {CANARY}", phone="02 555 1234")
    Office.objects.create(org=portal.ministry, province=chiang_rai, name_en=f"Shelter {CANARY}", phone="02 555 1234")
    publish_service_directory(by=officer, at=NOON)
    assert CANARY not in str(Release.objects.order_by("-seq").values_list("body", flat=True).first())
    paths = [f"/en/services/{pk}/" for pk in PublicService.objects.values_list("pk", flat=True)]
    paths += ["/en/services/", "/en/countries/thailand/", "/en/countries/thailand/chiang-rai/", "/en/search/?q=canary", "/sitemap-1.xml"]
    for path in paths:
        page = read(path)
        assert CANARY not in page, path
    assert not SearchEntry.objects.filter(text__contains="canary").exists()
    told = {field.name for field in PublicService._meta.get_fields()}
    assert told == {
        "id", "name_en", "name_th", "kind", "organisation_en", "organisation_th", "country", "province", "phone", "hours", "spoken", "verified_on",
    }  # fmt: skip  # no address, no places free today, nobody's name


def test_what_nobody_has_verified_for_a_year_says_so(portal, officer, monkeypatch):
    monkeypatch.setattr("saphan.core.clock.now", lambda: datetime(2027, 11, 24, 5, tzinfo=UTC))
    verify("Trauma clinic (demo)", "2027-11-01")
    verify("General health check (demo)", "2026-11-24")
    verify("Identity documents desk (demo)", "2026-11-23")
    Service.objects.filter(name_en="Legal aid for migrants (demo)").update(last_verified_on=None)
    publish_service_directory(by=officer, at=NOON)

    def told(name):
        return read(PublicService.objects.get(name_en=name).address)

    assert "1 November 2027" in told("Trauma clinic (demo)")
    assert "More than a year ago" not in told("Trauma clinic (demo)")
    assert "More than a year ago" not in told("General health check (demo)")
    assert "More than a year ago" in told("Identity documents desk (demo)")
    assert "Never verified" in told("Legal aid for migrants (demo)")


def test_a_telephone_can_be_called_where_it_is_one_number(portal, officer):
    Office.objects.filter(org=portal.ministry, province="TH-57").update(phone="+66 2 555 1234")
    publish_service_directory(by=officer, at=NOON)
    page = read("/en/countries/thailand/chiang-rai/")
    assert 'href="tel:+6625551234"' in page
    assert PublicService(phone="02 555 1234, 5").dial == ""
    assert PublicService(phone="").dial == ""


def test_the_search_finds_a_service_in_the_words_of_each_language(portal):
    english, thai = read("/en/search/?q=trauma+care"), read("/th/search/?q=คลินิกเยียวยาจิตใจ")
    service = PublicService.objects.get(name_en="Trauma clinic (demo)")
    assert f"/en/services/{service.pk}/" in english
    assert f"/th/services/{service.pk}/" in thai
    rows = SearchEntry.objects.filter(key__startswith=f"service:{service.pk}")
    assert {row.language for row in rows} == {code for code, _name in settings.LANGUAGES}
    assert len({row.permanent for row in rows}) == 1
    assert rows.get(language="lo").title == "Trauma clinic (demo)"
