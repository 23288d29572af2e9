"""An organisation keeps its own services and offices, and says who works where."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from saphan.access import directory_acts as acts
from saphan.access.directory_acts import OfficeFacts, ServiceFacts
from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.access.services import place_account
from saphan.audit.models import AuditEvent
from saphan.core.errors import Invalid, Outdated, Refused, WrongState
from saphan.directory.models import Need, Office, Service
from saphan.directory.selectors import services_for
from tests.people import NOON, client_of

HERE = "/accounts/directory/"
GOOD = {"name_en": "Night school", "kind": "education", "province": "TH-57", "languages": ["th", "lo"], "open_hours": "evenings"}


@pytest.fixture
def school(people: People) -> Service:
    return acts.add_service(facts=ServiceFacts("Evening school", Need.EDUCATION, languages=["th"]), by=people.org_admin, at=NOON)


@pytest.fixture
def desk(people: People) -> Client:
    return client_of(people.org_admin)


@pytest.fixture
def foreign_admin(people: People) -> User:
    """The case worker of the other organisation, now with the same role there."""
    RoleGrant.objects.create(user=people.stranger, role=Role.ORG_ADMINISTRATOR, granted_at=NOON)
    return people.stranger


def test_an_administrator_adds_a_service_that_a_referral_then_finds(people: People, desk: Client) -> None:
    reply = desk.post(HERE + "services/new/", GOOD)
    made = Service.objects.get(name_en="Night school")
    assert reply.url == f"{HERE}services/{made.pk}/"  # type: ignore[attr-defined]
    assert (made.organisation, made.languages, made.province_id) == (people.ministry, ["th", "lo"], "TH-57")
    assert made.last_verified_on is not None
    assert [offer.service for offer in services_for(Need.EDUCATION, None, NOON)] == [made]
    assert AuditEvent.objects.filter(action="directory:edit", target_id=str(made.pk), actor=str(people.org_admin.pk)).exists()


def test_a_provincial_officer_keeps_the_directory_too(people: People) -> None:
    RoleGrant.objects.create(user=people.colleague, role=Role.PROVINCIAL_OFFICER, granted_at=NOON)
    assert client_of(people.colleague).post(HERE + "services/new/", GOOD).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_en": "x" * 161}, "name_en"),
        ({"kind": "weapons"}, "kind"),
        ({"province": "XX-1"}, "province"),
        ({"languages": ["klingon"]}, "languages"),
        ({"name_en": "Safe shelter for adults (demo)"}, "name_en"),
    ],
)
def test_bad_input_is_said_at_its_field_and_what_was_typed_stays(desk: Client, wrong: dict[str, Any], field: str) -> None:
    reply = desk.post(HERE + "services/new/", {**GOOD, **wrong})
    assert reply.status_code == 422
    assert list(reply.context["form"].errors) == [field]
    assert b'value="evenings"' in reply.content


def test_no_form_of_a_service_asks_for_an_address(desk: Client) -> None:
    fields = desk.get(HERE + "services/new/").context["form"].fields
    assert not [name for name in fields if "address" in name or "street" in name or "map" in name]


def test_the_same_page_sent_twice_adds_once(desk: Client) -> None:
    for _sending in range(2):
        assert desk.post(HERE + "services/new/", {**GOOD, "once": "a-token-of-one-page"}).status_code == 302
    assert Service.objects.filter(name_en="Night school").count() == 1


def test_the_second_of_two_editors_compares_and_loses_nothing(people: People, desk: Client, school: Service) -> None:
    theirs = ServiceFacts("Evening school", Need.EDUCATION, languages=["th", "km"], eligibility="adults", public=True)
    acts.edit_service(service_id=school.pk, version=1, facts=theirs, by=people.org_admin, at=NOON)
    mine = {"name_en": "Evening school", "kind": "education", "languages": ["th", "my"], "eligibility": "everybody", "version": 1}
    reply = desk.post(f"{HERE}services/{school.pk}/edit/", mine)
    assert reply.status_code == 409
    assert {d.name: (d.mine, d.theirs) for d in reply.context["differences"]} == {
        "languages": ("th,my", "th,km"), "eligibility": ("everybody", "adults"), "public": ("False", "True"),
    }  # fmt: skip
    choice = dict(reply.context["kept"]) | {"languages": "th,km", "eligibility": "everybody", "public": "True", "version": reply.context["version"]}
    assert desk.post(f"{HERE}services/{school.pk}/edit/", choice).status_code == 302
    school.refresh_from_db()
    assert (school.languages, school.eligibility, school.public, school.version) == (["th", "km"], "everybody", True, 3)


def test_an_old_version_is_outdated(people: People, school: Service) -> None:
    with pytest.raises(Outdated):
        acts.edit_service(service_id=school.pk, version=0, facts=ServiceFacts("Other", Need.HEALTH), by=people.org_admin, at=NOON)


def test_a_stale_service_is_marked_and_verified_today(desk: Client, school: Service) -> None:
    Service.objects.filter(pk=school.pk).update(last_verified_on=NOON.date() - timedelta(days=900))
    assert [row[0] for row in desk.get(HERE + "services/?state=stale").context["rows"]] == [school]
    assert b"not verified in 90 days</span>" in desk.get(HERE + "services/").content
    assert desk.post(f"{HERE}services/{school.pk}/verify/").status_code == 302
    assert desk.get(HERE + "services/?state=stale").context["rows"] == []


def test_places_are_counted_and_never_more_held_than_there_are(desk: Client, school: Service) -> None:
    address = f"{HERE}services/{school.pk}/places/"
    reply = desk.post(address, {"capacity_today": "3", "places_held": "4"})
    assert (reply.status_code, list(reply.context["form"].errors)) == (422, ["places_held"])
    assert desk.post(address, {"capacity_today": "-1"}).status_code == 422
    assert desk.post(address, {"capacity_today": "9" * 30}).status_code == 422
    assert desk.post(address, {"capacity_today": "3", "places_held": "1"}).status_code == 302
    school.refresh_from_db()
    assert (school.capacity_today, school.places_held) == (3, 1)
    desk.post(address, {"capacity_today": "", "places_held": "1"})
    school.refresh_from_db()
    assert (school.capacity_today, school.places_held) == (None, 0)


def test_a_service_taken_out_is_found_nowhere_and_can_be_put_back(people: People, desk: Client, school: Service) -> None:
    assert b"under way go on" in desk.get(f"{HERE}services/{school.pk}/end/").content
    assert desk.post(f"{HERE}services/{school.pk}/end/").status_code == 302
    assert services_for(Need.EDUCATION, None, NOON) == []
    assert b"Evening school" not in desk.get(HERE).content
    assert [row[0] for row in desk.get(HERE + "services/?state=ended").context["rows"]] == [school]
    assert b"Put it back" in desk.get(f"{HERE}services/{school.pk}/").content
    for path in ("verify/", "end/", "places/"):
        assert desk.post(f"{HERE}services/{school.pk}/{path}").status_code == 409
    assert desk.post(f"{HERE}services/{school.pk}/put-back/").status_code == 302
    assert len(services_for(Need.EDUCATION, None, NOON)) == 1
    with pytest.raises(WrongState):
        acts.restore_service(service_id=school.pk, by=people.org_admin, at=NOON)


def test_who_does_not_keep_the_directory_reads_it_only(people: People, school: Service) -> None:
    for worker in (people.owner, people.administrator):
        client = client_of(worker)
        assert client.get(HERE).status_code == 200
        assert b"Our services" not in client.get(HERE).content
        for path in ("services/", "services/new/", f"services/{school.pk}/", "offices/", "offices/new/"):
            assert client.get(HERE + path).status_code == 403
    with pytest.raises(Refused):
        acts.verify_service(service_id=school.pk, by=people.owner, at=NOON)


def test_a_foreign_entry_is_as_absent_as_none(people: People, foreign_admin: User, school: Service) -> None:
    client = client_of(foreign_admin)
    office = Office.objects.filter(org=people.ministry).first()
    assert office is not None
    for path in ("", "edit/", "end/"):
        assert client.get(f"{HERE}services/{school.pk}/{path}").status_code == 404
    for path in ("edit/", "verify/", "places/", "end/", "put-back/"):
        assert client.post(f"{HERE}services/{school.pk}/{path}").status_code == 404
    assert client.get(f"{HERE}offices/{office.pk}/").status_code == 404
    assert school not in [row[0] for row in client.get(HERE + "services/").context["rows"]]
    with pytest.raises(Refused):
        acts.end_service(service_id=school.pk, by=foreign_admin, at=NOON)
    with pytest.raises(Refused):
        acts.edit_office(office_id=office.pk, version=1, facts=OfficeFacts("Ours"), by=foreign_admin, at=NOON)


def test_an_organisation_without_services_and_offices_is_told_what_to_do(foreign_admin: User) -> None:
    Service.objects.filter(organisation=foreign_admin.org).delete()
    client = client_of(foreign_admin)
    assert b"offers no service yet" in client.get(HERE + "services/").content
    assert b"No service fits" in client.get(HERE + "services/?words=zzz").content
    assert b"has no office yet" in client.get(HERE + "offices/").content


def test_an_office_is_added_found_and_corrected(people: People, desk: Client) -> None:
    assert desk.post(HERE + "offices/new/", {"name_en": "Border office", "province": "TH-57", "phone": "+66 53 000 000"}).status_code == 302
    office = Office.objects.get(name_en="Border office")
    assert office.org == people.ministry
    assert list(desk.get(HERE + "offices/?words=border").context["page"].rows) == [office]
    changed = {"name_en": "Border office", "phone": "1300", "version": 1}
    assert desk.post(f"{HERE}offices/{office.pk}/", changed).status_code == 302
    assert desk.post(f"{HERE}offices/{office.pk}/", {**changed, "phone": "1301"}).status_code == 409
    office.refresh_from_db()
    assert (office.phone, office.province, office.version) == ("1300", None, 2)


@pytest.mark.parametrize("wrong", [{"phone": "ring me"}, {"phone": "1" * 41}, {"name_en": ""}, {"province": "57"}])
def test_an_office_that_cannot_be_used_is_not_kept(desk: Client, wrong: dict[str, str]) -> None:
    reply = desk.post(HERE + "offices/new/", {"name_en": "Border office", **wrong})
    assert (reply.status_code, list(reply.context["form"].errors)) == (422, list(wrong))
    assert not Office.objects.filter(name_en="Border office").exists()


def test_an_administrator_puts_a_worker_into_an_office(people: People, desk: Client) -> None:
    office = acts.add_office(facts=OfficeFacts("Border office"), by=people.org_admin, at=NOON)
    address = f"/accounts/people/{people.owner.pk}/office/"
    assert desk.post(address, {"office": str(office.pk)}).status_code == 302
    people.owner.refresh_from_db()
    assert people.owner.office == office
    assert AuditEvent.objects.filter(action="accounts:place", target_id=str(people.owner.pk), fields="office").exists()
    assert b"Border office" in desk.get(f"/accounts/people/{people.owner.pk}/").content
    assert desk.post(address, {"office": ""}).status_code == 302
    people.owner.refresh_from_db()
    assert people.owner.office is None


def test_an_account_gets_no_office_of_another_organisation(people: People, desk: Client, foreign_admin: User) -> None:
    theirs = acts.add_office(facts=OfficeFacts("River office"), by=foreign_admin, at=NOON)
    assert desk.post(f"/accounts/people/{people.owner.pk}/office/", {"office": str(theirs.pk)}).status_code == 422
    with pytest.raises(Invalid):
        place_account(user=people.owner, office=theirs, by=people.org_admin, at=NOON)
    assert client_of(foreign_admin).post(f"/accounts/people/{people.owner.pk}/office/", {"office": ""}).status_code == 404
    assert client_of(people.colleague).post(f"/accounts/people/{people.owner.pk}/office/", {"office": ""}).status_code == 403
    with pytest.raises(Refused):
        place_account(user=people.owner, office=None, by=foreign_admin, at=NOON)
