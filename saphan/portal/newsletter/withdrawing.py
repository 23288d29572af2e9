"""Taking back what readers can still see of an issue that has left: the page in the archive, its place in search and feeds."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid
from saphan.portal.newsletter.drafting import locked
from saphan.portal.newsletter.issue_states import LIFE, RUNNING, IssueState
from saphan.portal.newsletter.issues import Edition, Issue
from saphan.portal.newsletter.scheduling import leave_out_the_rest
from saphan.portal.rendered.edition import renew
from saphan.portal.search.services import refresh


def public_of(issue: Issue) -> list[Edition]:
    """The editions of an issue that stand in the archive now."""
    if issue.begun_at is None:
        return []
    found = issue.editions.filter(withdrawn_at=None, items__hidden=False).distinct().order_by("country", "language")
    return list(found)


@transaction.atomic
def withdraw(*, issue_id: UUID, edition_ids: Collection[UUID], by: User, at: datetime) -> Issue:
    """These editions are gone from archive, search and feeds at once; with the last of them the issue is, and what still waits does not leave.

    Letters that have arrived stay where they are. Another issue of the month may be drafted then, with an address of its own.
    Raises Invalid where nothing was chosen, and where one of several is to go while the others are being sent: hold the sender first.
    """
    issue = locked(issue_id)
    require(by, Action.NEWSLETTER_WITHDRAW, issue)
    public = public_of(issue)
    gone = [edition for edition in public if edition.pk in edition_ids]
    if not gone:
        raise Invalid(_("Choose at least one edition."), fields={"editions": _("Choose at least one edition.")})
    if len(gone) == len(public):
        _end(issue, by, at)
        issue.editions.filter(withdrawn_at=None).update(withdrawn_at=at)
    elif issue.state == IssueState.SENDING:
        raise Invalid(_("Pause the issue first: letters of these editions are leaving now."))
    else:
        issue.editions.filter(pk__in=[edition.pk for edition in gone]).update(withdrawn_at=at)
    for edition in gone:
        refresh(f"newsletter:{edition.pk}")
    renew()
    record(
        by=by, action=Action.NEWSLETTER_WITHDRAW, target=issue, at=at, fields=[f"{edition.language} {edition.country}".strip() for edition in gone]
    )
    return issue


def _end(issue: Issue, by: User, at: datetime) -> None:
    if issue.state in RUNNING:
        issue.state, issue.ended_at = LIFE.target("cancel", issue.state), at
        leave_out_the_rest(issue, at)
    issue.withdrawn_at, issue.withdrawn_by = at, by
    issue.save(update_fields=["state", "ended_at", "withdrawn_at", "withdrawn_by"])
