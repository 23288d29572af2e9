"""The team that decides: a hearing, its members, their votes with reasons. Nobody decides alone."""

from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saphan.access.actions import Action
from saphan.access.roles import Role, acts_of
from saphan.care.persons.models import Involvement, Person
from saphan.care.screening.codes import OUTCOME_TONES, Ballot, CancelReason, Conflict, Outcome
from saphan.care.screening.states import HearingState
from saphan.core.ids import new_id
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User

AT_HOME = ("lead", "co_worker", "intake", "purpose")  # ties of the organisation that leads the file; a seat in a team is none


def knowing(user: "User") -> Q:
    """Rows of people of whom this user may know what screening found: what the person consented to, or the work itself, opens that class.

    A receiver whose consented scope leaves it out sees neither the value nor that there is one.
    """
    leading = Involvement.objects.opened_to(user).filter(relation__in=AT_HOME, person__org=user.org_id)
    opened = Involvement.objects.that_open(Sensitivity.EXPLOITATION, user)
    return Q(Exists(opened.filter(person=OuterRef("person")))) | Q(Exists(leading.filter(person=OuterRef("person"))))


def in_conflict(user: "User") -> Q:
    """Rows of people in whose hearing this user has declared a conflict of interest: no role and no tie opens them."""
    return Q(person__in=Member.objects.filter(user=user, conflict=Conflict.CONFLICT).values("hearing__person"))


class HearingQuerySet(models.QuerySet["Hearing"]):
    """Many hearings."""

    def visible_to(self, user: "User") -> Self:
        """Hearings to which the user was called, until they are decided; those of files that let the user know; a supervisor's organisation's.

        Never one of a person with whom the user has declared a conflict of interest.
        """
        if Action.HEARING_READ not in acts_of(user.roles):
            return self.none()
        seats = Member.objects.filter(user=user, left_at=None)
        mine = Q(pk__in=seats.values("hearing"), state=HearingState.CONVENED)
        if Action.HEARING_CONVENE in acts_of(user.roles):
            mine |= knowing(user)
        if Role.CASE_SUPERVISOR in user.roles:
            mine |= Q(org=user.org_id)
        return self.filter(mine).exclude(in_conflict(user))

    def waiting_for_vote_of(self, user: "User") -> Self:
        """Open hearings in which this member has neither voted nor declared a conflict, or must declare anew after one was taken back."""
        asked = Q(votes=None) | Q(conflict=Conflict.NOT_DECLARED)
        seats = Member.objects.filter(asked, user=user, left_at=None, has_vote=True).exclude(conflict=Conflict.CONFLICT)
        return self.filter(state=HearingState.CONVENED, pk__in=seats.values("hearing"))


class Hearing(models.Model):
    """A multidisciplinary team hears one person's case and decides upon identification."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="hearings")
    interview = models.ForeignKey("care_screening.Interview", models.PROTECT, related_name="hearings")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=HearingState, default=HearingState.CONVENED)
    interview_before = models.ForeignKey(
        "care_screening.Interview", models.PROTECT, null=True, related_name="+"
    )  # heard until a newer one was taken over
    interview_taken_at = models.DateTimeField(null=True, blank=True)
    interview_taken_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    convened_at = models.DateTimeField()
    convened_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    services_began_on = models.DateField()
    due_at = models.DateTimeField()
    quorum_code = models.SlugField(max_length=40)
    quorum_version = models.CharField(max_length=8, default="1")
    sits_at = models.DateTimeField(null=True, blank=True)  # when the team is called together
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    cancel_reason = models.CharField(max_length=7, choices=CancelReason, blank=True)  # none on hearings cancelled before it was asked
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    review_until = models.DateTimeField(null=True, blank=True)
    review_of = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="review")
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by")  # the one that wished to know more
    information_by = models.DateField(null=True, blank=True)  # by when what is missing is to be known

    summary = SealedField(Sensitivity.EXPLOITATION)
    missing = SealedField(Sensitivity.EXPLOITATION)  # what the team must know before it decides
    newer_left_out = models.ForeignKey(
        "care_screening.Interview", models.PROTECT, null=True, related_name="+"
    )  # a newer result was known, and the team decided on the one it had heard
    why_earlier = SealedField(Sensitivity.EXPLOITATION)  # for the hearing only, never in the letter
    needs = SealedField(Sensitivity.EXPLOITATION)  # of the minimum file: what the person needs now, without name or place

    objects = HearingQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        [
            "id",
            "reference",
            "person",
            "interview",
            "interview_before",
            "interview_taken_at",
            "interview_taken_by",
            "newer_left_out",
            "cancel_reason",
            "org",
            "state",
            "convened_at",
            "convened_by",
            "services_began_on",
            "due_at",
            "quorum_code",
            "quorum_version",
            "sits_at",
            "follows",
            "information_by",
            "decided_at",
            "decided_by",
            "review_until",
            "review_of",
        ],
        Sensitivity.WORKING,
    ) | {"outcome": Sensitivity.EXPLOITATION}

    class Meta:
        indexes = [
            models.Index(name="hearing_of_org", fields=["org", "-convened_at", "-id"]),
            models.Index(name="hearing_of_person", fields=["person", "state", "decided_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="hearing_state_known", condition=Q(state__in=HearingState.values)),
            models.CheckConstraint(
                name="hearing_decided_iff_outcome_when_by",
                condition=(Q(state="decided", decided_at__isnull=False, decided_by__isnull=False, review_until__isnull=False) & ~Q(outcome=""))
                | (~Q(state="decided") & Q(outcome="", decided_at=None, decided_by=None, review_until=None)),
            ),
            models.CheckConstraint(
                name="hearing_more_information_iff_what_by_when",
                condition=(Q(outcome="more_information") & (Q(quorum_version="1") | Q(information_by__isnull=False, missing__isnull=False)))
                | (~Q(outcome="more_information") & Q(information_by=None, missing=None)),
            ),
            models.CheckConstraint(name="hearing_reason_only_if_cancelled", condition=Q(state="cancelled") | Q(cancel_reason="")),
            models.CheckConstraint(
                name="hearing_interview_taken_when_by",
                condition=Q(interview_before=None, interview_taken_at=None, interview_taken_by=None)
                | Q(interview_before__isnull=False, interview_taken_at__isnull=False, interview_taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="hearing_newer_left_out_iff_why",
                condition=Q(newer_left_out=None, why_earlier=None) | Q(state="decided", newer_left_out__isnull=False, why_earlier__isnull=False),
            ),
            models.UniqueConstraint(name="one_open_hearing_per_person", fields=["person"], condition=Q(state="convened")),
        ]

    @property
    def sealed_scope(self) -> UUID:
        return self.person_id

    @property
    def tone(self) -> str:
        """The tone of its outcome on a page; waiting while there is none."""
        return OUTCOME_TONES[Outcome(self.outcome)] or "still" if self.outcome else "warm"


class Member(models.Model):
    """One seat in a hearing: who, for which agency, in which part, and whether there is a conflict of interest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hearing = models.ForeignKey(Hearing, models.CASCADE, related_name="members")
    user = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    agency = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    role_code = models.SlugField(max_length=40, default="social_worker")  # of seeds/reference/team_roles.csv
    has_vote = models.BooleanField(default=True)  # as the part said when the member was called
    is_chair = models.BooleanField(default=False)
    is_recorder = models.BooleanField(default=False)
    conflict = models.CharField(max_length=12, choices=Conflict, default=Conflict.NOT_DECLARED)
    declared_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # another sits in this place
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "hearing", "user", "agency", "role_code", "has_vote", "is_chair", "is_recorder", "conflict", "declared_at", "left_at", "replaced_by"],
        Sensitivity.WORKING,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_seat_per_member", fields=["hearing", "user"]),
            models.UniqueConstraint(name="one_chair_per_hearing", fields=["hearing"], condition=Q(is_chair=True)),
            models.UniqueConstraint(name="one_recorder_per_hearing", fields=["hearing"], condition=Q(is_recorder=True)),
            models.CheckConstraint(
                name="conflict_declared_iff_when",
                condition=Q(conflict="not_declared", declared_at=None) | (~Q(conflict="not_declared") & Q(declared_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="member_replaced_iff_left", condition=Q(left_at=None, replaced_by=None) | Q(left_at__isnull=False, replaced_by__isnull=False)
            ),
        ]

    @property
    def takes_part(self) -> bool:
        """Still in the team, and without a conflict of interest."""
        return self.left_at is None and self.conflict != Conflict.CONFLICT

    @property
    def counts(self) -> bool:
        """Still in the team and declared free of a conflict: a vote from before a declaration that is not made anew yet does not count."""
        return self.left_at is None and self.conflict == Conflict.NONE


class Retraction(models.Model):
    """A conflict of interest that was declared by mistake is taken back, by another person, with a reason. Every one stays on record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="retractions")
    declared_at = models.DateTimeField()  # of the declaration that is taken back
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    reason = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "member", "declared_at", "at", "by"], Sensitivity.WORKING)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="retraction_has_a_reason", condition=Q(reason__isnull=False))]

    @property
    def person(self) -> Person:
        return self.member.hearing.person

    @property
    def sealed_scope(self) -> UUID:
        return self.member.hearing.person_id


class Vote(models.Model):
    """One vote of one member with its reason. A changed vote is a new row; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="votes")
    seq = models.PositiveIntegerField()
    choice = models.CharField(max_length=16, choices=Ballot)
    at = models.DateTimeField()

    reason = SealedField(Sensitivity.EXPLOITATION)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "member", "seq", "at"], Sensitivity.WORKING) | {
        "choice": Sensitivity.EXPLOITATION
    }

    class Meta:
        ordering = ["member", "seq"]
        constraints = [
            models.UniqueConstraint(name="vote_follows_the_last", fields=["member", "seq"]),
            models.CheckConstraint(name="vote_choice_known", condition=Q(choice__in=Ballot.values)),
        ]

    @property
    def person(self) -> Person:
        return self.member.hearing.person

    @property
    def sealed_scope(self) -> UUID:
        return self.member.hearing.person_id
