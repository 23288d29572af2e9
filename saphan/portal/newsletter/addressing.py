"""Turns rows into letters: the text rendered once for each edition, the address opened by the handful, the ways out made for each reader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import override

from saphan.core import clock
from saphan.core.mail import message_id
from saphan.core.sealing import Broken, KeyMissing, unseal, unseal_many
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.mailroom.addresses import bounce_address
from saphan.portal.mailroom.bulk import Master, Piece, slot
from saphan.portal.mailroom.letters import Letter, own_domain
from saphan.portal.mailroom.refusals import refused_among
from saphan.portal.newsletter.digest import Digest, Ways, as_html, as_text, digest_of, neutral_subject
from saphan.portal.newsletter.issue_states import Why
from saphan.portal.newsletter.issues import Delivery, Edition, Issue
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.ways import leave_url, own_url

SLOTS = ("to", "id", "leave", "preferences")
Face = tuple[object, bool]  # an edition, and whether its sender and subject say nothing


@dataclass(frozen=True)
class Handful:
    """What of a handful of rows can go, and why the rest cannot."""

    going: Sequence[tuple[Delivery, str]] = field(repr=False)
    left_out: dict[int, str]


def letter_of(digest: Digest, ways: Ways, *, to: str, id: str, discreet: bool) -> Letter:  # the name of the header
    """An edition as a letter; `to`, `id` and the ways may be slots."""
    return Letter(
        to=to,
        subject=neutral_subject(digest) if discreet else digest.subject,
        text=as_text(digest, ways, discreet=discreet),
        html=as_html(digest, ways, discreet=discreet),
        language=digest.language,
        sender_name=neutral_name(digest.language) if discreet else "",
        message_id=id,
        headers=(
            ("List-Id", f"<letters.{own_domain()}>"),
            ("List-Unsubscribe", f"<{ways.leave}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Precedence", "bulk"),
        ),
    )


def neutral_name(language: str) -> str:
    """The sender's name for who chose discreet letters."""
    with override(language):
        return settings.NEWSLETTER_DISCREET_NAME or parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[0]


def identity_of(issue_id: object, subscriber_id: object) -> str:
    """The Message-ID of the letter to one reader: the same however often it is sent, so that a mail program shows it once."""
    return message_id(f"newsletter {issue_id} {subscriber_id}")


class Desk:
    """Writes the letters of one issue. Keeps one rendered letter for each edition and face, and nothing of any reader."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self._masters: dict[Face, Master] = {}

    def sorted_out(self, rows: Sequence[Delivery]) -> Handful:
        """Who of these still wants the letter and can get it, with the address. Three queries, however many."""
        left_out: dict[int, str] = {}
        wanted = []
        refused = refused_among([row.subscriber.mail_mark for row in rows if row.subscriber])
        for row in rows:
            why = _why_not(row, refused)
            if why:
                left_out[row.pk] = why
            else:
                wanted.append(row)
        going = []
        for row, address in zip(wanted, _opened([row.subscriber for row in wanted if row.subscriber]), strict=True):
            if address and address.isascii() and not set(address) & set("<>\r\n \0"):
                self._master(row, discreet=row.subscriber is not None and row.subscriber.discreet)  # here, not in the thread of a line
                going.append((row, address))
            else:
                left_out[row.pk] = Why.BROKEN
        return Handful(going, left_out)

    def pieces(self, handful: Handful) -> Iterator[Piece]:
        """The letters, each made when it is asked for."""
        at = clock.now()
        for row, address in handful.going:
            subscriber = row.subscriber
            assert subscriber is not None
            content = self._master(row, discreet=subscriber.discreet).filled(
                to=address,
                id=identity_of(self.issue.pk, subscriber.pk),
                leave=leave_url(subscriber.pk, subscriber.language, at=at),
                preferences=own_url(subscriber.pk, subscriber.language, at=at),
            )
            yield Piece(str(row.pk), bounce_address(address), address, content)

    def _master(self, row: Delivery, *, discreet: bool) -> Master:
        edition_id = row.edition_id
        assert edition_id is not None  # a row without an edition was left out
        face: Face = (edition_id, discreet)
        if face not in self._masters:
            digest = digest_of(Edition.objects.select_related("issue").get(pk=edition_id))
            ways = Ways(slot("leave"), slot("preferences"))
            self._masters[face] = Master(letter_of(digest, ways, to=slot("to"), id=slot("id"), discreet=discreet), SLOTS)
        return self._masters[face]


def _why_not(row: Delivery, refused: set[str]) -> str:
    subscriber = row.subscriber
    if subscriber is None or (subscriber.state != State.CONFIRMED and subscriber.state != State.REFUSED):
        return Why.LEFT
    if subscriber.state == State.REFUSED or subscriber.mail_mark in refused:
        return Why.SUPPRESSED
    return "" if row.edition_id else Why.EMPTY


def _opened(subscribers: Sequence[Subscriber]) -> list[str]:
    """The addresses; empty where one cannot be opened, so that one damaged row does not hold up all others."""
    try:
        return [one["email"] or "" for one in unseal_many(subscribers, "email", org=PORTAL)]
    except (Broken, KeyMissing):
        return [_one(subscriber) for subscriber in subscribers]


def _one(subscriber: Subscriber) -> str:
    try:
        return unseal(subscriber, "email", org=PORTAL)["email"] or ""
    except (Broken, KeyMissing):
        return ""
