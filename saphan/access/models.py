"""Accounts and what they are allowed."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.roles import Role, acts_of
from saphan.access.states import InvitationState
from saphan.core import clock
from saphan.core.ids import new_id
from saphan.directory.models import Organisation


class UserManager(BaseUserManager["User"]):
    """Creates accounts; an e-mail address is kept in lower case so that it exists once."""

    def create_user(self, *, email: str, name: str, org: Organisation, password: str | None = None, is_demo: bool = False) -> "User":
        user: User = self.model(email=email.lower().strip(), name=name, org=org, is_demo=is_demo)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with Saphan, always for one organisation; who works for two has two accounts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="users")
    office = models.ForeignKey("directory.Office", models.SET_NULL, null=True, blank=True, related_name="users")
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # asked for by Wagtail's admin; no Django admin is mounted
    joined_at = models.DateTimeField(default=clock.now)
    session_epoch = models.PositiveIntegerField(default=1)  # part of every session's fingerprint: one more, and all sessions are dead
    is_demo = models.BooleanField(default=False)  # an invented worker: a demonstration shows her present code

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held now, read once per request."""
        at = clock.now()
        current = self.grants.filter(revoked_at=None).filter(Q(ends_at=None) | Q(ends_at__gt=at))
        return frozenset(current.values_list("role", flat=True))

    def get_session_auth_hash(self) -> str:
        """The fingerprint a session must carry: dies with a change of password, of roles or of the account (R10)."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier signing secrets."""
        return (f"{value}.{self.session_epoch}" for value in super().get_session_auth_fallback_hash())

    @cached_property
    def acts(self) -> frozenset[Action]:
        """All acts that these roles include; what the desk's menu and tiles are chosen by."""
        return acts_of(self.roles)

    @property
    def actor_id(self) -> str:
        """How the audit names this account."""
        return str(self.pk)

    @property
    def acting_org(self) -> str:
        """The organisation in whose chain the audit writes this account's acts."""
        return str(self.org_id)


class RoleGrant(models.Model):
    """A role given to an account by somebody, from one moment to another; revoked, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=Role)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: until revoked."))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="role_held_once", fields=["user", "role"], condition=Q(revoked_at=None)),
            models.CheckConstraint(name="grant_revoked_when_and_by", condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False)),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Many invitations."""

    def visible_to(self, user: User) -> "InvitationQuerySet":
        """Those of one's own organisation; the administrators of the platform see all."""
        return self if Role.ADMINISTRATOR in user.roles else self.filter(org=user.org_id)

    def open_at(self, at: datetime) -> "InvitationQuerySet":
        """Neither accepted nor revoked nor too old."""
        return self.filter(state=InvitationState.SENT, expires_at__gt=at)


class Invitation(models.Model):
    """An address asked to join one organisation with named roles. The link's token is kept as its hash only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="invitations")
    roles = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.SENT)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(User, models.PROTECT, null=True, related_name="invitation")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_when_and_by_fit_state",
                condition=Q(state="sent", accepted_at=None, accepted_by=None, revoked_at=None, revoked_by=None)
                | Q(state="accepted", accepted_at__isnull=False, accepted_by__isnull=False, revoked_at=None, revoked_by=None)
                | Q(state="revoked", revoked_at__isnull=False, revoked_by__isnull=False, accepted_at=None, accepted_by=None),
            ),
            models.CheckConstraint(name="invitation_expires_later", condition=Q(expires_at__gt=models.F("invited_at"))),
        ]
        indexes = [models.Index(name="invitation_of_org", fields=["org", "-invited_at"])]


class OrganisationApproval(models.Model):
    """One signature under an organisation's way in: who proposed it, who approved, rejected or suspended it, and when.

    A round begins with a proposal. Within a round one person signs once, as proposer or as approver: the
    database itself keeps one pair of hands from doing both (R4).
    """

    class Act(models.TextChoices):
        PROPOSE = "propose", _("proposed")
        APPROVE = "approve", _("approved")
        REJECT = "reject", _("rejected")
        SUSPEND = "suspend", _("suspended")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    org = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField(default=1)
    act = models.CharField(max_length=8, choices=Act)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_signature_each", fields=["org", "round", "by"], condition=Q(act__in=["propose", "approve"])),
            models.UniqueConstraint(name="one_proposal_each_round", fields=["org", "round"], condition=Q(act="propose")),
            models.CheckConstraint(name="approval_act_known", condition=Q(act__in=["propose", "approve", "reject", "suspend"])),
        ]


class SpentCode(models.Model):
    """A code of the second step that has opened a door once. The constraint, not a cache, keeps two parallel doors from opening (R11)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="spent_codes")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="code_spent_once", fields=["user", "mark"])]


class SignIn(models.Model):
    """One sign-in, so that its owner can see where she is signed in. `browser` is a word or two, no fingerprint."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    epoch = models.PositiveIntegerField()
    at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="sign_in_of_user", fields=["user", "-at"])]
