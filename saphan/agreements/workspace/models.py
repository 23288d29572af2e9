"""What the workspace keeps: the history of a draft, what the parties propose and say to it, their keys, signatures that wait for a second person."""

import json
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from saphan.agreements.register_models import AgreementParty
from saphan.agreements.version_models import AgreementVersion
from saphan.agreements.workspace.states import (
    PROPOSAL_TONES,
    STANCE_TONES,
    BracketState,
    KeyState,
    PreparedState,
    ProposalState,
    Stance,
)
from saphan.core.ids import new_id
from saphan.core.sealed_field import SealedField
from saphan.core.sensitivity import Sensitivity

P = ProposalState


class What(models.TextChoices):
    """What a revision changed."""

    BEFORE = "before", _("the text as it was before the cards")
    BEGUN = "begun", _("running part begun")
    WORDS = "words", _("words of an article")
    ROW = "row", _("a row")
    ROW_GONE = "row_gone", _("a row taken away")
    ARTICLE = "article", _("an article added")
    ARTICLE_GONE = "article_gone", _("an article taken away")
    MOVED = "moved", _("an article moved")
    HEAD = "head", _("the lists at the head")
    PROPOSAL = "proposal", _("a proposal that all parties accepted")
    UNDONE = "undone", _("back to an earlier text")


class Revision(models.Model):
    """The whole draft after one change: its canonical text, so that nothing anybody wrote is ever lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=12, choices=What)
    article = models.CharField(max_length=20, blank=True)
    canonical = models.TextField()
    digest = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="revision_number_once", fields=["version", "number"]),
            models.CheckConstraint(name="revision_what_known", condition=Q(what__in=What.values)),
        ]

    def plain(self) -> dict[str, Any]:
        """The draft as plain values."""
        found: dict[str, Any] = json.loads(self.canonical)
        return found


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Many proposals."""

    def seen_by(self, party: AgreementParty | None) -> Self:
        """What is being written is its party's alone."""
        return self.filter(~Q(state=P.DRAFT) | Q(party=party))

    def open(self) -> Self:
        return self.filter(state=P.OPEN)


class Proposal(models.Model):
    """One party proposes another text for one article, a new article, or to take one away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="proposals")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    article = models.CharField(max_length=20)  # its key; for a new article the number it will have
    after = models.CharField(max_length=20, blank=True)  # a new article stands behind this one
    base = models.CharField(max_length=16)  # the mark of the article on which it builds; `none` for a new one
    content = models.JSONField(null=True, blank=True)  # the article as proposed; nothing: it is to go
    reason = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=9, choices=P, default=P.DRAFT)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()
    positions: "models.Manager[Position]"

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(name="proposal_state_known", condition=Q(state__in=P.values)),
            models.CheckConstraint(
                name="proposal_settled_iff_when",
                condition=Q(state__in=[P.DRAFT, P.OPEN], settled_at=None) | (~Q(state__in=[P.DRAFT, P.OPEN]) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_open_iff_submitted", condition=~Q(state__in=[P.OPEN, P.APPLIED, P.DECLINED]) | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(name="proposal_takes_away_what_is_there", condition=Q(content__isnull=False) | ~Q(base="none")),
        ]

    @property
    def tone(self) -> str:
        return PROPOSAL_TONES[P(self.state)]

    @property
    def is_new(self) -> bool:
        """Whether it is about an article that does not exist yet."""
        return self.base == "none"

    @property
    def is_open(self) -> bool:
        return self.state == P.OPEN


class Position(models.Model):
    """What one party said to a proposal, and when. The last word of each counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="positions")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=7, choices=Stance)
    content_mark = models.CharField(max_length=16)  # of the text it was said to: a position never passes to another text
    words = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="position_stance_known", condition=Q(stance__in=Stance.values))]

    @property
    def tone(self) -> str:
        return STANCE_TONES[Stance(self.stance)]


class Bracket(models.Model):
    """A party holds an article open: nobody agrees to the whole while it stands."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="brackets")
    article = models.CharField(max_length=20)
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=BracketState, default=BracketState.STANDING)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["set_at"]
        constraints = [
            models.CheckConstraint(name="bracket_state_known", condition=Q(state__in=BracketState.values)),
            models.CheckConstraint(
                name="bracket_lifted_iff_when_and_by",
                condition=Q(state=BracketState.STANDING, lifted_at=None, lifted_by=None)
                | Q(state=BracketState.LIFTED, lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="bracket_once_per_party", fields=["version", "article", "party"], condition=Q(state=BracketState.STANDING)
            ),
        ]  # fmt: skip


class Comment(models.Model):
    """A remark to an article of a version that is negotiated; all parties read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="comments")
    article = models.CharField(max_length=20)
    proposal = models.ForeignKey(Proposal, models.CASCADE, null=True, blank=True, related_name="comments")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]


class PartyKey(models.Model):
    """The Ed25519 key with which an organisation signs agreements. Its secret half lies sealed under the organisation's own key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    public = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=7, choices=KeyState, default=KeyState.ACTIVE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    secret = SealedField(Sensitivity.LEGAL)

    labels: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ["id", "org", "public", "state", "made_at", "made_by", "retired_at"], Sensitivity.WORKING
    )  # fmt: skip

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(name="party_key_state_known", condition=Q(state__in=KeyState.values)),
            models.CheckConstraint(
                name="party_key_retired_iff_when",
                condition=Q(state=KeyState.ACTIVE, retired_at=None) | Q(state=KeyState.RETIRED, retired_at__isnull=False),
            ),
            models.UniqueConstraint(name="party_key_one_in_use", fields=["org"], condition=Q(state=KeyState.ACTIVE)),
        ]

    @property
    def sealed_scope(self) -> UUID:
        """Its own data key: destroying that destroys the secret half."""
        return self.id

    def fingerprint(self) -> str:
        """Groups of four digits of the public key, to be compared by voice."""
        return " ".join(self.public[at : at + 4] for at in range(0, len(self.public), 4))


class PreparedSignature(models.Model):
    """One person of an office made a signature by key ready; until another one signs, nothing is signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="prepared")
    party = models.ForeignKey(AgreementParty, models.PROTECT, related_name="+")
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    office = models.CharField(max_length=160)
    signatory = models.CharField(max_length=160)
    digest = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=PreparedState, default=PreparedState.PREPARED)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["prepared_at"]
        constraints = [
            models.CheckConstraint(name="prepared_state_known", condition=Q(state__in=PreparedState.values)),
            models.CheckConstraint(
                name="prepared_settled_iff_when_and_by",
                condition=Q(state=PreparedState.PREPARED, settled_at=None, settled_by=None)
                | (~Q(state=PreparedState.PREPARED) & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="prepared_signed_by_a_second_person", condition=~Q(state=PreparedState.SIGNED) | ~Q(settled_by=F("prepared_by"))
            ),
            models.UniqueConstraint(
                name="prepared_once_per_party", fields=["version", "party"], condition=Q(state=PreparedState.PREPARED)
            ),
        ]  # fmt: skip
