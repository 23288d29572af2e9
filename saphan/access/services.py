"""Acts upon accounts: invite, accept, grant, revoke, close, open again."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.access.actions import Action
from saphan.access.models import Invitation, RoleGrant, SignIn, User
from saphan.access.policy import require
from saphan.access.roles import Role
from saphan.access.states import INVITATION
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.outbox import enqueue_mail
from saphan.directory.models import Office, Organisation

INVITATION_LIFETIME = timedelta(days=7)


def hash_of(token: str) -> str:
    """How a link's token is kept: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email: str, org: Organisation, roles: Iterable[str], by: User, at: datetime, language: str = "en") -> Invitation:
    """Mails a link that lets one address join one organisation with these roles, for seven days. Raises Refused, or Invalid."""
    email = email.lower().strip()
    token = secrets.token_urlsafe(32)
    wanted = sorted({Role(role).value for role in roles})
    invitation = Invitation(
        email=email, org=org, roles=wanted, token_hash=hash_of(token), invited_by=by, invited_at=at, expires_at=at + INVITATION_LIFETIME
    )  # fmt: skip
    require(by, Action.ACCOUNTS_INVITE, invitation)
    if not wanted:
        raise Invalid(fields={"roles": _("Choose at least one role.")})
    if User.objects.filter(email=email).exists() or Invitation.objects.filter(email=email).open_at(at).exists():
        raise Invalid(fields={"email": _("This address has an account or an open invitation already.")})
    invitation.save(force_insert=True)
    with override(language):
        _mail_invitation(invitation, token)
    record(by=by, action=Action.ACCOUNTS_INVITE, target=invitation, at=at, fields=wanted)
    return invitation


def _mail_invitation(invitation: Invitation, token: str) -> None:
    link = settings.SITE_URL.rstrip("/") + reverse("access:join", args=[token])
    body = _(
        "You are invited to Saphan.\n\nOpen this link within seven days to set up your account:\n%(link)s\n\nIf you did not expect this, ignore it."
    )
    enqueue_mail(key=f"invitation:{invitation.pk}", to=invitation.email, subject=_("Invitation to Saphan"), body=body % {"link": link})


def open_invitation(token: str, at: datetime) -> Invitation:
    """The invitation behind a link. Raises NotFound alike for an unknown, used, revoked or expired one."""
    invitation = (
        Invitation.objects.open_at(at).select_related("org").filter(token_hash=hash_of(token), org__state=Organisation.State.APPROVED).first()
    )
    if invitation is None:
        raise NotFound(_("This link does not open anything: it was used, withdrawn, or is more than seven days old. Ask for a new one."))
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, language: str, at: datetime) -> User:
    """Makes the account that the link promises; the link is spent. Raises NotFound for a dead link, Invalid for a weak password."""
    invitation = open_invitation(token, at)
    invitation = Invitation.objects.select_for_update().select_related("org").get(pk=invitation.pk)
    user = User(email=invitation.email, name=name.strip(), org=invitation.org, language=language, joined_at=at)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": " ".join(error.messages)}) from None
    invitation.state = INVITATION.target("accept", invitation.state)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("This address has an account already.")) from None
    RoleGrant.objects.bulk_create(
        [RoleGrant(user=user, role=role, granted_by_id=invitation.invited_by_id, granted_at=at) for role in invitation.roles]
    )
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["state", "accepted_at", "accepted_by"])
    record(by=user, action="accounts:accept", target=invitation, at=at)
    return user


@transaction.atomic
def revoke_invitation(*, invitation_id: UUID, by: User, at: datetime) -> Invitation:
    """Makes the link dead before it was used."""
    invitation = Invitation.objects.select_for_update().visible_to(by).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    require(by, Action.ACCOUNTS_INVITE)
    invitation.state = INVITATION.target("revoke", invitation.state)
    invitation.revoked_at, invitation.revoked_by = at, by
    invitation.save(update_fields=["state", "revoked_at", "revoked_by"])
    record(by=by, action="accounts:withdraw_invitation", target=invitation, at=at)
    return invitation


@transaction.atomic
def grant_role(*, user: User, role: str, by: User, at: datetime, ends_at: datetime | None = None) -> RoleGrant:
    """Gives an account a role and ends its sessions, so that the next page knows."""
    user = _locked(user)
    grant = RoleGrant(user=user, role=Role(role), granted_by=by, granted_at=at, ends_at=ends_at)
    require(by, Action.ACCOUNTS_GRANT, grant)
    if ends_at is not None and ends_at <= at:
        raise Invalid(fields={"ends_at": _("The end must be in the future.")})
    RoleGrant.objects.filter(user=user, role=role, revoked_at=None, ends_at__lte=at).update(revoked_at=at)
    if RoleGrant.objects.filter(user=user, role=role, revoked_at=None).exists():
        raise WrongState(_("The account holds this role already."))
    grant.save(force_insert=True)
    _end_sessions(user)
    record(by=by, action=Action.ACCOUNTS_GRANT, target=user, at=at, fields=[role])
    return grant


@transaction.atomic
def revoke_role(*, grant_id: UUID, by: User, at: datetime) -> RoleGrant:
    """Takes a role away and ends the account's sessions."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").filter(pk=grant_id, revoked_at=None).first()
    if grant is None:
        raise NotFound
    require(by, Action.ACCOUNTS_REVOKE, grant)
    grant.revoked_at, grant.revoked_by = at, by
    grant.save(update_fields=["revoked_at", "revoked_by"])
    _end_sessions(grant.user)
    record(by=by, action=Action.ACCOUNTS_REVOKE, target=grant.user, at=at, fields=[grant.role])
    return grant


@transaction.atomic
def deactivate_account(*, user: User, by: User, at: datetime) -> User:
    """Closes an account: no sign-in, all sessions dead. Nothing of its record is lost."""
    user = _locked(user)
    require(by, Action.ACCOUNTS_DEACTIVATE, user)
    if not user.is_active:
        raise WrongState(_("The account is closed already."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)
    record(by=by, action=Action.ACCOUNTS_DEACTIVATE, target=user, at=at)
    return user


@transaction.atomic
def reactivate_account(*, user: User, by: User, at: datetime) -> User:
    """Opens a closed account again, with the roles it still holds."""
    user = _locked(user)
    require(by, Action.ACCOUNTS_DEACTIVATE, user)
    if user.is_active:
        raise WrongState(_("The account is open."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by=by, action="accounts:reactivate", target=user, at=at)
    return user


@transaction.atomic
def place_account(*, user: User, office: Office | None, by: User, at: datetime) -> User:
    """Puts an account into an office of its organisation, or into none. Raises Invalid for an office of another organisation."""
    user = _locked(user)
    require(by, Action.ACCOUNTS_PLACE, user)
    if office is not None and office.org_id != user.org_id:
        raise Invalid(fields={"office": _("This office belongs to another organisation.")})
    user.office = office
    user.save(update_fields=["office"])
    record(by=by, action=Action.ACCOUNTS_PLACE, target=user, at=at, fields=["office"])
    return user


@transaction.atomic
def sign_out_elsewhere(*, by: User, at: datetime) -> None:
    """Ends all sessions of one's own account; the caller renews the present one."""
    _end_sessions(by)
    SignIn.objects.filter(user=by, ended_at=None).update(ended_at=at)
    record(by=by, action="accounts:sign_out_elsewhere", target=by, at=at)


def keep_present_session(*, sign_in: str | None, by: User) -> None:
    """The one session that asked for all others to end goes on under the new epoch."""
    SignIn.objects.filter(pk=sign_in or UUID(int=0), user=by).update(epoch=by.session_epoch, ended_at=None)


@transaction.atomic
def change_profile(*, name: str, language: str, by: User, at: datetime) -> None:
    """Keeps one's own name and language."""
    by.name, by.language = name.strip(), language
    by.save(update_fields=["name", "language"])
    record(by=by, action="accounts:profile", target=by, at=at, fields=["name", "language"])


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _end_sessions(user: User) -> None:
    """One more epoch: every session made before it no longer fits its account."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    user.__dict__.pop("roles", None)
    user.__dict__.pop("acts", None)
