"""The screens of the record and of the directory; no cell of an export begins a formula."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.audit.models import AuditEvent
from saphan.audit.services import record
from saphan.core.spreadsheet import safe_cell
from saphan.directory.models import Need, Province, Service
from saphan.directory.seeds import COUNTRIES, load_provincial_offices, load_reference
from saphan.directory.selectors import services_for
from tests.people import NOON, client_of


@pytest.fixture
def client(dpo: User) -> Client:
    return client_of(dpo)


def test_the_record_is_filtered_by_who_what_and_when(client: Client, owner: User, dpo: User) -> None:
    record(by=owner, action="persons:reveal", target=("care_persons.person", "7"), subject=owner.pk, at=NOON, fields=["given_name"])
    record(by=owner, action="cases:read", target=("care_cases.case", "8"), at=NOON - timedelta(days=3))
    for query in (f"actor={owner.pk}&action=persons:reveal", f"subject={owner.pk}", "day=2026-11-23&action=persons:reveal"):
        page = client.get("/accounts/audit/?" + query).content.decode()
        assert ("persons:reveal" in page, "cases:read" in page) == (True, False), query
    assert client.get("/accounts/audit/?actor=nonsense&day=never").status_code == 200


def test_the_record_of_another_organisation_is_not_shown(client: Client, stranger: User) -> None:
    record(by=stranger, action="cases:read", target=("care_cases.case", "8"), at=NOON)
    assert client.get("/accounts/audit/?action=cases:read").context["rows"] == []


def test_looking_at_the_record_is_recorded(client: Client, dpo: User) -> None:
    client.get("/accounts/audit/")
    assert AuditEvent.objects.filter(actor=str(dpo.pk), action="audit:read").count() == 1


def test_the_record_walks_page_by_page(client: Client, owner: User) -> None:
    for number in range(60):
        record(by=owner, action="cases:read", target=("care_cases.case", str(number)), at=NOON)
    reply = client.get("/accounts/audit/?action=cases:read")
    assert len(reply.context["rows"]) == 50
    assert reply.context["page"].next_url
    assert len(client.get("/accounts/audit/" + reply.context["page"].next_url).context["rows"]) == 10


def test_an_export_is_recorded_and_carries_no_formula(client: Client, owner: User) -> None:
    record(by=owner, action="cases:read", target=("care_cases.case", "=HYPERLINK(1)"), at=NOON)
    reply: Any = client.post("/accounts/audit/export/", {"action": "cases:read"})
    body = b"".join(reply.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in body
    assert body.count("\r\n") == 2
    assert AuditEvent.objects.filter(action="audit:export").exists()


@pytest.mark.parametrize("value", ["=1", "\t=1", " =1", "\n=1", "\r\n=1", "＝1", "\u200b=1", "@SUM(1)", "-1+1", "+cmd|x", "\ufeff=1", "＋1+x"])
def test_no_cell_begins_a_formula(value: str) -> None:
    assert safe_cell(value).startswith("'")


@pytest.mark.parametrize("value", ["+66 2 123 4567", "สวัสดี", "", "a=b", "persons:read"])
def test_plain_words_and_telephone_numbers_stay_as_they_are(value: str) -> None:
    assert safe_cell(value) == value


@given(st.text())
def test_a_guarded_cell_keeps_its_words(value: str) -> None:
    assert safe_cell(value).removeprefix("'") == value.removeprefix("'") or safe_cell(value) == value


def test_reference_data_loads_twice_alike(people: Any) -> None:
    load_reference()
    load_reference()
    assert Province.objects.filter(country="TH").count() == 77
    assert Province.objects.get(code="TH-55").name_en == "Nan"
    assert load_provincial_offices(people.ministry) == load_provincial_offices(people.ministry) == 77
    assert len({code for code, _en, _th in COUNTRIES}) == len(COUNTRIES)


def offer(people: Any, name: str, province: str | None, **more: Any) -> Service:
    return Service.objects.create(
        organisation=people.ngo, name_en=name, kind=Need.EDUCATION, province_id=province, last_verified_on=date(2026, 11, 1), **more
    )


def test_nearest_services_come_first_and_stale_ones_are_marked(people: Any) -> None:
    load_reference()
    offer(people, "far", "TH-90")
    offer(people, "same region", "TH-50")
    offer(people, "here", "TH-57")
    offer(people, "here, full", "TH-57", capacity_today=3, places_held=3)
    old = offer(people, "here, old", "TH-57")
    Service.objects.filter(pk=old.pk).update(last_verified_on=date(2026, 8, 24))
    offers = services_for(Need.EDUCATION, Province.objects.get(code="TH-57"), NOON)
    assert [o.service.name_en for o in offers] == ["here", "here, old", "here, full", "same region", "far"]
    assert [o.stale for o in offers] == [False, True, False, False, False]
    assert [o.free_places for o in offers][:3] == [None, None, 0]


def test_services_of_an_organisation_that_is_not_approved_are_not_offered(people: Any) -> None:
    offer(people, "here", None)
    people.ngo.state = "suspended"
    people.ngo.save()
    assert services_for(Need.EDUCATION, None, NOON) == []


def test_the_directory_is_open_to_all_staff_and_searchable(people: Any) -> None:
    client = client_of(people.owner)
    page = client.get("/accounts/directory/?words=trauma clinic&need=trauma_care").content.decode()
    assert "Trauma clinic (demo)" in page
    assert "Counselling by telephone" not in page
