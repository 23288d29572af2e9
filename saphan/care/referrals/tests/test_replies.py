"""Answers other than yes, the course of the service, and what a withdrawn consent does."""

from datetime import timedelta

import pytest

from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.cases.consents import withdraw_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.timeline import entries
from saphan.care.persons.disclosure import readable_classes
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import Request, accept, acknowledge, close_feedback, complete, decline, draft, escalate, send, start, withdraw
from saphan.care.referrals.states import State
from saphan.care.referrals.tests.conftest import LATER, SHARED, consent_to
from saphan.core import clock
from saphan.core.errors import Refused, WrongState
from saphan.core.models import DataKey, OutboxMessage
from saphan.core.outbox import run_once
from saphan.directory.models import Service
from tests.people import NOON

pytestmark = pytest.mark.django_db


def test_an_acknowledged_referral_waits_for_its_answer(people: People, sent: Referral) -> None:
    seen = acknowledge(referral_id=sent.pk, by=people.receiver, at=LATER)
    assert (seen.state, seen.due_at) == (State.ACKNOWLEDGED, NOON + timedelta(hours=24))


def test_declined_with_the_service_that_the_receiver_names(people: People, sent: Referral, counselling: Service) -> None:
    answered = decline(referral_id=sent.pk, reason="full", alternative_id=counselling.pk, by=people.receiver, at=LATER)
    assert (answered.state, answered.decline_reason, answered.alternative) == (State.DECLINED, "full", counselling)


def test_declined_without_a_name_the_next_best_is_proposed(people: People, sent: Referral, counselling: Service) -> None:
    assert decline(referral_id=sent.pk, reason="full", by=people.receiver, at=LATER).alternative == counselling
    assert OutboxMessage.objects.filter(topic="mail", key=f"referral-declined-{sent.pk}").count() == 1


def test_whoever_declined_or_is_full_is_not_proposed(people: People, case: Case, sent: Referral, counselling: Service) -> None:
    counselling.places_held = 4
    counselling.save()
    assert decline(referral_id=sent.pk, reason="full", by=people.receiver, at=LATER).alternative is None


def test_declining_opens_nothing(people: People, case: Case, sent: Referral) -> None:
    decline(referral_id=sent.pk, reason="unsafe", by=people.receiver, at=LATER)
    assert readable_classes(people.receiver, case.person) == frozenset()
    with pytest.raises(WrongState):
        accept(referral_id=sent.pk, by=people.receiver, at=LATER)


def test_only_the_sender_takes_back_and_only_before_the_answer(people: People, sent: Referral) -> None:
    with pytest.raises(Refused):
        withdraw(referral_id=sent.pk, reason="mistake", by=people.receiver, at=LATER)
    assert withdraw(referral_id=sent.pk, reason="mistake", by=people.owner, at=LATER).state == State.WITHDRAWN
    with pytest.raises(WrongState):
        accept(referral_id=sent.pk, by=people.receiver, at=LATER)


def test_an_accepted_one_cannot_be_taken_back(people: People, accepted: Referral) -> None:
    with pytest.raises(WrongState):
        withdraw(referral_id=accepted.pk, reason="mistake", by=people.owner, at=LATER)


def test_the_whole_way_to_the_persons_word_closes_the_scope(people: People, case: Case, accepted: Referral) -> None:
    start(referral_id=accepted.pk, by=people.receiver, at=LATER)
    complete(referral_id=accepted.pk, outcome="delivered", by=people.receiver, at=LATER)
    with pytest.raises(Refused):
        close_feedback(referral_id=accepted.pk, feedback="helped", by=people.receiver, at=LATER)
    closed = close_feedback(referral_id=accepted.pk, feedback="helped", by=people.owner, at=LATER)
    assert (closed.state, closed.feedback, closed.opens_scope) == (State.FEEDBACK_CLOSED, "helped", False)
    with clock.stopped_at(LATER + timedelta(seconds=1)):
        assert readable_classes(people.receiver, case.person) == frozenset()
    assert not DataKey.objects.filter(scope=case.person_id, org=people.hospital.pk).exists()


def test_a_withdrawn_consent_takes_back_what_waits(people: People, sent: Referral, consent: Consent) -> None:
    withdraw_consent(consent_id=consent.pk, by=people.colleague, at=LATER)
    sent.refresh_from_db()
    assert (sent.state, sent.withdraw_reason) == (State.WITHDRAWN, "consent")
    with pytest.raises(WrongState):
        accept(referral_id=sent.pk, by=people.receiver, at=LATER)


def test_a_withdrawn_consent_closes_the_scope_at_once_and_costs_no_service(people: People, case: Case, accepted: Referral, consent: Consent) -> None:
    withdraw_consent(consent_id=consent.pk, by=people.owner, at=LATER)
    accepted.refresh_from_db()
    assert (accepted.state, accepted.opens_scope) == (State.ACCEPTED, False)
    with clock.stopped_at(LATER + timedelta(seconds=1)):
        assert readable_classes(people.receiver, case.person) == frozenset()
    assert not DataKey.objects.filter(scope=case.person_id, org=people.hospital.pk).exists()
    assert start(referral_id=accepted.pk, by=people.receiver, at=LATER).state == State.SERVICE_STARTED


def test_another_consent_that_covers_the_same_keeps_it_open(people: People, case: Case, accepted: Referral, consent: Consent) -> None:
    consent_to(people.hospital, case, people)
    withdraw_consent(consent_id=consent.pk, by=people.owner, at=LATER)
    accepted.refresh_from_db()
    assert accepted.opens_scope


def test_a_missed_clock_marks_the_referral_once_and_tells_both_sides(people: People, sent: Referral) -> None:
    with clock.stopped_at(NOON + timedelta(hours=2, minutes=1)):
        run_once()
        assert escalate(referral_id=sent.pk, state=State.SENT, at=clock.now()) is False
    sent.refresh_from_db()
    assert (sent.state, sent.escalated_at) == (State.SENT, NOON + timedelta(hours=2, minutes=1))
    told = {m.payload["to"] for m in OutboxMessage.objects.filter(topic="mail", key__startswith=f"referral-late-{sent.pk}")}
    assert told == {people.owner.email, people.supervisor.email, people.second_supervisor.email}
    assert AuditEvent.objects.filter(action="referrals:escalate").count() == 1


def test_an_answer_in_time_is_not_marked(people: People, sent: Referral) -> None:
    acknowledge(referral_id=sent.pk, by=people.receiver, at=LATER)
    OutboxMessage.objects.update(created_at=LATER)  # written by a clock that agrees with the one below, whatever the real day
    with clock.stopped_at(NOON + timedelta(hours=3)):
        run_once()
    sent.refresh_from_db()
    assert sent.escalated_at is None
    with clock.stopped_at(NOON + timedelta(hours=25)):
        run_once()
    sent.refresh_from_db()
    assert sent.escalated_at is not None


def test_before_the_clock_ends_nothing_is_marked(sent: Referral) -> None:
    with clock.stopped_at(NOON + timedelta(hours=1, minutes=59)):
        run_once()
    sent.refresh_from_db()
    assert sent.escalated_at is None
    assert not Referral.objects.late(NOON + timedelta(hours=1)).exists()
    assert Referral.objects.late(NOON + timedelta(hours=3)).exists()


def test_the_risk_sets_the_clocks(people: People, case: Case, trauma_care: Service, consent: Consent) -> None:
    expected = {"high": (1, 2, 24), "medium": (24, 24, 72), "low": (72, 72, 168)}
    for risk, (to_send, to_acknowledge, to_accept) in expected.items():
        referral = draft(case_id=case.pk, request=Request(trauma_care.pk, risk), by=people.owner, at=NOON)
        assert referral.due_at == NOON + timedelta(hours=to_send)
        assert send(referral_id=referral.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=LATER).due_at == LATER + timedelta(
            hours=to_acknowledge
        )
        assert acknowledge(referral_id=referral.pk, by=people.receiver, at=LATER).due_at == LATER + timedelta(hours=to_accept)


def test_every_step_stands_in_the_timeline_and_the_receiver_sees_its_own_part(people: People, case: Case, accepted: Referral) -> None:
    labels = [str(entry.label) for entry in entries(case, people.owner)]
    assert "Referral sent" in labels
    assert "Referral accepted: the consented parts of the file opened" in labels
    seen = entries(case, people.receiver)
    assert {entry.url for entry in seen} == {f"/desk/referrals/{accepted.pk}/"}
    assert services.ESCALATE == "referrals.escalate"
