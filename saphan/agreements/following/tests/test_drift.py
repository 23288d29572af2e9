"""Departures with their reason, findings that somebody answers for, promises that become late by the clock, bindings anew by three persons."""

from datetime import timedelta

import pytest

from saphan.access.models import RoleGrant, User
from saphan.access.seeds import People
from saphan.agreements.following import departing, rebinding, services
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.kept import _keep, compiled
from saphan.agreements.following.models import Binding, CaseEvent, DriftFinding, KeptProcedure, PromiseInstance
from saphan.agreements.following.tests.conftest import LATER, recover
from saphan.agreements.following.words import DEVIATIONS, EVENTS, HINDRANCES, KINDS, STATES, deviation_said, event_said, said
from saphan.agreements.procedures import drifting, entering, events, promises
from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def traced(people: People, binding: Binding) -> Binding:
    """In tracing although the interpreter was not offered."""
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    return Binding.objects.get(pk=binding.pk)


def departed(people: People, binding: Binding, **more: str) -> None:
    facts = {"what": "check", "name": "rights_explained", "role": "focal_H", "reason": "canary-reason-77"} | more
    departing.depart(binding_id=binding.pk, by=people.supervisor, at=NOON, **facts)


def test_a_departure_opens_what_it_shortens_and_its_reason_is_sealed(people: People, binding: Binding) -> None:
    departed(people, binding)
    assert not any("rights" in reason for reason in services.why_not(binding, "tracing", at=NOON))
    told = PromiseInstance.objects.get(owed="tell")
    assert (told.article, told.state_at(NOON)) == ("9", "running")
    assert not any("canary" in str(row) for row in CaseEvent.objects.values_list())
    departing.tell(departure_id=binding.departures.get().pk, by=people.owner, at=LATER)
    told.refresh_from_db()
    assert told.state_at(LATER + timedelta(days=90)) == "kept"


@pytest.mark.parametrize("wrong", [{"what": "document"}, {"role": "case_officer"}, {"role": "focal_O"}, {"role": "nobody"}])
def test_only_what_the_agreement_lets_is_shortened_and_only_by_its_roles(people: People, binding: Binding, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        departed(people, binding, **wrong)
    with pytest.raises(Invalid):
        departed(people, binding, reason=" ")
    assert not binding.departures.exists()


def test_a_late_promise_is_found_by_the_clock_once(people: People, traced: Binding) -> None:
    late = NOON + timedelta(days=60)
    assert look_at_promises(late) != 0
    found = set(DriftFinding.objects.values_list("code", "party"))
    assert ("promise_late", "O") in found
    assert look_at_promises(late) == 0
    promise = PromiseInstance.objects.get(owed="promise")
    assert PromiseInstance.objects.late(late).filter(pk=promise.pk).exists()
    assert PromiseInstance.objects.running(late).owed_by(people.hospital.pk).get() == promise


def test_a_finding_is_answered_for_by_the_organisation_that_owed_it(people: People, traced: Binding) -> None:
    look_at_promises(NOON + timedelta(days=60))
    theirs, ours = DriftFinding.objects.get(code="promise_late"), DriftFinding.objects.get(code="stage_late", name="stage:tracing:1")
    with pytest.raises(Refused):
        departing.accept(finding_id=theirs.pk, by=people.supervisor, at=LATER)
    with pytest.raises(NotFound):
        departing.accept(finding_id=ours.pk, by=people.stranger, at=LATER)
    done = departing.accept(finding_id=ours.pk, by=people.supervisor, at=LATER)
    assert (done.state, done.closed_by) == ("accepted", people.supervisor)
    with pytest.raises(WrongState):
        departing.correct(finding_id=ours.pk, by=people.supervisor, at=LATER)


def test_over_disclosure_is_found_in_the_event_and_corrected_by_one(people: People, traced: Binding) -> None:
    services.note_message(binding_id=traced.pk, message="trace_request", fields=["given_name", "shelter_name"], by=people.owner, at=NOON)
    finding = DriftFinding.objects.get(kind="over_disclosure")
    assert finding.name == "shelter_name"
    departing.correct(finding_id=finding.pk, by=people.supervisor, at=LATER)
    assert CaseEvent.objects.filter(kind="corrected", ref=str(finding.seq)).exists()


def newer(binding: Binding) -> KeptProcedure:
    """The same procedure with a shorter article 5 and one number more."""
    plain = compiled(binding.procedure).procedure.plain() | {"version": "99.0.0"}
    next(a for a in plain["articles"] if a["art"] == "5")["oblige"][0]["due"] = "20wd"
    return _keep(compile_procedure(Procedure.model_validate(plain)), None, NOON)


def test_a_newer_version_changes_nothing_until_three_persons_say_so(people: People, traced: Binding) -> None:
    after = newer(traced)
    assert PromiseInstance.objects.get(owed="promise").reason["length"] == "30wd"
    asked = rebinding.ask(binding_id=traced.pk, after=after, by=people.supervisor, at=NOON)
    with pytest.raises(Refused):
        rebinding.approve(rebinding_id=asked.pk, by=people.supervisor, at=NOON)
    assert rebinding.fields_more(compiled(asked.before), compiled(after)) == {}
    for approver in approvers(people):
        rebinding.approve(rebinding_id=asked.pk, by=approver, at=LATER)
    traced.refresh_from_db()
    assert traced.procedure == after
    lengths = dict(PromiseInstance.objects.filter(owed="promise").values_list("ending", "reason__length"))
    assert lengths == {"void": "30wd", "": "20wd"}


def approvers(people: People) -> list[User]:
    """Two more supervisors of the ministry."""
    for user in (people.colleague, people.intake):
        RoleGrant.objects.create(user=user, role="case_supervisor", granted_at=NOON)
    return [User.objects.get(pk=u.pk) for u in (people.colleague, people.intake)]


def test_every_code_of_the_engine_has_its_words() -> None:
    assert set(HINDRANCES) == set(entering.SENTENCES)
    assert set(DEVIATIONS) == set(drifting.SENTENCES)
    assert set(KINDS) == set(drifting.KINDS)
    assert set(STATES) == set(promises.STATES)
    assert set(EVENTS) == events.KINDS
    assert {code: str(text) for code, text in HINDRANCES.items()} == entering.SENTENCES
    assert {code: str(text) for code, text in DEVIATIONS.items()} == drifting.SENTENCES
    assert all("{" not in deviation_said(code, "person_heard") for code in [*HINDRANCES, *DEVIATIONS])
    assert all("{" not in event_said(kind, "person_heard") for kind in EVENTS)
    assert said(entering.Hindrance("6", "check_open", (("name", "person_heard"),))) == "Art. 6: Not done yet: person heard."
