"""What an office owes the other by the calendar: a yearly meeting, a joint training. And each day on which it falls due, with what was said about it."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from saphan.agreements.register_models import Agreement, AgreementParty, language_said, of_party, said_in
from saphan.agreements.scoring.occurring import OccurrenceState, Rhythm, Seen
from saphan.agreements.scoring.states import COMMITMENT_TONES, OCCURRENCE_TONES, OWED, SETTLED, STATED_STATES, CommitmentState
from saphan.agreements.version_models import AgreementVersion
from saphan.core.ids import new_id
from saphan.core.models import Attachment

if TYPE_CHECKING:
    from saphan.access.models import User

S, C = OccurrenceState, CommitmentState
NOT_OF_THE_OFFICE = "office"  # an agreement that only its office reads


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Many commitments."""

    def visible_to(self, user: "User") -> Self:
        """Those of the agreements whose inside the user's office sees: as keeper, or as a party."""
        return self.filter(version__agreement__in=inside_of(user))

    def standing(self) -> Self:
        return self.filter(state=C.STANDING)


def inside_of(user: "User") -> "models.QuerySet[Agreement]":
    """The agreements that the user's office keeps or, where they are not that office's alone, takes part in."""
    return Agreement.objects.filter(Q(kept_by=user.org_id) | (~Q(confidentiality=NOT_OF_THE_OFFICE) & of_party(user.org)))


class Commitment(models.Model):
    """One party owes something by the calendar. It stands when the one party proposed it and another accepted it; the one that owes is one of the two."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="commitments")
    article = models.CharField(max_length=20)
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")  # who owes it
    words = models.JSONField(default=dict)  # language -> what is owed; English always
    rhythm = models.CharField(max_length=11, choices=Rhythm)
    first_due_on = models.DateField()
    state = models.CharField(max_length=8, choices=CommitmentState, default=C.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    proposed_party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    accepted_party = models.ForeignKey(AgreementParty, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()
    occurrences: "models.Manager[Occurrence]"

    class Meta:
        ordering = ["article", "proposed_at"]
        constraints = [
            models.CheckConstraint(name="commitment_state_known", condition=Q(state__in=C.values)),
            models.CheckConstraint(name="commitment_rhythm_known", condition=Q(rhythm__in=Rhythm.values)),
            models.CheckConstraint(name="commitment_has_an_article", condition=~Q(article="")),
            models.CheckConstraint(
                name="commitment_stands_by_two_parties",
                condition=(Q(state__in=[C.PROPOSED, C.DROPPED], accepted_party=None))
                | (Q(state__in=[C.STANDING, C.ENDED], accepted_party__isnull=False) & ~Q(accepted_party=F("proposed_party"))),
            ),
            models.CheckConstraint(
                name="commitment_owner_is_one_of_the_two",
                condition=Q(accepted_party=None) | Q(party=F("proposed_party")) | Q(party=F("accepted_party")),
            ),
            models.CheckConstraint(
                name="commitment_settled_iff_when",
                condition=Q(state=C.PROPOSED, settled_at=None, settled_by=None) | (~Q(state=C.PROPOSED) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(name="commitment_ended_iff_day", condition=Q(state=C.ENDED, ended_on__isnull=False) | (~Q(state=C.ENDED) & Q(ended_on=None))),
        ]  # fmt: skip

    @property
    def text(self) -> str:
        """What is owed, in the reader's language."""
        return said_in(self.words, "")

    @property
    def text_language(self) -> str:
        return language_said(self.words)

    @property
    def tone(self) -> str:
        return COMMITMENT_TONES[C(self.state)]


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    """Many occurrences."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(commitment__version__agreement__in=inside_of(user))

    def owed_until(self, day: date) -> Self:
        """Those that fall due by this day and wait for their owner."""
        return self.filter(state__in=sorted(OWED), due_on__lte=day)

    def past(self, day: date) -> Self:
        """Those past their day of which nothing is settled."""
        return self.exclude(state__in=sorted(SETTLED)).filter(due_on__lt=day)

    def to_answer(self) -> Self:
        """Those that wait for a word of another party."""
        return self.filter(state__in=[S.STATED, S.EXCUSE_ASKED])


class Occurrence(models.Model):
    """One day on which a commitment falls due. The owner states that it happened, the other party confirms or disputes it; the database knows the difference."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="occurrences")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")  # the commitment's, so that a constraint can compare
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=OccurrenceState, default=S.OPEN)
    made_at = models.DateTimeField()
    happened_on = models.DateField(null=True, blank=True)
    stated_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    asked_party = models.ForeignKey(AgreementParty, models.PROTECT, null=True, related_name="+")  # who asked to be excused or to excuse
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # none: the platform
    settled_party = models.ForeignKey(AgreementParty, models.PROTECT, null=True, related_name="+")

    objects = OccurrenceQuerySet.as_manager()
    steps: "models.Manager[OccurrenceStep]"

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="occurrence_state_known", condition=Q(state__in=S.values)),
            models.UniqueConstraint(name="occurrence_once_a_day", fields=["commitment", "due_on"]),
            models.CheckConstraint(
                name="occurrence_happened_iff_stated",
                condition=Q(state__in=sorted(STATED_STATES), happened_on__isnull=False, stated_by__isnull=False)
                | (~Q(state__in=sorted(STATED_STATES)) & Q(happened_on=None, stated_by=None)),
            ),
            models.CheckConstraint(
                name="occurrence_settled_iff_when",
                condition=Q(state__in=sorted(SETTLED), settled_at__isnull=False)
                | (~Q(state__in=sorted(SETTLED)) & Q(settled_at=None, settled_by=None, settled_party=None)),
            ),
            models.CheckConstraint(
                name="occurrence_confirmed_by_the_other",
                condition=~Q(state=S.CONFIRMED)
                | (Q(settled_party__isnull=False, settled_by__isnull=False) & ~Q(settled_party=F("party")) & ~Q(settled_by=F("stated_by"))),
            ),
            models.CheckConstraint(
                name="occurrence_asked_iff_excuse",
                condition=Q(state__in=[S.EXCUSE_ASKED, S.EXCUSED], asked_party__isnull=False)
                | (~Q(state__in=[S.EXCUSE_ASKED, S.EXCUSED]) & Q(asked_party=None)),
            ),
            models.CheckConstraint(
                name="occurrence_excused_by_both",
                condition=~Q(state=S.EXCUSED)
                | (Q(settled_party__isnull=False) & ~Q(settled_party=F("asked_party")) & (Q(party=F("asked_party")) | Q(party=F("settled_party")))),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="occurrence_queue", fields=["state", "due_on", "id"])]

    @property
    def seen(self) -> Seen:
        """As it stands now."""
        return Seen(self.state, self.due_on, self.happened_on, self.closes_on)

    @property
    def tone(self) -> str:
        return OCCURRENCE_TONES[S(self.state)]


class OccurrenceStep(models.Model):
    """One thing that was said about an occurrence, by whom, with what evidence. Never changed: so a card of the past can be counted again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # none: the platform
    party = models.ForeignKey(AgreementParty, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=OccurrenceState)
    happened_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)
    attachment = models.OneToOneField(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="occurrence_step_once", fields=["occurrence", "number"]),
            models.CheckConstraint(name="occurrence_step_state_known", condition=Q(state__in=S.values)),
        ]
