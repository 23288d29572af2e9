"""Letters to donors, made when they are sent. They hold the amount and the reference, never a hub's place, a name of ours or a word about survivors."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.core import clock
from saphan.core.dates import long
from saphan.core.sealing import unseal
from saphan.portal.doorway.confirming import token_for
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.models import Offer, Pledge
from saphan.portal.exchange.states import PledgeState
from saphan.portal.heads import absolute
from saphan.portal.mailroom.letters import Letter
from saphan.portal.mailroom.posting import letter_kind, post

CONFIRM, FOLLOW = "exchange.confirm", "exchange.follow"
CONFIRM_LIFETIME, FOLLOW_LIFETIME = timedelta(days=7), timedelta(days=400)


def tell_offer(what: str, offer: Offer) -> None:
    """Writes a letter about an offer to its donor, if she left an address."""
    if offer.email is not None:
        post(f"exchange.{what}", str(offer.pk), key=f"{offer.pk} {offer.version}")


def tell_pledge(what: str, pledge: Pledge, *, of: str = "") -> None:
    """Writes a letter about a pledge to its donor, if she left an address. `of` tells one occasion from another."""
    if pledge.offer.email is not None:
        post(f"exchange.{what}", str(pledge.pk), key=f"{pledge.pk} {of}".strip())


def confirm_url(offer: Offer) -> str:
    """The page with the one button."""
    return absolute(reverse("exchange:confirm", args=[token_for(CONFIRM, str(offer.pk), lifetime=CONFIRM_LIFETIME, at=clock.now())]))


def follow_url(offer: Offer) -> str:
    """The donor's own page of her offer, as a letter names it."""
    return absolute(follow_path(offer))


def follow_path(offer: Offer) -> str:
    """The same inside the site."""
    return reverse("exchange:follow", args=[token_for(FOLLOW, str(offer.pk), lifetime=FOLLOW_LIFETIME, at=clock.now())])


def amount_of(pledge: Pledge) -> str:
    """The amount as words: 3 pieces, mattresses and bedding."""
    return f"{_plain(str(pledge.quantity))} {pledge.need.get_unit_display()}, {pledge.need.get_item_display()}"


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _letter(offer: Offer, subject: str, *paragraphs: str) -> Letter | None:
    opened = unseal(offer, "email", org=PORTAL)["email"] if offer.email is not None else None
    if not opened:
        return None
    return Letter(to=opened, subject=subject, text="\n\n".join([*paragraphs, _closing()]) + "\n", language=offer.language)


def _closing() -> str:
    return _("This letter was written by Saphan, a web resource for combating human trafficking. Nobody reads answers to it.")


def _of_offer(kind: str) -> Callable[[Callable[[Offer], Letter | None]], Callable[[str], Letter | None]]:
    """Registers the maker of a letter about an offer, in the donor's language; an erased offer gets none."""

    def register(write: Callable[[Offer], Letter | None]) -> Callable[[str], Letter | None]:
        @letter_kind(f"exchange.{kind}")
        def make(reference: str) -> Letter | None:
            offer = Offer.objects.filter(pk=UUID(reference), erased_at=None).first()
            if offer is None:
                return None
            with override(offer.language):
                return write(offer)

        return make

    return register


def _of_pledge(kind: str, *states: PledgeState) -> Callable[[Callable[[Pledge], Letter | None]], Callable[[str], Letter | None]]:
    """As `_of_offer` for a pledge; one that has moved on meanwhile gets no letter about where it stood."""

    def register(write: Callable[[Pledge], Letter | None]) -> Callable[[str], Letter | None]:
        @letter_kind(f"exchange.{kind}")
        def make(reference: str) -> Letter | None:
            pledge = Pledge.objects.select_related("offer", "need").filter(pk=UUID(reference), state__in=states, offer__erased_at=None).first()
            if pledge is None:
                return None
            with override(pledge.offer.language):
                return write(pledge)

        return make

    return register


@_of_offer("confirm")
def ask_to_confirm(offer: Offer) -> Letter | None:
    """The first letter: one link, one button behind it."""
    return _letter(
        offer,
        _("Please confirm your offer %(reference)s") % {"reference": offer.reference},
        _("Thank you for your offer. Open this page and press the button, so that we know that the address is yours:"),
        confirm_url(offer),
        _("The link works for seven days. If you have offered nothing, do nothing: what was typed is then destroyed."),
    )


@_of_offer("received")
def tell_received(offer: Offer) -> Letter | None:
    """The letter with the donor's own page."""
    return _letter(
        offer,
        _("Your offer %(reference)s") % {"reference": offer.reference},
        _("Your offer is confirmed. On your page you see at any time where it stands; there you change it, take it back or have your data erased:"),
        follow_url(offer),
        _("Keep this link to yourself: whoever has it can do the same. Please bring nothing before we have agreed a day with you."),
    )


@_of_offer("refused")
def tell_refused(offer: Offer) -> Letter | None:
    """The offer cannot be taken."""
    return _letter(
        offer,
        _("Your offer %(reference)s") % {"reference": offer.reference},
        _("Thank you for your offer. We cannot take it at this time. Nothing more is to be done by you; your data can be erased on your page:"),
        follow_url(offer),
    )


@_of_pledge("matched", PledgeState.PLEDGED, PledgeState.SCHEDULED)
def tell_matched(pledge: Pledge) -> Letter | None:
    """Somebody needs what she offers."""
    return _letter(
        pledge.offer,
        _("Your offer %(reference)s is needed") % {"reference": pledge.offer.reference},
        _("What you offered is needed: %(amount)s. A coordinator will reach you to agree a day. Please bring nothing before.")
        % {"amount": amount_of(pledge)},
        follow_url(pledge.offer),
    )


@_of_pledge("scheduled", PledgeState.SCHEDULED)
def tell_scheduled(pledge: Pledge) -> Letter | None:
    """The agreed day. The place is told by telephone."""
    day = long(pledge.scheduled_on) if pledge.scheduled_on else ""
    return _letter(
        pledge.offer,
        _("The day for %(reference)s") % {"reference": pledge.reference},
        _("We expect you on %(day)s: %(amount)s.") % {"day": day, "amount": amount_of(pledge)},
        _(
            "A coordinator tells you by telephone where to come. Please write the place down nowhere and send it to nobody: people's safety hangs on it."
        ),
        _("If the day does not suit you, say so on your page:"),
        follow_url(pledge.offer),
    )


@_of_pledge("thanks", PledgeState.THANKED, PledgeState.CLOSED)
def tell_thanks(pledge: Pledge) -> Letter | None:
    """Thanks for what arrived."""
    return _letter(
        pledge.offer,
        _("Thank you for %(reference)s") % {"reference": pledge.reference},
        _("Your gift has arrived and was counted: %(amount)s. Thank you.") % {"amount": amount_of(pledge)},
        _("We tell nobody's story, so we cannot say who has it now. If you like, your name, or another one, stands on our thank-you wall:"),
        follow_url(pledge.offer),
    )


@_of_pledge("declined", PledgeState.DECLINED)
def tell_declined(pledge: Pledge) -> Letter | None:
    """The organisation cannot take it."""
    return _letter(
        pledge.offer,
        _("About %(reference)s") % {"reference": pledge.reference},
        _("Thank you for %(amount)s. It cannot be taken here: %(why)s Your offer stays open for other needs, unless you take it back on your page:")
        % {"amount": amount_of(pledge), "why": pledge.get_why_display()},
        follow_url(pledge.offer),
    )


@_of_pledge("lapsed", PledgeState.LAPSED)
def tell_lapsed(pledge: Pledge) -> Letter | None:
    """Its time ran out."""
    return _letter(
        pledge.offer,
        _("About %(reference)s") % {"reference": pledge.reference},
        _("No delivery of %(amount)s came about in time, so others may help now. If you still want to help, your offer stands on your page:")
        % {"amount": amount_of(pledge)},
        follow_url(pledge.offer),
    )
