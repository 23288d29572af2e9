"""May this person write, send or stop an issue of the newsletter: and why not."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.portal.newsletter.issues import Issue
from saphan.portal.newsletter.models import Export

rule(Action.NEWSLETTER_LIST, Action.NEWSLETTER_DRAFT, Action.NEWSLETTER_TEST)(role_is_enough)
rule(Action.NEWSLETTER_PAUSE, Action.NEWSLETTER_CANCEL, Action.NEWSLETTER_RETRY)(role_is_enough)
rule(Action.NEWSLETTER_SUBSCRIBERS, Action.NEWSLETTER_FIND, Action.NEWSLETTER_ERASE, Action.NEWSLETTER_IMPORT)(role_is_enough)


@rule(Action.NEWSLETTER_EDIT)
def nothing_changes_once_it_leaves(_user: User, issue: Issue) -> Verdict:
    """What some readers have in hand is not written anew for the others."""
    return Verdict(issue.is_open, _("This issue has left or was cancelled; its text stays as it is."))


@rule(Action.NEWSLETTER_SCHEDULE)
def two_persons_send_an_issue(user: User, issue: Issue) -> Verdict:
    """Whoever wrote the last change does not give the issue its date (R4)."""
    return Verdict(issue.changed_by_id != user.pk, _("You wrote the last change. Another publisher gives this issue its date."))


@rule(Action.NEWSLETTER_WITHDRAW)
def what_has_left_is_taken_back_once(_user: User, issue: Issue | None) -> Verdict:
    """One person is enough: what gives somebody away does not wait for a second."""
    return Verdict(issue is None or (issue.begun_at is not None and issue.withdrawn_at is None), _("Nothing of this issue can be seen by readers."))


@rule(Action.NEWSLETTER_EXPORT)
def who_asked_takes_the_list(user: User, export: Export | None) -> Verdict:
    """Any publisher asks; only who asked takes what another has approved."""
    return Verdict(export is None or export.asked_by_id == user.pk, _("Another person asked for this list."))


@rule(Action.NEWSLETTER_APPROVE_EXPORT)
def two_persons_let_the_list_out(user: User, export: Export) -> Verdict:
    """Whoever asked for the list does not approve it (R4)."""
    return Verdict(export.asked_by_id != user.pk, _("You asked for this list. Another publisher has to agree."))
