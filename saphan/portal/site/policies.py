"""Who may open the editors' system and who may publish."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.portal.site.selectors import last_writer_id

if TYPE_CHECKING:
    from saphan.access.models import User

rule(Action.CMS_OPEN, Action.NEWS_IMPORT)(role_is_enough)


@rule(Action.PAGE_PUBLISH)
def another_person_publishes(user: "User", revision: Any) -> Verdict:
    """Two persons see each text before the public does: who wrote the last change does not publish it."""
    return Verdict(last_writer_id(revision) != user.pk, _("You wrote the last change of this text. Another publisher must publish it."))
