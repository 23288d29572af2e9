"""The pages of reports and files as each of us sees them."""

import logging
import re
import uuid
from typing import Any

import pytest

from saphan.audit.models import AuditEvent
from saphan.care.persons.models import Person, Report
from saphan.care.persons.tests.conftest import CANARIES, NAMES
from tests.people import client_of

EVERYBODY = ["owner", "colleague", "supervisor", "intake", "stranger", "receiver", "dpo", "org_admin", "administrator", "editor"]
TYPED = {
    "danger": "yes", "caller_safe": "no", "narrative": "a cousin is locked in", "place": "", "province": "TH-57", "callback": "", "channel": "call",
    "tie": "family", "people_count": "1",
}  # fmt: skip
FILE = {"age_band": "adult", "sex": "female", "language": "lo", "nationality": "", **dict.fromkeys(NAMES, "")}


def plain(response: Any) -> str:
    """The body without what differs by request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)


def gets(report: Report, person: Person) -> list[str]:
    return [
        "/desk/reports/", "/desk/reports/new/", f"/desk/reports/{report.pk}/", f"/desk/reports/{report.pk}/open/", f"/desk/reports/{report.pk}/print/",
        f"/desk/reports/people/{person.pk}/", f"/desk/reports/people/{person.pk}/why/", f"/desk/reports/people/{person.pk}/edit/",
    ]  # fmt: skip


def posts(report_id: object, person_id: object) -> list[str]:
    return [
        *(f"/desk/reports/{report_id}/{act}/" for act in ("read", "contact", "open", "close")),
        *(f"/desk/reports/people/{person_id}/{act}/" for act in ("why", "show", "edit")),
    ]


@pytest.mark.parametrize("who", EVERYBODY)
def test_nothing_sealed_is_on_any_page_that_is_only_opened(report, person, people, who, caplog):
    with caplog.at_level(logging.DEBUG):
        bodies = [client_of(getattr(people, who)).get(url, follow=True).content.decode() for url in gets(report, person)]
    assert not any("CANARY" in body for body in bodies)
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_title_of_a_page_says_only_desk(report, person, people, who):
    for url in gets(report, person):
        title = re.search(r"<title>\s*(.*?)\s*</title>", client_of(getattr(people, who)).get(url, follow=True).content.decode(), re.S)
        assert title
        assert person.alias not in title[1]
        assert report.reference not in title[1]


@pytest.mark.parametrize("who", ["stranger", "receiver"])
def test_a_foreign_report_or_file_looks_the_same_as_none(report, person, people, who):
    client = client_of(getattr(people, who))
    missing = uuid.uuid4()
    for here, nowhere in zip(gets(report, person)[2:], gets(Report(pk=missing), Person(pk=missing))[2:], strict=True):
        foreign, absent = client.get(here), client.get(nowhere)
        assert (foreign.status_code, plain(foreign)) == (absent.status_code, plain(absent)) == (404, plain(absent))
    for here, nowhere in zip(posts(report.pk, person.pk), posts(missing, missing), strict=True):
        foreign, absent = client.post(here, {"purpose": "care"}), client.post(nowhere, {"purpose": "care"})
        assert (foreign.status_code, plain(foreign)) == (absent.status_code, plain(absent)) == (404, plain(absent))


@pytest.mark.parametrize("who", ["dpo", "org_admin", "administrator", "editor"])
def test_who_has_no_part_in_care_is_refused_everywhere(report, person, people, who):
    client = client_of(getattr(people, who))
    assert {client.get(url).status_code for url in gets(report, person)} == {403}
    assert {client.post(url).status_code for url in posts(report.pk, person.pk)} == {403}


def test_nobody_enters_without_signing_in(report, person, client):
    assert all("/accounts/" in client.get(url)["Location"] for url in gets(report, person))


def test_the_hotline_records_a_report_on_one_page_and_gets_its_reference(intake, db):
    answer = client_of(intake).post("/desk/reports/new/", TYPED, follow=True)
    report = Report.objects.get()
    assert report.reference in answer.content.decode()
    assert "locked in" not in answer.content.decode()


def test_a_report_sent_twice_is_recorded_once(intake):
    client = client_of(intake)
    for _ in range(2):
        client.post("/desk/reports/new/", TYPED | {"once": "0123456789abcdef0123"})
    assert Report.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"danger": ""}, {"people_count": "0"}, {"narrative": ""}, {"channel": "sealed"}])
def test_a_form_with_a_slip_comes_back_with_what_was_typed(intake, wrong):
    answer = client_of(intake).post("/desk/reports/new/", TYPED | {"place": "behind the market"} | wrong)
    assert answer.status_code == 422
    assert "behind the market" in answer.content.decode()
    assert not Report.objects.exists()


def test_an_empty_form_is_422(intake, report):
    client = client_of(intake)
    assert client.post("/desk/reports/new/", {}).status_code == 422
    assert client.post(f"/desk/reports/{report.pk}/contact/", {}).status_code == 422
    assert client.post(f"/desk/reports/{report.pk}/read/", {}).status_code == 422
    assert client.post(f"/desk/reports/{report.pk}/open/", {}).status_code == 422
    assert client.post(f"/desk/reports/{report.pk}/close/", {}).status_code == 422


def test_reading_a_report_shows_it_on_that_answer_only_and_is_recorded(intake, report):
    client = client_of(intake)
    answer = client.post(f"/desk/reports/{report.pk}/read/", {"purpose": "safety"})
    assert all(value in answer.content.decode() for value in CANARIES.values())
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.purpose, event.fields) == ("reports:read", "safety", "narrative,place,callback")
    assert "CANARY" not in client.get(f"/desk/reports/{report.pk}/").content.decode()


def test_the_name_is_shown_on_a_sent_form_with_a_purpose(owner, person):
    client = client_of(owner)
    url = f"/desk/reports/people/{person.pk}/show/"
    assert client.get(url).status_code == 405
    answer = client.post(url, {"classes": ["identity"], "purpose": "care"})
    assert NAMES["given_name"] in answer.content.decode()
    assert NAMES["phone"] not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert client.post(url, {"classes": ["identity"]}).status_code == 422
    assert client.post(url, {"classes": ["plan"], "purpose": "nonsense"}).status_code == 422


def test_a_colleague_is_asked_why_and_then_let_in(colleague, person):
    client = client_of(colleague)
    url = f"/desk/reports/people/{person.pk}/"
    assert client.get(url)["Location"] == url + "why/"
    assert client.post(url + "why/", {}).status_code == 422
    assert client.post(url + "why/", {"purpose": "cover"})["Location"] == url
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "/accounts/logout/"])
def test_saying_why_never_leads_out_of_the_desk(colleague, person, onward):
    answer = client_of(colleague).post(f"/desk/reports/people/{person.pk}/why/", {"purpose": "cover", "next": onward})
    assert answer["Location"] == f"/desk/reports/people/{person.pk}/"


def test_a_colleague_who_has_not_said_why_is_shown_nothing(colleague, person):
    client = client_of(colleague)
    url = f"/desk/reports/people/{person.pk}/"
    assert client.post(url + "show/", {"classes": ["identity"], "purpose": "care"}).status_code in (403, 422)
    assert client.post(url + "edit/", FILE | {"version": "1"}).status_code == 403


def test_the_second_editor_sees_both_versions_and_loses_nothing(owner, supervisor, person):
    first, second = client_of(owner), client_of(supervisor)
    url = f"/desk/reports/people/{person.pk}/edit/"
    assert first.post(url, FILE | {"version": "1", "sex": "other"}).status_code == 302
    answer = second.post(url, FILE | {"version": "1", "sex": "male", "phone": "typed by the second"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="male"' in body
    assert 'value="other"' in body
    assert "typed by the second" in body
    assert second.post(url, FILE | {"version": "2", "sex": "male", "phone": "typed by the second"}).status_code == 302
    person.refresh_from_db()
    assert (person.sex, person.version) == ("male", 3)


def test_fields_that_are_not_asked_cannot_be_sent(owner, person, ngo):
    client_of(owner).post(
        f"/desk/reports/people/{person.pk}/edit/", FILE | {"version": "1", "org": str(ngo.pk), "alias": "Mine 1", "created_by": "x"}
    )
    fresh = Person.objects.get(pk=person.pk)
    assert (fresh.org_id, fresh.alias) == (person.org_id, person.alias)


def test_the_list_shows_what_its_filters_ask(intake, report):
    client = client_of(intake)
    assert report.reference in client.get("/desk/reports/?state=reported&danger=yes").content.decode()
    assert report.reference not in client.get("/desk/reports/?state=closed").content.decode()
    assert report.reference not in client.get("/desk/reports/?late=on").content.decode()
    assert client.get("/desk/reports/?state=nonsense&after=broken").status_code == 200


def test_opening_a_page_by_get_changes_nothing_but_the_record(owner, report, person):
    client = client_of(owner)
    before = list(Report.objects.values()), list(Person.objects.values())
    for url in gets(report, person):
        client.get(url)
    assert (list(Report.objects.values()), list(Person.objects.values())) == before
