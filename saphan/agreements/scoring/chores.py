"""What an installation does by itself: days of commitments, commitments whose version is over, periods that are frozen."""

from datetime import datetime

from django.db import transaction

from saphan.agreements.scoring import committing, freezing
from saphan.agreements.scoring.models import Commitment
from saphan.agreements.states import OVER
from saphan.core.upkeep import chore


@chore("days of commitments")
@transaction.atomic
def look_at_commitments(at: datetime) -> int:
    """Writes down the next days of standing commitments, and ends those whose version is over. Answers how many days are new."""
    made = 0
    for commitment in Commitment.objects.standing().select_related("version__agreement"):
        if commitment.version.state in OVER:
            committing.lapse_with_its_version(committing.locked_commitment(commitment.pk), at=at)
        else:
            made += committing.make_occurrences(commitment, at=at)
    return made


@chore("scorecards")
def freeze_scorecards(at: datetime) -> int:
    """Freezes the periods that are over. Answers how many."""
    return freezing.freeze_due(at)
