"""All that the room keeps, by its ideas: what offices owe by the calendar; the scorecard of a period."""

from saphan.agreements.scoring.commitment_models import Commitment, Occurrence, OccurrenceStep
from saphan.agreements.scoring.score_models import PublicationConsent, ScoreSnapshot

__all__ = ["Commitment", "Occurrence", "OccurrenceStep", "PublicationConsent", "ScoreSnapshot"]
