"""A suspended agreement stands still in the cases bound to it, and runs again when it is resumed; an expired one goes on in them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements import enforcing
from saphan.agreements.codes import ForceKind
from saphan.agreements.enforcing import Happened
from saphan.agreements.following import services
from saphan.agreements.following.chores import follow_suspensions, look_at_promises
from saphan.agreements.following.desk import count_standing_still, standing_still
from saphan.agreements.following.kept import NotInForce, compiled, keep_shipped, keep_version
from saphan.agreements.following.models import Binding, DriftFinding
from saphan.agreements.following.services import Subject
from saphan.agreements.following.tests.conftest import recover
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.tests.making import agreed_version, an_agreement, bring_into_force, sign_for_all
from saphan.audit.models import AuditEvent
from saphan.core import clock
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAYS = timedelta(days=1)


@pytest.fixture
def version(people: People) -> AgreementVersion:
    officer = people.agreement_officer
    found = compiled(keep_shipped("th-la-return", NOON))
    text = canonical(found.procedure).decode().replace('"version":"3.0.0"', '"version":"9.0.0"')
    made = agreed_version(an_agreement(officer), officer, NOON, procedure="x", canonical=text)
    return bring_into_force(sign_for_all(made, officer, people.agreement_colleague, NOON), officer, TODAY, NOON)


@pytest.fixture
def bound(people: People, version: AgreementVersion, subject: Subject) -> Binding:
    """In tracing; the Origin owes its report."""
    binding = services.bind(subject=subject, procedure=keep_version(version, NOON), by=people.owner, at=NOON)
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    services.send_message(binding_id=binding.pk, message="trace_request", fields=["given_name"], by=people.owner, at=NOON)
    return Binding.objects.get(pk=binding.pk)


def happens(version: AgreementVersion, officer: User, kind: str, days: int) -> None:
    happened = Happened(kind, TODAY + days * DAYS)
    enforcing.record_force(agreement_id=version.agreement_id, version_id=version.pk, happened=happened, by=officer, at=NOON + days * DAYS)


def kinds(binding: Binding) -> list[str]:
    return list(binding.events.filter(kind__in=["suspended", "resumed"]).order_by("seq").values_list("kind", flat=True))


def test_clocks_stand_still_and_stages_close_with_the_agreement(people: People, version: AgreementVersion, bound: Binding) -> None:
    assert bound.promises.filter(ending="").count() == 2
    happens(version, people.agreement_officer, ForceKind.SUSPENDED, 1)
    assert kinds(bound) == ["suspended"]
    assert set(bound.promises.filter(owed="promise").values_list("ending", "because")) == {("void", "suspended")}
    assert not bound.promises.filter(ending="").exists()
    reasons = services.why_not(bound, "decision", at=NOON + 2 * DAYS)
    assert any("The procedure is suspended." in reason for reason in reasons)
    look_at_promises(NOON + 200 * DAYS)
    assert not DriftFinding.objects.exists()


def test_resumed_the_times_begin_anew(people: People, version: AgreementVersion, bound: Binding) -> None:
    officer = people.agreement_officer
    happens(version, officer, ForceKind.SUSPENDED, 1)
    happens(version, officer, ForceKind.RESUMED, 100)
    assert kinds(bound) == ["suspended", "resumed"]
    running = bound.promises.filter(ending="")
    assert running.count() == 2
    assert all(row.due_at > NOON + 100 * DAYS for row in running)
    assert not any("suspended" in reason for reason in services.why_not(bound, "decision", at=NOON + 100 * DAYS))


def test_a_day_written_down_beforehand_is_followed_when_it_comes(people: People, version: AgreementVersion, bound: Binding) -> None:
    happened = Happened(ForceKind.SUSPENDED, TODAY + 5 * DAYS)
    enforcing.record_force(agreement_id=version.agreement_id, version_id=version.pk, happened=happened, by=people.agreement_officer, at=NOON)
    assert kinds(bound) == []
    enforcing.follow_the_calendar(NOON + 5 * DAYS)
    assert kinds(bound) == ["suspended"]


def test_a_suspension_taken_back_lets_the_clocks_run_again(people: People, version: AgreementVersion, bound: Binding) -> None:
    happens(version, people.agreement_officer, ForceKind.SUSPENDED, 1)
    event = version.events.get(kind=ForceKind.SUSPENDED)
    enforcing.take_back(event_id=event.pk, reason="a mistake", by=people.agreement_officer, at=NOON + DAYS)
    assert kinds(bound) == ["suspended", "resumed"]


def test_the_upkeep_notes_what_the_act_had_no_room_for_once(version: AgreementVersion, bound: Binding) -> None:
    AgreementVersion.objects.filter(pk=version.pk).update(state="suspended")
    assert follow_suspensions(NOON + DAYS) == 1
    assert follow_suspensions(NOON + DAYS) == 0
    assert kinds(bound) == ["suspended"]
    assert AuditEvent.objects.filter(target_id=str(bound.pk), actor="system", fields__contains="suspended").exists()


def test_the_page_and_my_day_say_so_to_both_sides_and_to_no_stranger(people: People, version: AgreementVersion, bound: Binding) -> None:
    happens(version, people.agreement_officer, ForceKind.SUSPENDED, 1)
    with clock.stopped_at(NOON + 2 * DAYS):
        page = client_of(people.owner).get(reverse("following:procedure", args=[bound.pk])).content.decode()
        assert "The agreement is suspended. No clock runs" in page
        assert count_standing_still(people.owner) == 1
        assert str(standing_still(people.owner, clock.now())[0].kind) == "suspended: clocks stand still"
        assert count_standing_still(people.stranger) == 0
    happens(version, people.agreement_officer, ForceKind.RESUMED, 4)
    with clock.stopped_at(NOON + 5 * DAYS):
        assert str(standing_still(people.owner, clock.now())[0].kind) == "resumed: clocks run again"
    with clock.stopped_at(NOON + 30 * DAYS):
        assert count_standing_still(people.owner) == 0


def test_an_expired_agreement_binds_nobody_new_and_goes_on_in_cases_under_way(people: People, version: AgreementVersion, bound: Binding) -> None:
    Agreement.objects.filter(pk=version.agreement_id).update(expires_on=TODAY + 3 * DAYS)
    keep_version(version, NOON + 3 * DAYS)
    with pytest.raises(NotInForce):
        keep_version(version, NOON + 4 * DAYS)  # before the upkeep came round
    enforcing.follow_the_calendar(NOON + 4 * DAYS)
    with pytest.raises(NotInForce):
        keep_version(version, NOON + 4 * DAYS)
    assert kinds(bound) == []
    assert bound.promises.filter(ending="").count() == 2
    with clock.stopped_at(NOON + 4 * DAYS):
        page = client_of(people.owner).get(reverse("following:procedure", args=[bound.pk])).content.decode()
    assert "What began under it goes on under it" in page


def test_what_expires_while_suspended_lets_its_cases_go_on(people: People, version: AgreementVersion, bound: Binding) -> None:
    happens(version, people.agreement_officer, ForceKind.SUSPENDED, 1)
    Agreement.objects.filter(pk=version.agreement_id).update(expires_on=TODAY + 3 * DAYS)
    enforcing.follow_the_calendar(NOON + 4 * DAYS)
    assert kinds(bound) == ["suspended", "resumed"]
