"""A version of an agreement: its words, its running part, its signatures. Once signed, nothing of it changes; the database holds to that too."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from saphan.access.actions import Action
from saphan.agreements.codes import Confidentiality, Method
from saphan.agreements.register_models import Agreement, AgreementParty, ArticleType, of_party
from saphan.agreements.states import OPEN, SIGNED_STATES, TONES, SignatureState, VersionState
from saphan.core.ids import new_id

if TYPE_CHECKING:
    from saphan.access.models import User

V = VersionState
# What may still change under a signed version: where it stands, and when the other side was told.
MOVING = frozenset({"state", "notified_on"})


class VersionQuerySet(models.QuerySet["AgreementVersion"]):
    """Many versions."""

    def visible_to(self, user: "User") -> Self:
        """Signed ones of visible agreements; before that a draft is its office's, and the parties see it once it is negotiated."""
        if Action.AGREEMENT_READ not in user.acts:
            return self.none()
        seen = self.filter(agreement__in=Agreement.objects.visible_to(user))
        theirs = ~Q(agreement__confidentiality=Confidentiality.OFFICE) & of_party(user.org, "agreement__") & ~Q(state=V.DRAFTING)
        return seen.filter(Q(signed_at__isnull=False) | Q(agreement__kept_by=user.org_id) | theirs)

    def signed(self) -> Self:
        """Those that all parties have signed."""
        return self.filter(signed_at__isnull=False)

    def in_force_on(self, day: date) -> Self:
        """Those of which the whole was in force on a day, by the force events."""
        from saphan.agreements.force_models import whole_in_force_on  # the events stand above the versions

        return self.filter(whole_in_force_on(day))

    def newest_first(self) -> Self:
        return self.order_by("-major", "-minor", "-patch")


class AgreementVersion(models.Model):
    """One version of an agreement. `procedure` is what runs, in the words of its file; `canonical` is what is hashed and signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField(default=0)
    patch = models.PositiveSmallIntegerField(default=0)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="drafts")
    state = models.CharField(max_length=20, choices=VersionState, default=V.DRAFTING)
    languages = models.JSONField(default=list)  # whose text binds
    procedure = models.TextField(blank=True)  # YAML as it was given; empty where the agreement has no running part
    canonical = models.TextField(blank=True)  # RFC 8785: of the procedure, or of the texts where there is none
    digest = models.CharField(max_length=80, blank=True)  # SHA-256 of `canonical`, as `sha256:` and hexadecimal digits
    findings = models.JSONField(default=list)  # of the linter: rule, article, sentence, level
    errors = models.PositiveSmallIntegerField(default=0)
    changes = models.CharField(max_length=400, blank=True)  # what is new in it, in a sentence
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()
    texts: "models.Manager[ProvisionText]"
    signatures: "models.Manager[Signature]"

    class Meta:
        ordering = ["-major", "-minor", "-patch"]
        constraints = [
            models.CheckConstraint(name="version_state_known", condition=Q(state__in=V.values)),
            models.UniqueConstraint(name="version_number_once", fields=["agreement", "major", "minor", "patch"]),
            models.CheckConstraint(name="version_leaves_drafting_without_errors", condition=Q(state=V.DRAFTING) | Q(errors=0)),
            models.CheckConstraint(
                name="version_signed_iff_when", condition=Q(state__in=sorted(SIGNED_STATES), signed_at__isnull=False)
                | (~Q(state__in=sorted(SIGNED_STATES)) & Q(signed_at=None, notified_on=None)),
            ),
            models.CheckConstraint(
                name="version_agreed_iff_when_and_digest", condition=Q(state__in=sorted(OPEN), agreed_at=None)
                | (~Q(state__in=sorted(OPEN)) & Q(agreed_at__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(name="version_digest_iff_canonical", condition=Q(canonical="", digest="") | (~Q(canonical="") & ~Q(digest=""))),
            models.CheckConstraint(name="version_notified_has_a_day", condition=~Q(state=V.NOTIFIED) | Q(notified_on__isnull=False)),
            models.CheckConstraint(name="version_not_based_on_itself", condition=~Q(based_on=F("id"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.semver

    @property
    def semver(self) -> str:
        """Its number: a new major one changes what somebody must do, a minor one adds, a patch corrects words."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tone(self) -> str:
        """The tone of its state on a page."""
        return TONES[V(self.state)]

    @property
    def runs(self) -> bool:
        """Whether it holds a running part."""
        return bool(self.procedure)

    @property
    def is_open(self) -> bool:
        """Whether its words may still change."""
        return self.state in OPEN

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    def plain(self) -> dict[str, Any]:
        """What was hashed, as plain values; empty where nothing was."""
        found: dict[str, Any] = json.loads(self.canonical) if self.canonical else {}
        return found


class ProvisionText(models.Model):
    """The words of one provision in one language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="texts")
    number = models.CharField(max_length=20)  # of the article: 5, 5a, preamble
    place = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5)
    heading = models.CharField(max_length=200, blank=True)
    prose = models.TextField()
    type = models.ForeignKey(ArticleType, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["place", "language"]
        constraints = [
            models.UniqueConstraint(name="provision_once_per_language", fields=["version", "number", "language"]),
            models.CheckConstraint(name="provision_has_words", condition=~Q(prose="") & ~Q(number="")),
        ]


class Signature(models.Model):
    """The signature of one party under one version, as two persons of the office have seen it. It names the office, and who signed for it in public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="signatures")
    office = models.CharField(max_length=160)  # Minister of Social Development and Human Security
    signatory = models.CharField(max_length=160)  # the public signatory
    method = models.CharField(max_length=7, choices=Method)
    digest = models.CharField(max_length=80)
    signed_on = models.DateField()
    place_signed = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=9, choices=SignatureState, default=SignatureState.ENTERED)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["signed_on", "entered_at"]
        constraints = [
            models.CheckConstraint(name="signature_state_known", condition=Q(state__in=SignatureState.values)),
            models.CheckConstraint(
                name="signature_settled_iff_when_and_by",
                condition=Q(state=SignatureState.ENTERED, settled_at=None, settled_by=None)
                | (~Q(state=SignatureState.ENTERED) & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="signature_two_persons", condition=~Q(state=SignatureState.CONFIRMED) | ~Q(settled_by=F("entered_by"))
            ),
            models.CheckConstraint(
                name="signature_key_iff_method",
                condition=Q(method=Method.WET, key="", value="") | (Q(method=Method.ED25519) & ~Q(key="") & ~Q(value="")),
            ),
            models.UniqueConstraint(
                name="signature_once_per_party", fields=["version", "party"], condition=~Q(state=SignatureState.REJECTED)
            ),
        ]  # fmt: skip
