"""When an issue leaves, and how it is held back."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, WrongState
from saphan.core.outbox import enqueue
from saphan.portal.newsletter.drafting import locked, touch
from saphan.portal.newsletter.issue_states import LIFE, Fate, Why
from saphan.portal.newsletter.issues import Delivery, Issue
from saphan.portal.newsletter.readiness import stops

SEND = "newsletter.send"


@transaction.atomic
def finish_writing(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Calls an issue ready. Raises Invalid while something on the check list stops it."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_EDIT, issue)
    issue.state = LIFE.target("finish_writing", issue.state)
    _refuse_unready(issue)
    if issue.changed_by_id is None:
        touch(issue, by=by, at=at)  # it has drafted itself and nobody changed a word: who calls it ready stands for it, and another gives the date
    return _kept(issue, ["state"], Action.NEWSLETTER_EDIT, by, at)


@transaction.atomic
def reopen(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Back to the draft; a date it had is gone."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_EDIT, issue)
    issue.state = LIFE.target("reopen", issue.state)
    issue.scheduled_at = issue.scheduled_by = None
    return _kept(issue, ["state", "scheduled_at", "scheduled_by"], Action.NEWSLETTER_EDIT, by, at)


@transaction.atomic
def schedule(*, issue_id: UUID, when: datetime, by: User, at: datetime) -> Issue:
    """Gives an issue its moment, at once if that has come. Whoever wrote the last change may not (R4)."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_SCHEDULE, issue)
    issue.state = LIFE.target("schedule", issue.state)
    _refuse_unready(issue)
    issue.scheduled_at, issue.scheduled_by = max(when, at), by
    return _kept(issue, ["state", "scheduled_at", "scheduled_by"], Action.NEWSLETTER_SCHEDULE, by, at)


@transaction.atomic
def pause(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Holds the sender: what is at the mail server's door is finished, nothing else leaves."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_PAUSE, issue)
    issue.state = LIFE.target("pause", issue.state)
    return _kept(issue, ["state"], Action.NEWSLETTER_PAUSE, by, at)


@transaction.atomic
def resume(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Lets the sender go on where it stopped."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_PAUSE, issue)
    issue.state = LIFE.target("resume", issue.state)
    wake(issue, at)
    return _kept(issue, ["state"], Action.NEWSLETTER_PAUSE, by, at)


@transaction.atomic
def cancel(*, issue_id: UUID, by: User, at: datetime) -> Issue:
    """Ends an issue for good. Who has it keeps it; nobody else gets it."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_CANCEL, issue)
    issue.state, issue.ended_at = LIFE.target("cancel", issue.state), at
    leave_out_the_rest(issue, at)
    return _kept(issue, ["state", "ended_at"], Action.NEWSLETTER_CANCEL, by, at)


@transaction.atomic
def retry_now(*, issue_id: UUID, by: User, at: datetime) -> int:
    """Tries what was put off now instead of later; answers how many."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_RETRY, issue)
    count = issue.deliveries.filter(state=Fate.DEFERRED, due_at__gt=at).update(due_at=at)
    wake(issue, at)
    record(by=by, action=Action.NEWSLETTER_RETRY, target=issue, at=at, purpose="put_off")
    return count


@transaction.atomic
def ask_again(*, issue_id: UUID, by: User, at: datetime) -> int:
    """Sends the uncertain ones once more because a person decided so: some of them will have it twice. Answers how many."""
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_RETRY, issue)
    if issue.withdrawn_at is not None:
        raise WrongState(_("This issue was withdrawn; nothing more of it leaves."))
    issue.state, issue.ended_at = LIFE.target("ask_again", issue.state), None
    count = issue.deliveries.filter(state=Fate.UNCERTAIN).update(state=Fate.QUEUED, changed_at=at)
    if not count:
        raise Invalid(_("No letter of this issue is uncertain."))
    wake(issue, at)
    _kept(issue, ["state", "ended_at"], Action.NEWSLETTER_RETRY, by, at)
    return count


def leave_out_the_rest(issue: Issue, at: datetime) -> None:
    """What still waits of a cancelled issue is left out."""
    waiting = issue.deliveries.filter(state__in=[Fate.QUEUED, Fate.DEFERRED])
    waiting.update(state=Fate.SKIPPED, why=Why.CANCELLED, due_at=None, changed_at=at)


def wake(issue: Issue, at: datetime) -> None:
    """Asks a worker to send. Asked twice within a second is asked once."""
    enqueue(SEND, key=f"{issue.pk} {at:%Y%m%d%H%M%S}", payload={"issue": str(issue.pk)}, available_at=at)


def fates_of(issue: Issue) -> Counter[str]:
    """How many letters met which fate; from the kept tally once the rows are forgotten."""
    if issue.tally:
        return Counter(issue.tally)
    counted = Delivery.objects.filter(issue=issue).order_by().values_list("state").annotate(n=Count("pk"))
    return Counter(dict(counted))


def _refuse_unready(issue: Issue) -> None:
    if stops(issue):
        raise Invalid(_("Something on the check list still stops this issue."))


def _kept(issue: Issue, fields: list[str], action: Action, by: User, at: datetime) -> Issue:
    issue.save(update_fields=fields)
    record(by=by, action=action, target=issue, at=at, fields=fields)
    return issue
