"""Accounts and what they are allowed."""

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.access.roles import Role
from saphan.core import clock
from saphan.core.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Creates accounts; an e-mail address is kept in lower case so that it exists once."""

    def create_user(self, *, email: str, name: str, org: object, password: str | None = None) -> "User":
        user: User = self.model(email=email.lower().strip(), name=name, org=org)
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
