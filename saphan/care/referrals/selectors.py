"""Reads around a referral: who could take it up, with which consent, and why it cannot be sent yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from saphan.care.cases.models import Case, Consent
from saphan.care.referrals.models import Referral
from saphan.care.referrals.states import State
from saphan.directory.models import Organisation, Province, Service
from saphan.directory.selectors import Offer, services_for

SHOWN = 12


@dataclass(frozen=True)
class Choice:
    """A service that could take the person up, as the composer shows it."""

    offer: Offer
    speaks: bool  # it works in the person's language

    @property
    def service(self) -> Service:
        """The service itself."""
        return self.offer.service

    @property
    def is_full(self) -> bool:
        """No place today; it may still be asked."""
        return self.offer.free_places is not None and self.offer.free_places <= 0


def choices(*, need: str, language: str, province: Province | None, from_org: UUID, at: datetime) -> list[Choice]:
    """The services of other organisations for this need: those with a place first, then the nearest, then those that speak the language."""
    found = [
        Choice(offer, language in offer.service.languages) for offer in services_for(need, province, at) if offer.service.organisation_id != from_org
    ]
    return sorted(found, key=lambda choice: (choice.is_full, choice.offer.nearness, not choice.speaks, choice.offer.stale))[:SHOWN]


def province_of(case: Case) -> Province | None:
    """Where the case is led: services are looked for around it."""
    return case.office.province if case.office else None


def next_best(referral: Referral, at: datetime) -> Service | None:
    """The best other service for the same need: not of an organisation that already declined this case, and with a place."""
    declined = Referral.objects.filter(case=referral.case_id, need=referral.need, state=State.DECLINED).values_list("to_org", flat=True)
    refused = {*declined, referral.to_org_id}
    case = Case.objects.select_related("office__province__country").get(pk=referral.case_id)
    found = choices(need=referral.need, language=referral.language, province=province_of(case), from_org=referral.from_org_id, at=at)
    return next((choice.service for choice in found if choice.service.organisation_id not in refused and not choice.is_full), None)


def usable_consents(referral: Referral, at: datetime) -> list[Consent]:
    """The consents of the person to share with this receiver that hold at this moment, the newest first."""
    return list(Consent.objects.valid_at(at).filter(person=referral.person_id, receiver=referral.to_org_id).order_by("-given_at"))


def consent_covers(consent: Consent, referral: Referral, classes: Iterable[str], at: datetime) -> bool:
    """Whether this consent lets these parts go to this receiver at this moment."""
    right_parties = consent.person_id == referral.person_id and consent.receiver_id == referral.to_org_id
    return right_parties and consent.valid_at(at) and set(classes) <= set(consent.classes)


def why_not_yet(referral: Referral, consents: list[Consent]) -> list[str]:
    """What stands in the way of sending, as sentences."""
    reasons = []
    if not consents:
        reasons.append(_("The person has not agreed, or no longer agrees, to share anything with %(org)s.") % {"org": referral.to_org})
    if not referral.case.is_open:
        reasons.append(_("The case is closed."))
    if referral.to_org.state != Organisation.State.APPROVED:
        reasons.append(_("%(org)s does not take part at the moment.") % {"org": referral.to_org})
    return reasons
