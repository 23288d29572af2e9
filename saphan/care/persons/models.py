"""A report, a person under an alias, and who is involved with that person."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.sensitivity import relations_that_open
from saphan.care.persons.codes import Answer, Channel, CloseReason, ContactHow, ContactOutcome, Language, Tie
from saphan.care.persons.states import OPEN, TONES, ReportState
from saphan.core import clock
from saphan.core.ids import new_id
from saphan.core.prepared import Slot
from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.access.models import User


class ReportQuerySet(models.QuerySet["Report"]):
    """Many reports."""

    def visible_to(self, user: "User") -> Self:
        """The reports of the user's organisation, for its intake officers, case workers and supervisors."""
        return self.filter(org=user.org_id) if Action.REPORT_READ in user.acts else self.none()

    def awaiting_contact(self) -> Self:
        """Those whose clock runs."""
        return self.filter(state=ReportState.REPORTED)

    def late(self, at: datetime) -> Self:
        """Those whose clock ran out before anybody was reached."""
        return self.awaiting_contact().filter(due_at__lt=at)


class Report(models.Model):
    """Somebody tells us that a person may need protection. The caller's name is never asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")  # empty: came sealed from the public side
    reported_at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Channel)
    tie = models.CharField(max_length=8, choices=Tie, default=Tie.UNKNOWN)
    danger = models.CharField(max_length=7, choices=Answer, default=Answer.UNKNOWN)
    caller_safe = models.CharField(max_length=7, choices=Answer, default=Answer.UNKNOWN)
    people_count = models.PositiveSmallIntegerField(default=1)
    country = models.ForeignKey("directory.Country", models.PROTECT, null=True, blank=True, related_name="+")
    province = models.ForeignKey("directory.Province", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=11, choices=ReportState, default=ReportState.REPORTED)
    due_at = models.DateTimeField()
    clock = models.CharField(max_length=40)  # the code of the clock in seeds/reference/clocks.csv that gave `due_at`
    contacted_at = models.DateTimeField(null=True, blank=True)
    contacted_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    close_reason = models.CharField(max_length=16, choices=CloseReason, blank=True)

    narrative = SealedField(Sensitivity.EXPLOITATION)
    callback = SealedField(Sensitivity.CONTACT)
    place = SealedField(Sensitivity.LOCATION)

    objects = ReportQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "reference", "org", "office", "recorded_by", "reported_at", "channel", "tie", "danger", "caller_safe", "people_count",
         "country", "province",
         "state", "due_at", "clock", "contacted_at", "contacted_by", "closed_at", "closed_by", "close_reason"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="report_contacted_when_and_by",
                condition=Q(contacted_at=None, contacted_by=None) | Q(contacted_at__isnull=False, contacted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="report_closed_iff_when_by_why",
                condition=(Q(state=ReportState.CLOSED, closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason=""))
                | (~Q(state=ReportState.CLOSED) & Q(closed_at=None, closed_by=None, close_reason="")),
            ),
            models.CheckConstraint(
                name="report_first_contact_has_its_time", condition=~Q(state=ReportState.CONTACTED) | Q(contacted_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="report_of_org", fields=["org", "-reported_at", "-id"]),
            models.Index(name="report_clock", fields=["org", "state", "due_at"]),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """A report is sealed under its own id: no person's file exists yet."""
        return self.pk

    @property
    def clock_runs(self) -> bool:
        """Nobody has been reached yet."""
        return self.state == ReportState.REPORTED

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done."""
        return self.state in OPEN

    @property
    def in_danger(self) -> bool:
        """Somebody was said to be in danger."""
        return self.danger == Answer.YES

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[ReportState(self.state)]


class ContactAttempt(models.Model):
    """One try to reach the person or the caller: who, how and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="attempts")
    owner_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")  # for the row lock
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    how = models.CharField(max_length=9, choices=ContactHow)
    outcome = models.CharField(max_length=11, choices=ContactOutcome)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "report", "owner_org", "at", "by", "how", "outcome"], Sensitivity.WORKING)

    class Meta:
        ordering = ["at"]


class PersonQuerySet(models.QuerySet["Person"]):
    """Many people's files."""

    def visible_to(self, user: "User") -> Self:
        """Files whose working facts the user may see: those of the own organisation for care staff, and those with an open involvement."""
        acts = user.acts
        involved = Q(Exists(Involvement.objects.opened_to(user).filter(person=OuterRef("pk"))))
        if Action.PERSON_READ in acts:
            return self.filter(Q(org=user.org_id) | involved)
        return self.filter(involved) if Action.HEARING_READ in acts else self.none()

    def with_alias_from(self, beginning: str) -> Self:
        """Files whose alias begins so. SQLite needs the range to use its index; PostgreSQL has one for beginnings.

        LIKE could tell of rows behind the row lock, so PostgreSQL would look at every row first; `starts_with` cannot, and uses the index.
        """
        if connection.vendor == "sqlite":
            return self.filter(alias__startswith=beginning, alias__gte=beginning, alias__lt=f"{beginning}\U0010ffff")
        return self.filter(Func("alias", Value(beginning), function="starts_with", output_field=models.BooleanField()))


class Person(models.Model):
    """A person whom somebody may have to protect, known to all screens by an alias only.

    The person's id is the scope of the sealing keys: every sealed field of any room about this person is
    sealed with the data key of (this id, the field's class), wrapped for each organisation that may read it.
    """

    class AgeBand(models.TextChoices):
        ADULT = "adult", _("adult")
        CHILD = "child", _("child")
        DOUBT = "doubt", _("age in doubt: treated as a child")

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("unknown")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alias = models.CharField(max_length=40, unique=True)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="people")
    age_band = models.CharField(max_length=5, choices=AgeBand, default=AgeBand.DOUBT)
    sex = models.CharField(max_length=7, choices=Sex, default=Sex.UNKNOWN)
    language = models.CharField(max_length=10, choices=Language, default=Language.THAI)
    nationality = models.ForeignKey("directory.Country", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)  # counts edits, so that a second editor sees the difference

    given_name = SealedField(Sensitivity.IDENTITY)
    family_name = SealedField(Sensitivity.IDENTITY)
    birth_date = SealedField(Sensitivity.IDENTITY)
    phone = SealedField(Sensitivity.CONTACT)
    safe_contact = SealedField(Sensitivity.CONTACT)
    whereabouts = SealedField(Sensitivity.LOCATION)

    objects = PersonQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "alias", "org", "office", "report", "age_band", "sex", "language", "nationality", "created_at", "created_by", "version"],
        Sensitivity.WORKING,
    )

    @property
    def sealed_scope(self) -> UUID:
        """The scope of the data keys that seal this row."""
        return self.pk

    @property
    def counts_as_child(self) -> bool:
        """A child, or age in doubt: the child's pathway applies."""
        return self.age_band != self.AgeBand.ADULT


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    """Many ties."""

    def open_at(self, at: datetime | Slot) -> Self:
        """Those that hold at this moment."""
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)

    def opened_to(self, user: "User", at: datetime | None = None) -> Self:
        """Those that open a file to this user now: by name, or to the care staff of the user's organisation."""
        return self.open_at(at or clock.now()).tied_to(user.pk, user.org_id if Action.PERSON_READ in user.acts else None)

    def tied_to(self, user: UUID | Slot, org: UUID | Slot | None) -> Self:
        """Those that name this account; for care staff also those that name their whole organisation."""
        mine = Q(user=user)
        if org is not None:
            mine |= Q(user=None, org=org)
        return self.filter(mine)

    def that_open(self, sensitivity: Sensitivity, user: "User") -> Self:
        """Those through which this user may have this class opened now: the tie names it, and the matrix gives it to the role."""
        named = self.opened_to(user).filter(relation__in=relations_that_open(sensitivity, user.roles))
        return named.annotate(named=Cast("classes", models.TextField())).filter(named__contains=f'"{sensitivity}"')


class Involvement(models.Model):
    """The tie between a person's file and a worker or an organisation: it opens the classes named, from one moment to another."""

    class Relation(models.TextChoices):
        LEAD = "lead", _("lead worker")
        CO_WORKER = "co_worker", _("co-worker")
        INTAKE = "intake", _("intake officer")
        TEAM = "team", _("member of the deciding team")
        RECEIVER = "receiver", _("receiver of a referral")
        PURPOSE = "purpose", _("opened for a stated purpose")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="involvements")
    owner_org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")  # the person's organisation, for the row lock
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    user = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")  # empty: the whole organisation's care staff
    relation = models.CharField(max_length=10, choices=Relation)
    classes = models.JSONField(default=list)  # the sensitivity classes opened; the matrix of access.sensitivity may narrow them
    source = models.CharField(max_length=60, blank=True)  # what opened it, for example a referral's reference
    purpose = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InvolvementQuerySet.as_manager()
    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "person", "owner_org", "org", "user", "relation", "classes", "source", "purpose", "since", "until"], Sensitivity.WORKING
    )

    class Meta:
        indexes = [
            models.Index(name="involvement_of_user", fields=["user", "until"]),
            models.Index(name="involvement_of_org", fields=["org", "until"]),
            models.Index(name="involvement_of_person", fields=["person", "until"]),
            models.Index(name="involvement_visits", fields=["org", "-since"], condition=Q(relation="purpose")),
        ]
        constraints = [
            models.CheckConstraint(name="involvement_ends_after_start", condition=Q(until=None) | Q(until__gte=models.F("since"))),
            models.UniqueConstraint(name="one_lead_each_file", fields=["person"], condition=Q(relation="lead", until=None)),
        ]
