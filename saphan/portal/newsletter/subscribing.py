"""What a reader does with a subscription: ask, confirm, change, leave, take the own data along, be forgotten.

The acts are the reader's own: a signed link from a letter stands in place of an account. The audit names the subscription and no address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from saphan.audit.services import record
from saphan.core.errors import NotFound
from saphan.core.sealing import seal, unseal
from saphan.core.upkeep import chore
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.doorway.marks import mark_of
from saphan.portal.mailroom import refusals
from saphan.portal.mailroom.posting import post
from saphan.portal.newsletter import consent
from saphan.portal.newsletter.models import Departed, Subscriber
from saphan.portal.newsletter.states import LIFE, State

UNCONFIRMED_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. Empty countries or topics mean all."""

    language: str
    countries: Sequence[str] = ()
    topics: Sequence[str] = ()
    discreet: bool = False


def mark_for(email: str) -> str:
    """The mark by which an address is found among the subscribers and among those who left."""
    return mark_of("newsletter", email)


@transaction.atomic
def ask(*, email: str, wish: Wish, at: datetime) -> None:
    """Somebody asks for the newsletter. A letter goes to the address, and only its reader can confirm.

    What this answers and does is the same to see for an address that is new, waits, or receives already (R11).
    """
    known = Subscriber.objects.select_for_update().filter(mark=mark_for(email)).first()
    if known is not None and known.state == State.CONFIRMED:
        post("newsletter.known", known.pk.hex, key=f"{known.pk.hex} {at:%Y-%m-%d}")
        return
    subscriber = known or new_subscriber(email, at)
    _put(subscriber, wish)
    subscriber.state = LIFE.target("ask", subscriber.state)
    subscriber.consent_version, subscriber.consent_language, subscriber.consented_at = consent.VERSION, wish.language, at
    subscriber.asked_times = subscriber.asked_times + 1 if known else 1
    subscriber.asked_at = at
    subscriber.save()
    refusals.lift(email)
    record(by=None, action="newsletter:ask", target=subscriber, at=at)
    post("newsletter.confirm", subscriber.pk.hex, key=f"{subscriber.pk.hex} {at:%Y-%m-%dT%H}")


def new_subscriber(email: str, at: datetime) -> Subscriber:
    """A subscriber, not saved, whose address is sealed."""
    subscriber = Subscriber(mark=mark_for(email), mail_mark=refusals.mark_of_address(email), asked_at=at, consented_at=at)
    seal(subscriber, org=PORTAL, email=email.strip())
    return subscriber


def _put(subscriber: Subscriber, wish: Wish) -> None:
    subscriber.language, subscriber.discreet = wish.language, wish.discreet
    subscriber.countries, subscriber.topics = sorted(wish.countries), sorted(wish.topics)


@transaction.atomic
def confirm(*, subscriber_id: UUID, at: datetime) -> Subscriber:
    """The reader of the address says yes. Saying it again changes nothing. Raises NotFound when it was forgotten meanwhile."""
    subscriber = _locked(subscriber_id)
    if subscriber.state == State.CONFIRMED:
        return subscriber
    subscriber.state = LIFE.target("confirm", subscriber.state)
    subscriber.confirmed_at = at
    subscriber.save(update_fields=["state", "confirmed_at"])
    Departed.objects.filter(mark=subscriber.mark).delete()
    record(by=None, action="newsletter:confirm", target=subscriber, at=at)
    return subscriber


@transaction.atomic
def change(*, subscriber_id: UUID, wish: Wish, at: datetime) -> Subscriber:
    """The reader chooses other languages, countries or topics."""
    subscriber = _locked(subscriber_id)
    _put(subscriber, wish)
    subscriber.save(update_fields=["language", "countries", "topics", "discreet"])
    record(by=None, action="newsletter:change", target=subscriber, at=at, fields=["language", "countries", "topics", "discreet"])
    return subscriber


@transaction.atomic
def leave(*, subscriber_id: UUID, at: datetime) -> bool:
    """The reader leaves. The address is deleted; its mark remains, so that no list brings it back. False when it had left before."""
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        return False
    LIFE.target("leave", subscriber.state)
    Departed.objects.update_or_create(mark=subscriber.mark, defaults={"at": at})
    record(by=None, action="newsletter:leave", target=subscriber, at=at)
    subscriber.delete()
    return True


def own_data(*, subscriber_id: UUID, at: datetime) -> Mapping[str, Any]:
    """Everything that is kept about this reader, in words of the form. The reading is in the audit."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        raise NotFound
    record(by=None, action="newsletter:own_data", target=subscriber, at=at, fields=["email"])
    return {
        "email": unseal(subscriber, "email", org=PORTAL)["email"],
        "language": subscriber.language,
        "countries": subscriber.countries,
        "topics": subscriber.topics,
        "discreet": subscriber.discreet,
        "state": subscriber.state,
        "asked_at": subscriber.asked_at,
        "confirmed_at": subscriber.confirmed_at,
        "consent": {
            "version": subscriber.consent_version,
            "text": str(consent.TEXTS.get(subscriber.consent_version, subscriber.consent_version)),
            "given_at": subscriber.consented_at,
            "language": subscriber.consent_language,
        },
        "source": subscriber.source,
    }


def address_of(subscriber: Subscriber) -> str:
    """The address, opened. For letters to its owner."""
    return unseal(subscriber, "email", org=PORTAL)["email"] or ""


def _locked(subscriber_id: UUID) -> Subscriber:
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        raise NotFound
    return subscriber


def hear_refusal(mark: str, _kind: str, at: datetime) -> None:
    """An address does not take our letters: its subscription rests until its owner asks again."""
    for subscriber in Subscriber.objects.select_for_update().filter(mail_mark=mark, state__in=[State.ASKED, State.CONFIRMED]):
        subscriber.state = LIFE.target("refuse", subscriber.state)
        subscriber.save(update_fields=["state"])
        record(by=None, action="newsletter:refuse", target=subscriber, at=at)


@chore("newsletter requests")
def forget_unconfirmed(at: datetime) -> int:
    """Deletes requests that nobody confirmed within a week; returns how many."""
    return Subscriber.objects.filter(state=State.ASKED, asked_at__lt=at - UNCONFIRMED_KEPT).delete()[0]
