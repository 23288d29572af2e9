"""The letters to a subscriber beside the newsletter itself. None of them names its subject in its head."""

from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from saphan.core import clock
from saphan.portal.mailroom.letters import Letter
from saphan.portal.mailroom.posting import letter_kind
from saphan.portal.newsletter.addressing import neutral_name
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.subscribing import address_of
from saphan.portal.newsletter.ways import confirm_url, leave_url, own_url

AGAIN = gettext_lazy("Somebody, probably you, asked again for our monthly letter. This address receives it already.")
ASKED_FOR = gettext_lazy("Somebody, probably you, asked on our site to change what this address receives from us.")


@letter_kind("newsletter.confirm")
def to_confirm(reference: str) -> Letter | None:
    """Asks the reader of the address whether the request was hers."""
    subscriber = Subscriber.objects.filter(pk=UUID(reference), state=State.ASKED).first()
    if subscriber is None:
        return None
    with override(subscriber.language):
        lines = [
            _("Somebody, probably you, entered this address on our site and asked for our monthly letter."),
            _("If it was you, open this page and press its button. Nothing is sent before that:"),
            confirm_url(subscriber.pk, subscriber.language, at=clock.now()),
            _("If it was not you, do nothing. The request is deleted after a week."),
        ]
        return _letter(subscriber, _("Please confirm your request"), lines)


@letter_kind("newsletter.known")
def known_already(reference: str) -> Letter | None:
    """Tells somebody who asks again that the letter comes already, and how it is changed."""
    return _ways_of(reference, AGAIN)


@letter_kind("newsletter.own")
def own_ways(reference: str) -> Letter | None:
    """The link to the own choices, as asked for on our site."""
    return _ways_of(reference, ASKED_FOR)


def _ways_of(reference: str, why: str | Promise) -> Letter | None:
    subscriber = Subscriber.objects.filter(pk=UUID(reference)).first()
    if subscriber is None:
        return None
    with override(subscriber.language):
        lines = [
            str(why),
            _("Here you change languages, countries and topics, or take your data along:"),
            own_url(subscriber.pk, subscriber.language, at=clock.now()),
            _("Here you leave:"),
            leave_url(subscriber.pk, subscriber.language, at=clock.now()),
        ]
        return _letter(subscriber, _("Your monthly letter"), lines)


def _letter(subscriber: Subscriber, subject: str, lines: list[str]) -> Letter:
    name = neutral_name(subscriber.language) if subscriber.discreet else ""
    return Letter(address_of(subscriber), subject, "\n\n".join(lines) + "\n", language=subscriber.language, sender_name=name)
