"""What a reader does with a subscription: ask, confirm, change, leave, take the own data along, be forgotten.

The acts are the reader's own: a signed link from a letter stands in place of an account. The audit names the subscription and no address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

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
REFUSED_KEPT = timedelta(days=90)  # an address that takes no mail is of no use to anybody
LETTERS_A_DAY = 3  # to one address, whoever asks: nobody fills the mailbox of another with our requests


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. Empty countries or topics mean all."""

    language: str
    countries: Sequence[str] = ()
    topics: Sequence[str] = ()
    discreet: bool = False
    more_languages: Sequence[str] = ()


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
    same_day = known is not None and at - subscriber.asked_at < timedelta(days=1)
    if same_day and subscriber.asked_times >= LETTERS_A_DAY:
        return
    _put(subscriber, wish)
    subscriber.state, subscriber.refused_at = LIFE.target("ask", subscriber.state), None
    subscriber.consent_version, subscriber.consent_language, subscriber.consented_at = consent.VERSION, wish.language, at
    subscriber.asked_times = subscriber.asked_times + 1 if same_day else 1
    if not same_day:
        subscriber.asked_at = at
    if not _saved(subscriber):
        return  # the same address asked at the same moment; its letter is on its way
    refusals.lift(email)
    record(by=None, action="newsletter:ask", target=subscriber, at=at)
    post("newsletter.confirm", subscriber.pk.hex, key=f"{subscriber.pk.hex} {subscriber.asked_at:%Y-%m-%d %H:%M} {subscriber.asked_times}")


def _saved(subscriber: Subscriber) -> bool:
    """Saves; false when another request has made the same address known meanwhile."""
    try:
        with transaction.atomic():
            subscriber.save()
    except IntegrityError:
        return False
    return True


@transaction.atomic
def ask_for_ways(*, email: str, at: datetime) -> None:
    """Somebody asks for the link to the own choices. A letter goes out where the address is known; the answer is the same (R11)."""
    known = Subscriber.objects.filter(mark=mark_for(email)).first()
    if known is not None:
        post("newsletter.own", known.pk.hex, key=f"{known.pk.hex} {at:%Y-%m-%d} {at.hour // 8}")


def new_subscriber(email: str, at: datetime, *, consent_words: str | None = None) -> Subscriber:
    """A subscriber, not saved, whose address is sealed, with how a list says that consent was given."""
    subscriber = Subscriber(mark=mark_for(email), mail_mark=refusals.mark_of_address(email), asked_at=at, consented_at=at)
    seal(subscriber, org=PORTAL, email=email.strip(), consent_words=consent_words)
    return subscriber


def _put(subscriber: Subscriber, wish: Wish) -> None:
    subscriber.language, subscriber.discreet = wish.language, wish.discreet
    subscriber.countries, subscriber.topics = sorted(wish.countries), sorted(wish.topics)
    subscriber.more_languages = sorted(set(wish.more_languages) - {wish.language})


@transaction.atomic
def confirm(*, subscriber_id: UUID, at: datetime) -> Subscriber:
    """The reader of the address says yes. Saying it again changes nothing. Raises NotFound when it was forgotten meanwhile."""
    subscriber = _locked(subscriber_id)
    if subscriber.state == State.CONFIRMED:
        return subscriber
    subscriber.state = LIFE.target("confirm", subscriber.state)
    subscriber.confirmed_at, subscriber.refused_at = at, None
    subscriber.save(update_fields=["state", "confirmed_at", "refused_at"])
    Departed.objects.filter(mark=subscriber.mark).delete()
    record(by=None, action="newsletter:confirm", target=subscriber, at=at)
    return subscriber


@transaction.atomic
def change(*, subscriber_id: UUID, wish: Wish, at: datetime) -> Subscriber:
    """The reader chooses other languages, countries or topics."""
    subscriber = _locked(subscriber_id)
    _put(subscriber, wish)
    fields = ["language", "more_languages", "countries", "topics", "discreet"]
    subscriber.save(update_fields=fields)
    record(by=None, action="newsletter:change", target=subscriber, at=at, fields=fields)
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
    record(by=None, action="newsletter:own_data", target=subscriber, at=at, fields=["email", "consent_words"])
    opened = unseal(subscriber, "email", "consent_words", org=PORTAL)
    return {
        "email": opened["email"],
        "language": subscriber.language,
        "more_languages": subscriber.more_languages,
        "countries": subscriber.countries,
        "topics": subscriber.topics,
        "discreet": subscriber.discreet,
        "state": subscriber.state,
        "asked_at": subscriber.asked_at,
        "confirmed_at": subscriber.confirmed_at,
        "consent": {
            "version": subscriber.consent_version,
            "text": opened["consent_words"] or str(consent.TEXTS.get(subscriber.consent_version, "")),
            "given_at": subscriber.consented_at,
            "language": subscriber.consent_language,
        },
        "source": subscriber.source,
    }


def consent_of(subscriber: Subscriber) -> str:
    """The words of the consent: our own text, or what the list said that she came with. For their owner."""
    return unseal(subscriber, "consent_words", org=PORTAL)["consent_words"] or str(consent.TEXTS.get(subscriber.consent_version, ""))


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
        subscriber.state, subscriber.refused_at = LIFE.target("refuse", subscriber.state), at
        subscriber.save(update_fields=["state", "refused_at"])
        record(by=None, action="newsletter:refuse", target=subscriber, at=at)


@chore("newsletter requests")
def forget_unconfirmed(at: datetime) -> int:
    """Deletes requests that nobody confirmed within a week, and addresses that have taken no mail for three months; returns how many."""
    unconfirmed = Subscriber.objects.filter(state=State.ASKED, asked_at__lt=at - UNCONFIRMED_KEPT)
    refused = Subscriber.objects.filter(state=State.REFUSED, refused_at__lt=at - REFUSED_KEPT)
    return sum(rows.delete()[0] for rows in (unconfirmed, refused))
