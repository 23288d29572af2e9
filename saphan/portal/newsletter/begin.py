"""What happens by the clock: an issue begins at its moment, a sender that died is followed by another, rows about readers are forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from saphan.audit.services import record
from saphan.core import clock
from saphan.core.outbox import enqueue, handler
from saphan.core.upkeep import chore
from saphan.portal.newsletter import journal
from saphan.portal.newsletter.drafting import draft_itself, locked
from saphan.portal.newsletter.issue_states import LIFE, Fate, IssueState
from saphan.portal.newsletter.issues import Delivery, Issue, Run
from saphan.portal.newsletter.scheduling import SEND, fates_of, leave_out_the_rest, wake
from saphan.portal.newsletter.sending import Left, send_slice, settle_the_dead
from saphan.portal.search.services import refresh

KEPT = timedelta(days=60)  # how long it is known who got which letter
HANDFUL = 5000


@chore("newsletter: what is due", every=timedelta(minutes=1))
def look_after(at: datetime) -> int:
    """Begins what is due and wakes a sender for what waits; answers for how many issues."""
    due = begin_what_is_due(at)
    end_what_was_cancelled(at)
    waiting = (
        Q(deliveries__state__in=[Fate.QUEUED, Fate.IN_FLIGHT]) | Q(deliveries__state=Fate.DEFERRED, deliveries__due_at__lte=at) | Q(queued_at=None)
    )
    asleep = list(Issue.objects.filter(waiting, state=IssueState.SENDING).exclude(pk__in=due).distinct())
    for issue in asleep:
        wake(issue, at)
    return len(due) + len(asleep)


def end_what_was_cancelled(at: datetime) -> None:
    """Settles what dead senders of cancelled issues have left, and leaves out what waits again thereby: no sender comes after them."""
    for issue in Issue.objects.filter(pk__in=Run.objects.filter(ended_at=None).values("issue"), state=IssueState.CANCELLED):
        if settle_the_dead(issue):
            leave_out_the_rest(issue, at)


def begin_what_is_due(at: datetime) -> list[UUID]:
    """Begins the issues whose moment has come; answers which."""
    due = list(Issue.objects.filter(state=IssueState.SCHEDULED, scheduled_at__lte=at).values_list("pk", flat=True))
    for issue_id in due:
        begin(issue_id=issue_id, at=at)
    return due


@transaction.atomic
def begin(*, issue_id: UUID, at: datetime) -> None:
    """The moment of an issue has come: it stands in the archive, and a sender is asked. Harmless when somebody took it back meanwhile."""
    issue = locked(issue_id)
    if issue.state != IssueState.SCHEDULED or issue.scheduled_at is None or issue.scheduled_at > at:
        return
    issue.state, issue.begun_at = LIFE.target("begin", issue.state), at
    issue.save(update_fields=["state", "begun_at"])
    for edition_id in issue.editions.values_list("pk", flat=True):
        refresh(f"newsletter:{edition_id}")
    wake(issue, at)
    record(by=None, action="newsletter:begin", target=issue, at=at)


@chore("newsletter: the draft of the month")
def draft_of_the_month(at: datetime) -> int:
    """The issue of the month writes itself; answers for how many issues."""
    return 0 if draft_itself(at=at) is None else 1


@handler(SEND)
def send(payload: dict[str, Any], *, key: str) -> None:  # noqa: ARG001  # the shape of every handler; the journal makes a second delivery harmless
    """Sends for a while; then other messages of the outbox have their turn before it goes on."""
    issue_id = UUID(payload["issue"])
    if send_slice(issue_id) is Left.MORE:
        enqueue(SEND, key=f"{issue_id} {uuid4()}", payload={"issue": str(issue_id)}, available_at=clock.now())


@chore("newsletter: old letters")
def forget_old(at: datetime) -> int:
    """Keeps the numbers of an issue and forgets who got it, two months after its end; removes journals that nobody needs. Answers how many rows went."""
    gone = 0
    for issue in Issue.objects.filter(ended_at__lt=at - KEPT, tally={}, queued_at__isnull=False):
        with transaction.atomic():
            issue.tally = dict(fates_of(issue))
            issue.save(update_fields=["tally"])
    for issue in Issue.objects.filter(ended_at__lt=at - KEPT, deliveries__isnull=False).distinct():
        gone += _forgotten(issue)
    for file in journal.folder().glob("*.journal"):
        if not Run.objects.filter(pk=file.stem, ended_at=None).exists() and at.timestamp() - file.stat().st_mtime > KEPT.total_seconds():
            file.unlink(missing_ok=True)
    return gone


def _forgotten(issue: Issue) -> int:
    gone = 0
    while pks := list(Delivery.objects.filter(issue=issue).order_by("pk").values_list("pk", flat=True)[:HANDFUL]):
        gone += Delivery.objects.filter(pk__in=pks).delete()[0]
    return gone
