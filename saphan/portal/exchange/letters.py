"""Letters to donors, made when they are sent. They hold the amount and the reference, never a hub's place, a name of ours or a word about survivors."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import ROLES
from saphan.core import clock
from saphan.core.dates import long
from saphan.core.outbox import enqueue_mail
from saphan.core.sealing import unseal
from saphan.portal.doorway.confirming import token_for
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.models import Offer, Pledge
from saphan.portal.exchange.states import OfferState, PledgeState
from saphan.portal.heads import absolute
from saphan.portal.mailroom.letters import Letter
from saphan.portal.mailroom.posting import letter_kind, post

CONFIRM, FOLLOW, ADDRESS = "exchange.confirm", "exchange.follow", "exchange.address"
CONFIRM_LIFETIME, FOLLOW_LIFETIME = timedelta(days=7), timedelta(days=400)
LINKS_AT_MOST = 20  # in one letter: the newest offers of an address


def tell_offer(what: str, offer: Offer) -> None:
    """Writes a letter about an offer to its donor, if she left an address."""
    if offer.email is not None:
        post(f"exchange.{what}", str(offer.pk), key=f"{offer.pk} {offer.version}")


def tell_pledge(what: str, pledge: Pledge, *, of: str = "") -> None:
    """Writes a letter about a pledge to its donor, if she left an address. `of` tells one occasion from another."""
    if pledge.offer.email is not None:
        post(f"exchange.{what}", str(pledge.pk), key=f"{pledge.pk} {of}".strip())


def tell_coordinators(what: str, pledge: Pledge) -> None:
    """Asks the coordinators of the need's organisation to sign in: a donor did something by herself. The mail says nothing of what waits there."""
    roles = [role for role, acts in ROLES.items() if Action.PLEDGE_STEER in acts]
    found = User.objects.filter(is_active=True, org=pledge.need.org_id, grants__role__in=roles, grants__revoked_at=None).distinct()
    for coordinator in found:
        with override(coordinator.language):
            subject, body = _("Something waits for you"), _("Please sign in: %(address)s") % {"address": f"{settings.SITE_URL}/desk/"}
        enqueue_mail(key=f"exchange {what} {pledge.pk} {pledge.version} {coordinator.pk}", to=coordinator.email, subject=subject, body=body)


def confirm_url(offer: Offer) -> str:
    """The page with the one button."""
    return absolute(reverse("exchange:confirm", args=[token_for(CONFIRM, str(offer.pk), lifetime=CONFIRM_LIFETIME, at=clock.now())]))


def address_url(offer: Offer) -> str:
    """The page with the one button, for a new address. The version makes it the last one asked for."""
    subject = f"{offer.pk} {offer.version}"
    return absolute(reverse("exchange:address", args=[token_for(ADDRESS, subject, lifetime=CONFIRM_LIFETIME, at=clock.now())]))


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


@_of_pledge("renewed", PledgeState.PLEDGED, PledgeState.SCHEDULED)
def tell_renewed(pledge: Pledge) -> Letter | None:
    """A lapsed promise stands again."""
    return _letter(
        pledge.offer,
        _("About %(reference)s") % {"reference": pledge.reference},
        _("Your promise stands again: %(amount)s. A coordinator will reach you to agree a day. Please bring nothing before.")
        % {"amount": amount_of(pledge)},
        _("If you do not want that any more, take it back on your page:"),
        follow_url(pledge.offer),
    )


@_of_pledge("failed", PledgeState.FAILED)
def tell_failed(pledge: Pledge) -> Letter | None:
    """It did not come about."""
    return _letter(
        pledge.offer,
        _("About %(reference)s") % {"reference": pledge.reference},
        _("Your promise has ended without a delivery that could be counted: %(amount)s. %(why)s Your offer stays open for other needs.")
        % {"amount": amount_of(pledge), "why": pledge.get_why_display()},
        _("On your page you see where it stands, and take it back if you wish:"),
        follow_url(pledge.offer),
    )


@_of_pledge("returned", PledgeState.RETURNED)
def tell_returned(pledge: Pledge) -> Letter | None:
    """What she brought goes back to her."""
    return _letter(
        pledge.offer,
        _("About %(reference)s") % {"reference": pledge.reference},
        _("What you brought could not be taken and is given back to you: %(amount)s. %(why)s Thank you for your will to help.")
        % {"amount": amount_of(pledge), "why": pledge.get_why_display()},
        follow_url(pledge.offer),
    )


@_of_offer("ended")
def tell_ended(offer: Offer) -> Letter | None:
    """Its time has passed; who she is is kept for a year at most."""
    return _letter(
        offer,
        _("Your offer %(reference)s") % {"reference": offer.reference},
        _("The time of your offer has passed, and nobody works on it any more. Thank you. You are welcome to offer again."),
        _("What we know of you is destroyed a year from now. You can have it erased today, on your page:"),
        follow_url(offer),
    )


@_of_offer("own")
def tell_own(offer: Offer) -> Letter | None:
    """The pages of all offers of one address, for a donor who has lost the links."""
    mine = (
        Offer.objects.filter(email_mark=offer.email_mark, erased_at=None)
        .exclude(email_mark="")
        .exclude(state__in=[OfferState.ASKED, OfferState.EXPIRED])
    )
    pages = [f"{one.reference}: {follow_url(one)}" for one in mine.order_by("-asked_at")[:LINKS_AT_MOST]]
    if not pages:
        return None
    return _letter(
        offer,
        _("The pages of your offers"),
        _(
            "You asked for the links to your offers. On each page you see where the offer stands; there you change it, take it back or have your data erased:"
        ),
        *pages,
        _("You have asked for nothing? Then do nothing: nothing has changed."),
    )


@letter_kind("exchange.address")
def ask_about_new_address(reference: str) -> Letter | None:
    """To an address that a donor wants instead of the former one: one link, one button behind it."""
    offer = Offer.objects.filter(pk=UUID(reference), erased_at=None).first()
    opened = unseal(offer, "new_email", org=PORTAL)["new_email"] if offer is not None and offer.new_email is not None else None
    if offer is None or not opened:
        return None
    with override(offer.language):
        words = [
            _("Somebody gave this address for the offer %(reference)s. Open this page and press the button, so that our letters come here:")
            % {"reference": offer.reference},
            address_url(offer),
            _("The link works for seven days. If it was not you, do nothing: nothing changes."),
            _closing(),
        ]
        return Letter(to=opened, subject=_("Your new address"), text="\n\n".join(words) + "\n", language=offer.language)
