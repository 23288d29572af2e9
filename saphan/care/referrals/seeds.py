"""The invented story ends well enough: trauma care is accepted, legal aid waits for its answer, one place was full, one draft waits for consent."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from saphan.access.seeds import People
from saphan.care.cases.models import Case
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.selectors import usable_consents
from saphan.core import clock
from saphan.directory.models import Organisation, Service


def plant(people: People) -> None:
    """Four referrals of the case that has consents to share; nothing where there is none."""
    case = Case.objects.filter(org=people.ministry, person__consents__receiver=people.hospital).order_by("opened_at").first()
    if case is None:
        return
    now, begun = clock.now(), case.opened_at
    _accepted(people, case, [min(now, begun + timedelta(hours=h)) for h in (2, 3, 5, 26)])
    _declined(people, case, [min(now, begun + timedelta(hours=h)) for h in (6, 9)])
    _sent(people, case, max(begun, now - timedelta(hours=3)))
    _draft(people, case, "education", "low", people.ngo, now)


def _accepted(people: People, case: Case, at: list[datetime]) -> None:
    referral = _sent_to(people, case, "trauma_care", "high", people.hospital, at[0])
    if referral is None:
        return
    with clock.stopped_at(at[1]):
        services.acknowledge(referral_id=referral.pk, by=people.receiver, at=at[1])
    with clock.stopped_at(at[2]):
        services.accept(referral_id=referral.pk, by=people.receiver, at=at[2])
    with clock.stopped_at(at[3]):
        services.start(referral_id=referral.pk, by=people.receiver, at=at[3])


def _declined(people: People, case: Case, at: list[datetime]) -> None:
    referral = _sent_to(people, case, "health", "medium", people.hospital, at[0])
    if referral:
        with clock.stopped_at(at[1]):
            services.decline(referral_id=referral.pk, reason="full", by=people.receiver, at=at[1])


def _sent(people: People, case: Case, at: datetime) -> None:
    _sent_to(people, case, "legal_aid", "medium", people.ngo, at)


def _sent_to(people: People, case: Case, need: str, risk: str, org: Organisation, at: datetime) -> Referral | None:
    referral = _draft(people, case, need, risk, org, at)
    consents = usable_consents(referral, at) if referral else []
    if referral is None or not consents:
        return None
    with clock.stopped_at(at):
        return services.send(referral_id=referral.pk, consent_id=consents[0].pk, classes=consents[0].classes, by=people.owner, at=at)


def _draft(people: People, case: Case, need: str, risk: str, org: Organisation, at: datetime) -> Referral | None:
    service = next(iter(_services(need, org)), None)
    if service is None:
        return None
    with clock.stopped_at(at):
        return services.draft(case_id=case.pk, request=services.Request(service.pk, risk), by=people.owner, at=at)


def _services(need: str, org: Organisation) -> Iterable[Service]:
    """The organisation's service for this need, else any of its services."""
    mine = Service.objects.filter(organisation=org)
    return mine.filter(kind=need).order_by("name_en") or mine.order_by("name_en")
