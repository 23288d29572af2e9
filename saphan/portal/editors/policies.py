"""Who passes a finding, who translates, who approves."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.policy import Verdict, check, role_is_enough, rule
from saphan.portal.site.selectors import last_writer_id

if TYPE_CHECKING:
    from saphan.access.models import User

rule(Action.TRANSLATION_MAKE)(role_is_enough)


@rule(Action.PAGE_PASS_FINDING)
def who_publishes_gives_the_reason(user: "User", revision: Any) -> Verdict:
    """The reason for passing a finding comes from somebody who may publish this very text, and so did not write it."""
    return check(user, Action.PAGE_PUBLISH, revision)


@rule(Action.TRANSLATION_APPROVE)
def another_person_approves(user: "User", mark: Any) -> Verdict:
    """A translation is approved by a person who did not make it: neither began it nor wrote its last change."""
    revision = mark.page.latest_revision
    made = {mark.made_by_id, last_writer_id(revision) if revision else None}
    return Verdict(
        user.pk not in made, _("You made this translation or wrote its last change. Another person who reads both languages must approve it.")
    )
