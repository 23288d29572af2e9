"""Turns rows into letters: the text rendered once for each edition, the address opened by the handful, the ways out made for each reader."""

from collections import OrderedDict
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
from saphan.portal.newsletter.choosing import Selection, Taste
from saphan.portal.newsletter.digest import Digest, Ways, as_html, as_text, digest_of, neutral_subject
from saphan.portal.newsletter.issue_states import Why
from saphan.portal.newsletter.issues import Delivery, Edition, Issue, Item
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.queueing import chooser
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.ways import leave_url, own_url

SLOTS = ("to", "id", "leave", "preferences")
MASTERS_KEPT = 1000  # rendered letters of an issue that are kept at once, some 30 kB each
Face = tuple[Selection, bool]  # what it tells, and whether its sender and subject say nothing


@dataclass(frozen=True)
class Handful:
    """What of a handful of rows can go, and why the rest cannot."""

    going: Sequence[tuple[Delivery, str, Master]] = field(repr=False)
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


def identity_of(issue_id: object, subscriber_id: object, language: str = "") -> str:
    """The Message-ID of the letter to one reader: the same however often it is sent, so that a mail program shows it once."""
    return message_id(f"newsletter {issue_id} {subscriber_id} {language}".strip())


class Desk:
    """Writes the letters of one issue. Renders once what several wish alike, and keeps nothing of any reader."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self._choose = chooser(issue)
        self._masters: OrderedDict[Face, Master] = OrderedDict()

    def sorted_out(self, rows: Sequence[Delivery]) -> Handful:
        """Who of these still wants the letter and can get it, with the address. Three queries, however many."""
        left_out: dict[int, str] = {}
        wanted: list[tuple[Delivery, Selection]] = []
        refused = refused_among([row.subscriber.mail_mark for row in rows if row.subscriber])
        for row in rows:
            selection, why = self._chosen_for(row, refused)
            if selection is None or why:
                left_out[row.pk] = why or Why.EMPTY
            else:
                wanted.append((row, selection))
        going = []
        addresses = _opened([row.subscriber for row, _selection in wanted if row.subscriber])
        for (row, selection), address in zip(wanted, addresses, strict=True):
            if address and address.isascii() and not set(address) & set("<>\r\n \0"):
                discreet = row.subscriber is not None and row.subscriber.discreet
                going.append((row, address, self._master(selection, discreet=discreet)))  # rendered here, not in the thread of a line
            else:
                left_out[row.pk] = Why.BROKEN
        return Handful(going, left_out)

    def _chosen_for(self, row: Delivery, refused: set[str]) -> tuple[Selection | None, str]:
        """What this reader gets by the wishes of now, or why nothing."""
        subscriber = row.subscriber
        if subscriber is None or (why := _why_not(row, subscriber, refused)):
            return None, Why.LEFT if subscriber is None else why
        selection, missing = self._choose(Taste(row.language or subscriber.language, tuple(subscriber.countries), tuple(subscriber.topics)))
        if missing == Why.EMPTY and row.edition is not None and row.edition.withdrawn_at is not None:
            missing = Why.WITHDRAWN
        return selection, missing or ""

    def pieces(self, handful: Handful) -> Iterator[Piece]:
        """The letters, each made when it is asked for."""
        at = clock.now()
        for row, address, master in handful.going:
            subscriber = row.subscriber
            assert subscriber is not None
            language = row.language or subscriber.language
            content = master.filled(
                to=address,
                id=identity_of(self.issue.pk, subscriber.pk, row.language),
                leave=leave_url(subscriber.pk, language, at=at),
                preferences=own_url(subscriber.pk, language, at=at),
            )
            yield Piece(str(row.pk), bounce_address(address), address, content)

    def _master(self, selection: Selection, *, discreet: bool) -> Master:
        """The rendered letter; the one that was longest not asked for makes room for a new one."""
        face: Face = (selection, discreet)
        if face not in self._masters:
            edition = Edition.objects.select_related("issue").get(pk=selection.edition)
            digest = digest_of(edition, list(Item.objects.filter(pk__in=selection.items)), places=selection.places)
            ways = Ways(slot("leave"), slot("preferences"))
            self._masters[face] = Master(letter_of(digest, ways, to=slot("to"), id=slot("id"), discreet=discreet), SLOTS)
            if len(self._masters) > MASTERS_KEPT:
                self._masters.popitem(last=False)
        self._masters.move_to_end(face)
        return self._masters[face]


def _why_not(row: Delivery, subscriber: Subscriber, refused: set[str]) -> str:
    if subscriber.state != State.CONFIRMED and subscriber.state != State.REFUSED:
        return Why.LEFT
    if subscriber.state == State.REFUSED or subscriber.mail_mark in refused:
        return Why.SUPPRESSED
    return Why.LANGUAGE if row.language and row.language not in subscriber.more_languages else ""


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
