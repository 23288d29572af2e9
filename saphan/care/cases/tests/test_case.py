"""A case from its opening to its end."""

import pytest

from saphan.audit.models import AuditEvent
from saphan.care.cases import services
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.states import CONSENT_LIFE, LIFE, ConsentState, State
from saphan.care.cases.tests.conftest import AGREED, later
from saphan.care.cases.timeline import SOURCES as TIMELINE
from saphan.care.cases.timeline import Entry, entries, register
from saphan.care.persons import files
from saphan.care.persons.disclosure import involve, reveal
from saphan.core import clock
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON


@pytest.fixture
def decided(monkeypatch):
    """The team has decided as told."""

    def as_told(outcome):
        monkeypatch.setattr(services, "decision_about", lambda person_id: outcome)

    return as_told


def test_before_a_decision_a_case_opens_as_presumed_on_a_ground(case):
    assert (case.state, case.ground) == (State.PRESUMED, "statement")
    assert case.next_review_on == later(days=30).date()


def test_before_a_decision_a_ground_is_asked(person, owner):
    with pytest.raises(Invalid):
        services.open_case(person_id=person.pk, given=AGREED, by=owner, at=NOON)
    assert not Case.objects.exists()
    assert not Consent.objects.exists()


def test_on_a_decision_the_case_opens_as_decided(person, owner, decided):
    decided("identified")
    case = services.open_case(person_id=person.pk, given=AGREED, by=owner, at=NOON)
    assert (case.state, case.ground) == (State.IDENTIFIED, "")


def test_without_consent_no_case_opens(person, owner):
    with pytest.raises(Invalid):
        services.open_case(person_id=person.pk, ground="statement", by=owner, at=NOON)


def test_a_second_case_of_one_person_is_refused(case, person, owner):
    with pytest.raises(WrongState):
        services.open_case(person_id=person.pk, given=AGREED, ground="statement", by=owner, at=NOON)


@pytest.mark.parametrize("who", ["colleague", "stranger", "intake", "dpo", "administrator", "org_admin"])
def test_only_the_lead_or_supervisor_opens_the_case(person, people, who):
    with pytest.raises(Refused):
        services.open_case(person_id=person.pk, given=AGREED, ground="statement", by=getattr(people, who), at=NOON)


@pytest.mark.parametrize("verb", ["identify", "not_identify"])
def test_what_the_team_decides_cannot_be_set_without_its_decision(case, owner, verb):
    with pytest.raises(WrongState):
        services.move_case(case_id=case.pk, verb=verb, by=owner, at=NOON)


def test_a_case_walks_from_presumed_to_closed(case, owner, supervisor, decided):
    decided("identified")
    for verb in ("identify", "reflect", "assist", "settle"):
        services.move_case(case_id=case.pk, verb=verb, by=owner, at=NOON)
    services.close_case(case_id=case.pk, reason="solution", by=supervisor, at=NOON)
    case.refresh_from_db()
    assert (case.state, case.closed_by, case.next_review_on) == (State.CLOSED, supervisor, None)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", [v for v in LIFE.moves if v != "close"])
def test_only_moves_of_the_table_are_taken(case, owner, decided, state, verb):
    decided({"not_identify": "not_identified"}.get(verb, "identified"))
    if state == State.CLOSED:
        return
    Case.objects.filter(pk=case.pk).update(state=state)
    if state in LIFE.moves[verb].sources:
        assert services.move_case(case_id=case.pk, verb=verb, by=owner, at=NOON).state == LIFE.moves[verb].target
    else:
        with pytest.raises(WrongState):
            services.move_case(case_id=case.pk, verb=verb, by=owner, at=NOON)


def test_lives_have_no_dead_end():
    for life, states in ((LIFE, State), (CONSENT_LIFE, ConsentState)):
        assert {s for s in states if not life.verbs_from(s)} == life.final


def test_closing_cannot_be_reached_as_a_move(case, owner):
    for verb in ("close", "fly"):
        with pytest.raises(WrongState):
            services.move_case(case_id=case.pk, verb=verb, by=owner, at=NOON)


def test_only_a_supervisor_of_the_house_closes(case, owner, stranger):
    for user in (owner, stranger):
        with pytest.raises(Refused):
            services.close_case(case_id=case.pk, reason="solution", by=user, at=NOON)


def test_nothing_is_written_into_a_closed_case(case, owner, supervisor):
    services.close_case(case_id=case.pk, reason="wish", by=supervisor, at=NOON)
    with pytest.raises(Refused):
        services.write_note(case_id=case.pk, kind="plan", text="late", by=owner, at=NOON)


def test_a_review_sets_a_day_to_come(case, owner):
    with pytest.raises(Invalid):
        services.review_case(case_id=case.pk, next_on=NOON.date(), by=owner, at=NOON)
    day = later(days=14).date()
    assert services.review_case(case_id=case.pk, next_on=day, by=owner, at=NOON).next_review_on == day
    assert not Case.objects.late_for_review(day).exists()
    assert Case.objects.late_for_review(later(days=15).date()).exists()


def test_a_transfer_moves_the_lead_of_file_and_case_together(case, owner, colleague, supervisor):
    services.transfer_case(case_id=case.pk, to=colleague, by=supervisor, at=NOON)
    case.refresh_from_db()
    assert case.lead == colleague
    with clock.stopped_at(later(seconds=1)), pytest.raises(Refused):
        services.write_note(case_id=case.pk, kind="plan", text="mine?", by=owner, at=NOON)


def test_a_lead_assigned_on_the_file_leads_the_case(case, colleague, supervisor):
    files.assign_lead(person_id=case.person_id, to=colleague, by=supervisor, at=NOON)
    case.refresh_from_db()
    assert case.lead == colleague


def test_a_case_is_handed_only_to_a_case_worker_of_the_house(case, intake, stranger, dpo, supervisor):
    for to in (intake, stranger, dpo):
        with pytest.raises(Invalid):
            services.transfer_case(case_id=case.pk, to=to, by=supervisor, at=NOON)


def test_a_note_is_sealed_and_opens_for_the_lead(case, owner):
    note = services.write_note(case_id=case.pk, kind="need", text="CANARY-note-zx75", by=owner, at=NOON)
    assert repr(note.text) == "[sealed]"
    assert reveal(note, "text", by=owner, at=NOON, purpose="care") == {"text": "CANARY-note-zx75"}


def test_an_empty_note_is_refused(case, owner):
    with pytest.raises(Invalid):
        services.write_note(case_id=case.pk, kind="plan", text="  ", by=owner, at=NOON)


def test_colleagues_see_the_row_and_other_houses_see_nothing(case, people):
    seeing = {u.email for u in people.everyone() if Case.objects.visible_to(u).exists()}
    assert seeing == {u.email for u in (people.owner, people.colleague, people.supervisor, people.second_supervisor)}


def test_a_receiver_sees_the_case_among_those_opened_by_others(case, receiver, hospital):
    involve(case.person, org=hospital, relation="receiver", classes=["health"], source="R-1", at=NOON)
    assert Case.objects.shared_with(receiver).get() == case
    assert not Case.objects.ours(receiver).exists()


def test_both_lists_together_are_what_is_visible(case, people, hospital):
    involve(case.person, org=hospital, relation="receiver", classes=["health"], source="R-1", at=NOON)
    for user in people.everyone():
        both = set(Case.objects.ours(user)) | set(Case.objects.shared_with(user))
        assert both == set(Case.objects.visible_to(user))


def test_the_timeline_gathers_every_room_newest_first(case, owner):
    services.write_note(case_id=case.pk, kind="plan", text="CANARY-note-zx75", by=owner, at=later(hours=1))
    found = entries(case, owner)
    assert [e.at for e in found] == sorted((e.at for e in found), reverse=True)
    labels = {str(e.label) for e in found}
    assert {"Reported", "Case opened", "Consent given", "Note: plan"} <= labels
    assert "CANARY" not in str(found)


def test_another_organisation_sees_only_what_concerns_it(case, receiver, hospital):
    involve(case.person, org=hospital, relation="receiver", classes=["health"], source="R-1", at=NOON)

    def theirs(person_id):
        return [Entry(NOON, "for the hospital", orgs=frozenset({hospital.pk})), Entry(NOON, "for nobody outside")]

    register(theirs)
    try:
        assert [e.label for e in entries(case, receiver)] == ["for the hospital"]
    finally:
        TIMELINE.remove(theirs)


def test_acts_are_recorded_under_the_person(case, owner):
    services.write_note(case_id=case.pk, kind="plan", text="CANARY-note-zx75", by=owner, at=NOON)
    acts = list(AuditEvent.objects.filter(subject_id=str(case.person_id)).order_by("id").values_list("action", flat=True))
    assert acts == ["persons:open", "consents:record", "cases:open", "notes:add"]
    assert "CANARY" not in str(list(AuditEvent.objects.values()))
