"""What a donor does about herself by the link of her letter: the link again, another name or address, everything that is kept of her."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.audit.services import record
from saphan.core.errors import NotFound
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.doorway.marks import mark_of
from saphan.portal.exchange.models import Offer, Thanks
from saphan.portal.exchange.offers import CONTACT, HOLDS, locked_offer
from saphan.portal.exchange.states import OfferState
from saphan.portal.mailroom.posting import post

TOLD = ("kind", "item", "quantity", "unit", "from_on", "until_on", "reach_km", "languages", "meets", "language", "state", "asked_at", "confirmed_at")


def send_links_again(*, email: str, at: datetime) -> None:
    """Somebody asks for the links to her offers. A letter goes out where the address is known; the answer is the same (at most one in eight hours)."""
    found = Offer.objects.filter(email_mark=mark_of("exchange", email), erased_at=None).exclude(state__in=[OfferState.ASKED, OfferState.EXPIRED])
    newest = found.order_by("-asked_at").first()
    if newest is not None:
        post("exchange.own", str(newest.pk), key=f"{newest.pk} {at:%Y-%m-%d} {at.hour // 8}")


@transaction.atomic
def correct(*, offer_id: UUID, name: str, phone: str, no_phone: bool, email: str, at: datetime) -> bool:
    """Corrects who the donor is and how she is reached; what is left empty stays as it is.

    A new address counts once its owner has pressed the button behind a letter to it: True when such a letter is on its way.
    """
    offer = _kept(offer_id)
    new: dict[str, str | None] = {field: text for field, text in (("name", name.strip()), ("phone", phone.strip())) if text}
    if no_phone:
        new["phone"] = None
    address = email.strip() if email.strip() and mark_of("exchange", email) != offer.email_mark else ""
    if address:
        new["new_email"] = address
        offer.version += 1
    if new:
        seal(offer, org=PORTAL, **new)
        offer.save(update_fields=[*new, "version"])
        record(by=None, action="exchange:correct_contact", target=offer, at=at, fields=sorted(new))
    if address:
        post("exchange.address", str(offer.pk), key=f"{offer.pk} {offer.version}")
    return bool(address)


@transaction.atomic
def confirm_new_address(*, offer_id: UUID, version: int, at: datetime) -> Offer:
    """The owner of the new address pressed the button: letters go there from now on. Raises NotFound when another one was asked for since."""
    offer = _kept(offer_id)
    if offer.version != version or offer.new_email is None:
        raise NotFound(_("This link does not work any more."))
    address = unseal(offer, "new_email", org=PORTAL)["new_email"] or ""
    seal(offer, org=PORTAL, email=address, new_email=None)
    offer.email_mark = mark_of("exchange", address)
    offer.save(update_fields=["email", "new_email", "email_mark"])
    record(by=None, action="exchange:confirm_address", target=offer, at=at, fields=["email"])
    return offer


@transaction.atomic
def own_data(*, offer_id: UUID, at: datetime) -> Mapping[str, Any]:
    """Everything that is kept of the donor with this offer, for herself. Of checks only which and when: what was found is told by a person."""
    offer = _kept(offer_id)
    opened = unseal(offer, *HOLDS, org=PORTAL)
    named = Thanks.objects.filter(offer=offer).first()
    record(by=None, action="exchange:own_data", target=offer, at=at, fields=CONTACT)
    pledges = offer.pledges.select_related("need").order_by("pledged_at")
    checks = offer.checks.order_by("done_on").values("check_kind", "done_on", "expires_on")
    return {
        "offer": offer.reference,
        "donor": {"kind": offer.donor_kind, "known": offer.tier, "province": offer.province_id, **opened},
        **{name: getattr(offer, name) for name in TOLD},
        "promises": [
            {
                "reference": pledge.reference, "need": pledge.need.reference, "quantity": pledge.quantity, "unit": pledge.need.unit, "state": pledge.state,
                "promised_at": pledge.pledged_at, "agreed_day": pledge.scheduled_on, "arrived": pledge.arrived, "why": pledge.why,
            }
            for pledge in pledges
        ],
        "checks": list(checks),
        "name_on_the_wall": (unseal(named, "wanted", org=PORTAL)["wanted"] or "") if named else "",
    }  # fmt: skip


def _kept(offer_id: UUID) -> Offer:
    offer = locked_offer(offer_id)
    if offer.erased_at is not None:
        raise NotFound
    return offer
