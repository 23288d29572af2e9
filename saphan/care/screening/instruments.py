"""Instruments as data: their versions and their questions. Reference data, about nobody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.care.screening import codes
from saphan.care.screening.codes import ELEMENT_LABELS, ELEMENT_NAMES, FIVE_VALUED
from saphan.care.screening.rules import Item
from saphan.care.screening.states import VersionState
from saphan.core.ids import new_id
from saphan.core.origin import in_language
from saphan.core.sensitivity import Sensitivity
from saphan.xlsform.definition import Form


class Instrument(models.Model):
    """A set of questions that is used as one, such as the ILO adult labour indicators."""

    Audience = codes.Audience

    code = models.SlugField(max_length=40, primary_key=True)
    audience = models.CharField(max_length=5, choices=Audience)
    name_en = models.CharField(max_length=120)
    name_th = models.CharField(max_length=120)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["code", "audience", "name_en", "name_th"], Sensitivity.WORKING)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_th)


class InstrumentVersion(models.Model):
    """One wording and weighting of an instrument. Only an approved one gives a formal result; none is ever rewritten once used."""

    Kind = codes.InstrumentKind

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INDICATORS)
    state = models.CharField(max_length=8, choices=VersionState, default=VersionState.DRAFT)
    source_en = models.CharField(max_length=240)
    source_th = models.CharField(max_length=240, blank=True)
    rule_version = models.CharField(max_length=40)
    confidence_en = models.CharField(max_length=240)
    confidence_th = models.CharField(max_length=240, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")  # empty: shipped so
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")  # empty: shipped

    questionnaire: "Questionnaire"

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        [
            "id",
            "instrument",
            "number",
            "kind",
            "state",
            "imported_at",
            "imported_by",
            "source_en",
            "source_th",
            "rule_version",
            "confidence_en",
            "confidence_th",
            "approved_at",
            "approved_by",
            "retired_at",
            "retired_by",
        ],
        Sensitivity.WORKING,
    )

    class Meta:
        ordering = ["instrument", "-number"]
        constraints = [
            models.UniqueConstraint(name="instrument_version_once", fields=["instrument", "number"]),
            models.CheckConstraint(name="instrument_version_state_known", condition=Q(state__in=VersionState.values)),
            models.CheckConstraint(name="instrument_version_kind_known", condition=Q(kind__in=["indicators", "signs", "guide", "form"])),
            models.CheckConstraint(
                name="instrument_imported_when_and_by",
                condition=Q(imported_at=None, imported_by=None) | Q(imported_at__isnull=False, imported_by__isnull=False),
            ),
            models.CheckConstraint(
                name="instrument_approved_by_a_second_person",
                condition=Q(approved_by=None) | Q(imported_by=None) | ~Q(approved_by=models.F("imported_by")),
            ),
            models.CheckConstraint(name="instrument_approved_has_its_time", condition=~Q(state=VersionState.APPROVED) | Q(approved_at__isnull=False)),
            models.CheckConstraint(
                name="instrument_retired_iff_when",
                condition=Q(state=VersionState.RETIRED, retired_at__isnull=False) | (~Q(state=VersionState.RETIRED) & Q(retired_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.number}"

    @property
    def source(self) -> str:
        return in_language(self.source_en, self.source_th)

    @property
    def confidence(self) -> str:
        return in_language(self.confidence_en, self.confidence_th)

    @property
    def is_formal(self) -> bool:
        """Whether it gives a formal result: approved, and made to give one."""
        return self.state == VersionState.APPROVED and self.kind == self.Kind.INDICATORS

    @property
    def form(self) -> Form:
        """The questionnaire as XLSForm defines it."""
        return self.questionnaire.form


class Questionnaire(models.Model):
    """The whole XLSForm of a version, apart from the list of versions because it is long: never changed once used."""

    version = models.OneToOneField(InstrumentVersion, models.CASCADE, primary_key=True, related_name="questionnaire")
    definition = models.JSONField()
    digest = models.CharField(max_length=64)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["version", "definition", "digest"], Sensitivity.WORKING)

    @property
    def form(self) -> Form:
        """The form, built once per process and digest."""
        if self.digest not in _BUILT:
            if len(_BUILT) >= MOST_BUILT:
                _BUILT.clear()
            _BUILT[self.digest] = Form.from_json(self.definition)
        return _BUILT[self.digest]


_BUILT: dict[str, Form] = {}
MOST_BUILT = 64


class InstrumentUpload(models.Model):
    """A workbook between its preview and the yes or no of whoever brought it. Gone after a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(["id", "file_name", "content", "uploaded_at", "uploaded_by"], Sensitivity.WORKING)


class Question(models.Model):
    """One question of a version, with the reason that is told to the person. Its code is never renamed, only retired with its version."""

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong")
        MEDIUM = "medium", _("medium")
        WEAK = "weak", _("weak")
        NONE = "none", _("counts in no dimension")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=200)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, default=FIVE_VALUED)  # the type of its XLSForm row
    section = models.CharField(max_length=200, blank=True)  # the outermost group in which it stands
    dimension = models.CharField(max_length=3, blank=True)  # empty: it counts in none
    strength = models.CharField(max_length=6, choices=Strength)
    tags = models.CharField(max_length=160, blank=True)
    child_only = models.BooleanField(default=False)
    known_from = models.CharField(max_length=60, blank=True)  # a fact of the file that answers it, so that nobody is asked twice
    text_en = models.TextField(blank=True)
    text_th = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    why_th = models.TextField(blank=True)
    label_en = models.CharField(max_length=160, blank=True)
    label_th = models.CharField(max_length=160, blank=True)
    provenance = models.CharField(max_length=240, blank=True)
    confidence = models.CharField(max_length=20, blank=True)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "version", "code", "order", "kind", "section", "dimension", "strength", "tags", "child_only", "known_from", "text_en", "text_th", "why_en", "why_th",
         "label_en", "label_th", "provenance", "confidence"],
        Sensitivity.WORKING,
    )  # fmt: skip

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(name="question_code_once_per_version", fields=["version", "code"]),
            models.CheckConstraint(name="question_strength_known", condition=Q(strength__in=["strong", "medium", "weak", "none"])),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> str:
        return in_language(self.text_en, self.text_th)

    @property
    def why(self) -> str:
        return in_language(self.why_en, self.why_th)

    @property
    def label(self) -> str:
        """What it is called where it is evidence: its short name, else its text."""
        return in_language(self.label_en, self.label_th) or self.text

    @property
    def is_five_valued(self) -> bool:
        """Whether it is answered by yes, no, not known or not said; others hold a number, a date, words."""
        return self.kind == FIVE_VALUED

    @property
    def item(self) -> Item:
        """The question as the rule engine sees it."""
        return Item(self.code, self.dimension, self.strength, tuple(self.tags.split()), self.child_only)

    @property
    def tags_said(self) -> list[str]:
        """For which parts of the definition it speaks, in words; a tag that is none of them as it is written."""
        pairs = [tag.partition(":") for tag in self.tags.split()]
        return [
            f"{ELEMENT_LABELS[e]}: {ELEMENT_NAMES[n]}" if e in ELEMENT_LABELS and n in ELEMENT_NAMES else f"{e}{colon}{n}" for e, colon, n in pairs
        ]
