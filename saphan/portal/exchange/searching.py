"""Where the matching comes in: it registers how proposals are found and how their reasons are told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.portal.exchange.models import Match

PROPOSERS: list[Callable[[User, datetime], int]] = []  # finds proposals for everything open, answers how many
EXPLAINERS: list[Callable[[Match], Sequence[str]]] = []


def reasons_of(match: Match) -> list[str]:
    """Why this offer for this need, as sentences."""
    if match.parts.get("by_hand"):
        return [_("Proposed by a person.")]
    return [sentence for explain in EXPLAINERS for sentence in explain(match)]
