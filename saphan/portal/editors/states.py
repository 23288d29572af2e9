"""The life of a translation: made, perhaps by a machine, looked at by a person who did not make it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class TranslationState(TextChoices):
    """What is kept of a translation. Missing and stale are not kept: they are read from the pages themselves."""

    DRAFT = "draft", _("being translated")
    NEEDS_REVIEW = "needs_review", _("needs review")
    APPROVED = "approved", _("approved")


S = TranslationState
TRANSLATION = LifeCycle(
    "translation",
    TranslationState,
    initial=S.DRAFT,
    final={S.APPROVED},
    moves={
        "publish": Move({S.DRAFT}, S.APPROVED, None),
        "declare machine-made": Move({S.DRAFT, S.APPROVED}, S.NEEDS_REVIEW, Action.TRANSLATION_MAKE),
        "approve": Move({S.NEEDS_REVIEW, S.APPROVED}, S.APPROVED, Action.TRANSLATION_APPROVE),
    },
)
