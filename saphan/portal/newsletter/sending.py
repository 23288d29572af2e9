"""Sends an issue: paced, in handfuls, so that whatever ends the process nobody gets it twice (docs/adr/0029).

The order is everything. A handful of rows is marked *in flight* and committed; each letter is written into the journal before its last
byte may leave; each answer is written there when it comes; then the rows are settled. Who finds an open run whose writer is dead reads
its journal: answered letters are settled by their answer, letters begun without an answer are uncertain and never sent again by
itself, letters never begun wait again.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from saphan.audit.services import record
from saphan.core import clock
from saphan.core.faults import point
from saphan.core.ids import new_id
from saphan.portal.mailroom.bulk import Outcome, Piece, State
from saphan.portal.newsletter import journal
from saphan.portal.newsletter.addressing import Desk
from saphan.portal.newsletter.carrying import Carrier, Lines
from saphan.portal.newsletter.issue_states import LIFE, WAITING, Fate, IssueState
from saphan.portal.newsletter.issues import Delivery, Issue, Run
from saphan.portal.newsletter.queueing import queue_letters
from saphan.portal.newsletter.scheduling import leave_out_the_rest

HANDFUL = 250
SLICE = 20.0  # seconds that a worker stays with one issue before other messages have their turn
LOOK = 0.4  # seconds between two looks whether the issue is still to be sent
LEASE = timedelta(minutes=1)  # after this without a sign of life a sender on another machine counts as dead
PAUSES = [timedelta(minutes=m) for m in (5, 15, 45, 120, 240, 360)]  # before a letter that was put off is tried again
HUNG_UP = 3  # attempts after which a letter that never left lets the others go before it
GIVE_UP = timedelta(hours=24)  # counted from the beginning of the issue

log = logging.getLogger(__name__)


class Left(Enum):
    """How a slice ended."""

    NOTHING = "nothing"  # to do: sent, held, or put off for later
    MORE = "more"
    BUSY = "busy"  # another sender is at work


class Superseded(Exception):
    """Another sender has closed this run: it writes and sends nothing any more."""


@dataclass(frozen=True)
class Settled:
    """What is written of one letter."""

    fate: str
    code: int = 0
    why: str = ""
    due_at: datetime | None = None


def send_slice(issue_id: UUID, *, seconds: float = SLICE, carry: Callable[[], Carrier] = Lines) -> Left:
    """Works on an issue for so long, as its only sender, after settling what senders that died have left."""
    issue = Issue.objects.filter(pk=issue_id, state=IssueState.SENDING).first()
    if issue is None:
        return Left.NOTHING
    if not settle_the_dead(issue):
        return Left.BUSY
    run_id = new_id()
    with journal.Journal(run_id) as book:
        run = _opened(issue, run_id)
        if run is None:
            journal.forget(run_id)
            return Left.BUSY
        left = Sender(issue, run, book, carry).work(seconds)
        _close(run)
    journal.forget(run_id)
    return left


def _opened(issue: Issue, run_id: UUID) -> Run | None:
    """The run, None where another is open: the constraint decides."""
    at = clock.now()
    try:
        with transaction.atomic():
            return Run.objects.create(pk=run_id, issue=issue, begun_at=at, beat_at=at)
    except IntegrityError:
        return None


def _close(run: Run) -> None:
    """Ends a run whose letters are settled."""
    with transaction.atomic():
        Run.objects.filter(pk=run.pk, ended_at=None).update(ended_at=clock.now())


def settle_the_dead(issue: Issue) -> bool:
    """Settles the letters of runs whose senders have died; false while one lives, or may live on another machine."""
    for run in issue.runs.filter(ended_at=None):
        at = clock.now()
        here = journal.path_of(run.pk).exists()
        if not here and at - run.beat_at < LEASE and run.beat_at - at < LEASE:
            return False
        try:
            with journal.taken_over(run.pk) as told:
                settle_by_journal(run, told, at)
        except journal.StillAlive:
            return False
        journal.forget(run.pk)
    return True


@transaction.atomic
def settle_by_journal(run: Run, told: journal.Told, at: datetime) -> None:
    """Ends a dead sender's run: each of its letters gets the fate that the journal proves, and *uncertain* where it proves none."""
    Run.objects.select_for_update().get(pk=run.pk)
    issue = Issue.objects.get(pk=run.issue_id)
    rows = list(Delivery.objects.filter(run=run, state=Fate.IN_FLIGHT).only("pk", "attempts"))
    write_fates(run, rows, {row.pk: _proved(row, told, issue, at) for row in rows}, at)
    Run.objects.filter(pk=run.pk).update(ended_at=at)
    log.warning("newsletter: a sender had died; %s letters of its run are settled by its journal", len(rows))


def _proved(row: Delivery, told: journal.Told, issue: Issue, at: datetime) -> Settled:
    if row.pk in told.answered:
        return settled(told.answered[row.pk], row.attempts, issue, at)
    if row.pk in told.begun or not told.whole:
        return Settled(Fate.UNCERTAIN)
    return Settled(Fate.QUEUED)


def settled(code: int, attempts: int, issue: Issue, at: datetime) -> Settled:
    """The fate of a letter by the mail server's answer (RFC 5321, 4.2.1); 0 is none: the letter did not leave and waits again.

    From the third attempt on it is put off like one that was refused for now: a letter on which the server hangs up would stop all behind it.
    """
    if code == 0 and attempts < HUNG_UP:
        return Settled(Fate.QUEUED)
    if 200 <= code < 400:
        return Settled(Fate.SENT, code)
    due_at = at + PAUSES[min(attempts, len(PAUSES)) - 1]
    if code < 500 and due_at < (issue.begun_at or at) + GIVE_UP:
        return Settled(Fate.DEFERRED, code, due_at=due_at)
    return Settled(Fate.REFUSED, code)


def write_fates(run: Run, rows: Sequence[Delivery], fates: dict[int, Settled], at: datetime) -> None:
    """Writes the fates of letters that this run holds, one statement for each fate."""
    groups: dict[Settled, list[int]] = defaultdict(list)
    for row in rows:
        groups[fates[row.pk]].append(row.pk)
    for fate, pks in groups.items():
        Delivery.objects.filter(pk__in=pks, run=run, state=Fate.IN_FLIGHT).update(
            state=fate.fate, code=fate.code, why=fate.why, due_at=fate.due_at, run=None, changed_at=at
        )


class Sender:
    """The one sender of an issue, for one slice."""

    def __init__(self, issue: Issue, run: Run, book: journal.Journal, carry: Callable[[], Carrier]) -> None:
        self.issue, self.run, self.book, self.carry = issue, run, book, carry
        self.desk = Desk(issue)
        self.halted = False
        self.next_look = self.next_letter = time.monotonic()
        self.until = 0.0

    def work(self, seconds: float) -> Left:
        """Queues, sends, and notices the end. Leaves no letter in flight behind."""
        self.until = time.monotonic() + seconds
        if self.issue.queued_at is None and not queue_letters(self.issue, at=clock.now(), go_on=self._goes_on):
            return self._end() if self.halted else Left.MORE
        with self.carry() as line:
            while self._goes_on():
                rows = self._claim()
                if not rows:
                    break
                self._send(rows, line)
                if line.failed:
                    self._end()  # cancelled meanwhile: no clock asks again
                    return Left.NOTHING  # the mail server is away; the clock asks again within a minute
        return self._end()

    def _goes_on(self) -> bool:
        self._look()
        return not self.halted and time.monotonic() < self.until

    def _look(self) -> None:
        """Asks now and then whether the issue is still to be sent, and leaves a sign of life."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK
        is_mine = Run.objects.filter(pk=self.run.pk, ended_at=None).update(beat_at=clock.now())
        state = Issue.objects.filter(pk=self.issue.pk).values_list("state", flat=True).first()
        self.halted = not is_mine or state != IssueState.SENDING

    @transaction.atomic
    def _claim(self) -> list[Delivery]:
        """The next handful, marked and committed before anything of it leaves. Raises Superseded when this run was closed by another."""
        at = clock.now()
        state = Issue.objects.select_for_update().values_list("state", flat=True).get(pk=self.issue.pk)
        if not Run.objects.filter(pk=self.run.pk, ended_at=None).update(beat_at=at):
            raise Superseded
        if state != IssueState.SENDING:
            return []
        mine = Delivery.objects.filter(issue=self.issue.pk)
        pks = list(mine.filter(state=Fate.QUEUED).order_by("id").values_list("pk", flat=True)[:HANDFUL])
        pks = pks or list(mine.filter(state=Fate.DEFERRED, due_at__lte=at).order_by("id").values_list("pk", flat=True)[:HANDFUL])
        held = Delivery.objects.filter(pk__in=pks)
        held.update(state=Fate.IN_FLIGHT, run=self.run, attempts=F("attempts") + 1, due_at=None, changed_at=at)
        return list(held.select_related("subscriber", "edition").order_by("id"))

    def _send(self, rows: list[Delivery], line: Carrier) -> None:
        """One handful: what cannot go is left out, the rest goes; whatever was not begun waits again."""
        point("newsletter:after_claim")
        by_key, begun = {str(row.pk): row for row in rows}, set[str]()
        handful = self.desk.sorted_out(rows)
        fates = {pk: Settled(Fate.SKIPPED, why=why) for pk, why in handful.left_out.items()}

        def before(key: str) -> None:
            self.book.sending(int(key))
            begun.add(key)

        for outcome in line.send(self._paced(self.desk.pieces(handful)), before):
            if outcome is not None:
                row = by_key[outcome.key]
                fates[row.pk] = self._heard(outcome, row)
            self._look()
        point("newsletter:before_settle")
        for row in rows:
            fates.setdefault(row.pk, Settled(Fate.UNCERTAIN if str(row.pk) in begun else Fate.QUEUED))
        with transaction.atomic():
            write_fates(self.run, rows, fates, clock.now())

    def _heard(self, outcome: Outcome, row: Delivery) -> Settled:
        """Writes an answer down; silence after the last byte is none."""
        if outcome.state == State.UNCERTAIN:
            return Settled(Fate.UNCERTAIN)
        self.book.answered(row.pk, outcome.code)
        return settled(outcome.code, row.attempts, self.issue, clock.now())

    def _paced(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The letters one by one, not faster than the setting allows; none once the issue is held. Runs in the threads of the lines."""
        for piece in pieces:
            self._wait()
            if self.halted:
                return
            yield piece

    def _wait(self) -> None:
        if settings.NEWSLETTER_PER_SECOND:
            self.next_letter = max(self.next_letter, time.monotonic() - 1) + 1 / settings.NEWSLETTER_PER_SECOND
            while not self.halted and (left := self.next_letter - time.monotonic()) > 0:
                time.sleep(min(left, LOOK))

    def _end(self) -> Left:
        at = clock.now()
        with transaction.atomic():
            issue = Issue.objects.select_for_update().get(pk=self.issue.pk)
            if issue.state == IssueState.CANCELLED:
                leave_out_the_rest(issue, at)
            if issue.state != IssueState.SENDING or issue.queued_at is None:
                return Left.NOTHING
            if not issue.deliveries.filter(state__in=WAITING).exists():
                issue.state, issue.ended_at = LIFE.target("finish", issue.state), at
                issue.save(update_fields=["state", "ended_at"])
                record(by=None, action="newsletter:finish", target=issue, at=at)
                return Left.NOTHING
            return Left.MORE if issue.deliveries.filter(state=Fate.QUEUED).exists() else Left.NOTHING
