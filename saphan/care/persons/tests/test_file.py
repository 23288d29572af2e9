"""A person's file: who may open what, each reveal recorded, two editors."""

import pytest

from saphan.access.actions import Action
from saphan.access.models import RoleGrant
from saphan.audit.models import AuditEvent
from saphan.care.persons import files
from saphan.care.persons.aliases import NAMES as ALIAS_NAMES
from saphan.care.persons.aliases import as_alias, new_alias
from saphan.care.persons.desk import visits
from saphan.care.persons.disclosure import end_involvement, involve, readable_classes, relations, reveal
from saphan.care.persons.models import Involvement, Person
from saphan.care.persons.services import Facts
from saphan.care.persons.tests.conftest import NAMES, later
from saphan.core import clock
from saphan.core.errors import Invalid, Outdated, Refused
from saphan.core.models import DataKey
from saphan.core.sealing import KeyMissing
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from tests.people import NOON

S = Sensitivity


def test_an_alias_is_an_invented_name_with_a_number(db):
    word, number = new_alias().split()
    assert word in ALIAS_NAMES
    assert 10 <= int(number) <= 99


def test_aliases_do_not_follow_one_another(db):
    assert len({new_alias() for _ in range(50)}) > 40


def test_a_typed_alias_is_read_in_its_writing():
    assert as_alias("  lotus   27 ") == "Lotus 27"


def test_the_lead_may_open_every_class(person, owner):
    assert relations(owner, person) == {"lead"}
    assert readable_classes(owner, person) == set(SEALED_CLASSES)


@pytest.mark.parametrize("who", ["colleague", "stranger", "receiver", "dpo", "org_admin", "administrator", "editor"])
def test_nobody_else_may_open_anything(person, people, who):
    user = getattr(people, who)
    assert relations(user, person) == frozenset()
    with pytest.raises(Refused):
        reveal(person, "given_name", by=user, at=NOON, purpose="care")


def test_a_reveal_is_one_event_with_the_names_of_the_fields(person, owner):
    before = AuditEvent.objects.count()
    assert reveal(person, "given_name", "phone", by=owner, at=NOON, purpose="care") == {"given_name": NAMES["given_name"], "phone": NAMES["phone"]}
    event = AuditEvent.objects.latest("id")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.fields, event.purpose, event.subject_id) == ("persons:reveal", "given_name,phone", "care", str(person.pk))


def test_the_rows_are_visible_to_care_staff_of_the_house_and_to_nobody_else(person, people):
    seeing = {u.email for u in people.everyone() if Person.objects.visible_to(u).exists()}
    assert seeing == {u.email for u in (people.owner, people.colleague, people.supervisor, people.second_supervisor, people.intake)}


def test_a_colleague_who_says_why_may_open_it_for_a_day_and_the_lead_is_told(person, owner, colleague):
    files.state_purpose(person_id=person.pk, purpose="cover", by=colleague, at=NOON)
    assert relations(colleague, person) == {"purpose"}
    assert reveal(person, "given_name", by=colleague, at=NOON, purpose="cover")["given_name"] == NAMES["given_name"]
    (task,) = visits(owner, later(hours=1))
    assert person.alias in task.label
    with clock.stopped_at(later(hours=25)):
        assert relations(colleague, person) == frozenset()


def test_a_purpose_has_to_be_one_of_the_list(person, colleague):
    with pytest.raises(Invalid):
        files.state_purpose(person_id=person.pk, purpose="curious", by=colleague, at=NOON)


def test_another_organisation_cannot_open_a_file_by_saying_why(person, stranger):
    with pytest.raises(Refused):
        files.state_purpose(person_id=person.pk, purpose="care", by=stranger, at=NOON)


def test_a_receiver_opens_only_the_classes_of_the_tie(person, receiver, hospital):
    involve(person, org=hospital, relation="receiver", classes=[S.CONTACT, S.HEALTH], source="R-1", at=NOON)
    assert readable_classes(receiver, person) == {S.CONTACT, S.HEALTH}
    assert reveal(person, "phone", by=receiver, at=NOON)["phone"] == NAMES["phone"]
    with pytest.raises(Refused):
        reveal(person, "given_name", by=receiver, at=NOON)


def test_when_the_tie_ends_the_receiver_holds_no_key(person, receiver, hospital):
    involve(person, org=hospital, relation="receiver", classes=[S.CONTACT], source="R-1", at=NOON)
    assert DataKey.objects.filter(scope=person.pk, org=hospital.pk).exists()
    assert end_involvement(person, org=hospital, relation="receiver", source="R-1", at=later(hours=1)) == 1
    assert not DataKey.objects.filter(scope=person.pk, org=hospital.pk).exists()
    with clock.stopped_at(later(hours=1)), pytest.raises(Refused):
        reveal(person, "phone", by=receiver, at=later(hours=1))


def test_a_tie_without_its_key_opens_nothing(person, receiver, hospital):
    Involvement.objects.create(person=person, owner_org=person.org, org=hospital, relation="receiver", classes=["contact"], since=NOON)
    with pytest.raises(KeyMissing):
        reveal(person, "phone", by=receiver, at=NOON)


def test_what_is_sealed_after_the_sharing_opens_too(person, owner, receiver, hospital):
    involve(person, org=hospital, relation="receiver", classes=[S.CONTACT], source="R-1", at=NOON)
    files.update_person(person_id=person.pk, version=1, facts=Facts(sealed={"safe_contact": "after six"}), by=owner, at=NOON)
    person.refresh_from_db()
    assert reveal(person, "safe_contact", by=receiver, at=NOON)["safe_contact"] == "after six"


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(person, owner):
    files.update_person(person_id=person.pk, version=1, facts=Facts(age_band="child"), by=owner, at=NOON)
    with pytest.raises(Outdated):
        files.update_person(person_id=person.pk, version=1, facts=Facts(age_band="adult"), by=owner, at=NOON)
    person.refresh_from_db()
    assert (person.age_band, person.version) == ("child", 2)


def test_sealed_fields_left_empty_stay_as_they_are(person, owner):
    files.update_person(person_id=person.pk, version=1, facts=Facts(sealed={"phone": "", "given_name": "new"}), by=owner, at=NOON)
    person.refresh_from_db()
    values = reveal(person, "phone", "given_name", by=owner, at=NOON)
    assert values == {"phone": NAMES["phone"], "given_name": "new"}


def test_a_file_has_one_lead_and_the_former_one_loses_it(person, owner, colleague, supervisor):
    files.assign_lead(person_id=person.pk, to=colleague, by=supervisor, at=NOON)
    assert relations(colleague, person) == {"lead"}
    with clock.stopped_at(later(seconds=1)):
        assert relations(owner, person) == frozenset()


def test_only_a_supervisor_of_the_house_assigns_and_only_to_its_workers(person, owner, stranger, supervisor, dpo):
    with pytest.raises(Refused):
        files.assign_lead(person_id=person.pk, to=owner, by=owner, at=NOON)
    for other in (stranger, dpo):
        with pytest.raises(Invalid):
            files.assign_lead(person_id=person.pk, to=other, by=supervisor, at=NOON)


def test_a_supervisor_of_the_house_needs_no_tie(person, supervisor):
    assert relations(supervisor, person) == {"supervisor"}


def test_a_revoked_role_closes_the_file(person, owner):
    RoleGrant.objects.filter(user=owner).update(revoked_at=NOON, revoked_by=owner)
    fresh = type(owner).objects.get(pk=owner.pk)
    assert readable_classes(fresh, person) == frozenset()


@pytest.mark.parametrize("since", [-2, 0, 1])
@pytest.mark.parametrize("until", [None, -1, 0, 1])
@pytest.mark.parametrize("named", ["receiver", "somebody_else", "nobody"])
def test_the_ties_asked_in_words_kept_are_those_that_open_the_file(person, people, since, until, named):
    if until is not None and until < since:
        return
    tied = {"receiver": people.receiver, "somebody_else": people.stranger, "nobody": None}[named]
    involve(
        person, org=people.hospital, user=tied, relation="receiver", classes=["health"], at=later(hours=since),
        until=None if until is None else later(hours=until),
    )  # fmt: skip
    for user in (people.receiver, people.stranger, people.dpo, people.owner, people.colleague):
        of_the_rule = {tie.relation for tie in Involvement.objects.opened_to(user).filter(person=person)}
        assert relations(user, person) == of_the_rule
        seen = Action.PERSON_READ in user.acts and (bool(of_the_rule) or user.org_id == person.org_id)
        assert Person.objects.visible_to(user).filter(pk=person.pk).exists() == seen


def test_an_alias_is_found_by_its_beginning_and_by_nothing_else(person):
    found = Person.objects.with_alias_from
    assert list(found(person.alias[:4])) == [person]
    assert not found("%").exists()
    assert not found(f"_{person.alias[1:]}").exists()
    assert not found(person.alias[1:]).exists()
