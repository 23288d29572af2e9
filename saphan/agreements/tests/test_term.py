"""Past the day until which it runs an agreement is not in force, and nobody has to remember it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from saphan.access.models import User
from saphan.agreements import enforcing, registering
from saphan.agreements.codes import ForceKind
from saphan.agreements.enforcing import Happened
from saphan.agreements.force_models import agreement_in_force_on
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent
from saphan.agreements.registering import Facts, PartyFacts
from saphan.agreements.states import VersionState
from saphan.agreements.tests.making import agreed_version, bring_into_force, sign_for_all
from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import Invalid
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.fixture
def version(agreement: Agreement, officer: User, colleague: User) -> AgreementVersion:
    made = sign_for_all(agreed_version(agreement, officer, NOON), officer, colleague, NOON)
    return bring_into_force(made, officer, TODAY - 10 * DAY, NOON)


def runs_until(agreement: Agreement, days: int | None, officer: User) -> None:
    """The office saves the facts with this day."""
    agreement.refresh_from_db()
    until = None if days is None else TODAY + days * DAY
    facts = Facts(agreement.code, agreement.kind, agreement.titles, agreement.confidentiality, expires_on=until)
    parties = [PartyFacts(country_id=p.country_id, side=p.side, id=p.pk) for p in agreement.parties.all()]
    registering.edit(agreement_id=agreement.pk, facts=facts, parties=parties, seen=agreement.version, by=officer, at=NOON)


def in_force(agreement: Agreement, days: int = 0) -> bool:
    return Agreement.objects.filter(agreement_in_force_on(TODAY + days * DAY), pk=agreement.pk).exists()


def test_on_its_last_day_it_binds_and_on_the_next_no_more(agreement: Agreement, version: AgreementVersion) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(expires_on=TODAY)
    assert in_force(agreement, 0)
    assert not in_force(agreement, 1)
    assert enforcing.follow_the_calendar(NOON) == 0
    assert enforcing.follow_the_calendar(NOON + DAY) == 1
    assert enforcing.follow_the_calendar(NOON + DAY) == 0
    event = ForceEvent.objects.get(kind=ForceKind.EXPIRES)
    assert (event.on, event.version, event.entered_by) == (TODAY + DAY, version, None)
    version.refresh_from_db()
    assert version.state == VersionState.EXPIRED
    assert in_force(agreement, 0)
    assert AuditEvent.objects.filter(action="agreements:expire", target_id=str(event.pk)).exists()


def test_a_day_that_lies_in_the_past_counts_when_it_is_saved(agreement: Agreement, version: AgreementVersion, officer: User) -> None:
    runs_until(agreement, -3, officer)
    version.refresh_from_db()
    assert version.state == VersionState.EXPIRED
    with clock.stopped_at(NOON):
        page = client_of(officer).get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    assert "in force today" not in page
    assert "Its time has run out" in page


def test_a_day_moved_on_takes_the_expiry_back(agreement: Agreement, version: AgreementVersion, officer: User) -> None:
    runs_until(agreement, -3, officer)
    runs_until(agreement, 30, officer)
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE
    assert in_force(agreement)
    runs_until(agreement, -3, officer)
    runs_until(agreement, None, officer)
    assert in_force(agreement)


def test_an_expiry_that_a_person_wrote_down_stays(agreement: Agreement, version: AgreementVersion, officer: User) -> None:
    happened = Happened(ForceKind.EXPIRES, TODAY - DAY)
    enforcing.record_force(agreement_id=agreement.pk, version_id=version.pk, happened=happened, by=officer, at=NOON)
    runs_until(agreement, 300, officer)
    version.refresh_from_db()
    assert version.state == VersionState.EXPIRED


def test_nothing_enters_into_force_after_its_last_day(agreement: Agreement, officer: User, colleague: User) -> None:
    made = sign_for_all(agreed_version(agreement, officer, NOON), officer, colleague, NOON)
    Agreement.objects.filter(pk=agreement.pk).update(expires_on=TODAY - DAY)
    happened = Happened(ForceKind.ENTERS, TODAY)
    with pytest.raises(Invalid) as wrong:
        enforcing.record_force(agreement_id=agreement.pk, version_id=made.pk, happened=happened, by=officer, at=NOON)
    assert "on" in wrong.value.fields


def test_before_the_day_the_page_warns(agreement: Agreement, version: AgreementVersion, officer: User) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(expires_on=TODAY + 100 * DAY)
    with clock.stopped_at(NOON):
        page = client_of(officer).get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    assert "From the day after, nothing new is bound to it" in page


def test_an_agreement_without_a_text_here_expires_too(agreement: Agreement, officer: User) -> None:
    happened = Happened(ForceKind.ENTERS, TODAY - 9 * DAY)
    enforcing.record_force(agreement_id=agreement.pk, version_id=None, happened=happened, by=officer, at=NOON)
    runs_until(agreement, -1, officer)
    assert not in_force(agreement)
    assert ForceEvent.objects.get(kind=ForceKind.EXPIRES).version is None
