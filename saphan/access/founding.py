"""The first accounts of an empty house: nobody is there yet who could invite or approve."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.audit.services import record
from saphan.core.errors import Invalid, Refused
from saphan.directory.models import Country, Organisation

FOUNDERS = 3  # one proposes an organisation, two others approve it
FOUNDING_ROLES = {Role.ADMINISTRATOR, Role.ORG_ADMINISTRATOR}


@transaction.atomic
def found_account(*, email: str, name: str, organisation: str, role: str, password: str, at: datetime) -> User:
    """Makes a founding account by the hand of the operator. Raises Refused once three administrators exist, Invalid for what cannot be used."""
    if RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, revoked_at=None).count() >= FOUNDERS:
        raise Refused(_("This house has its administrators. Further people are invited on screen."))
    if role not in FOUNDING_ROLES:
        raise Invalid(fields={"role": _("Choose administrator or org_administrator.")})
    user = User(email=email.lower().strip(), name=name.strip(), joined_at=at)
    _refuse_unusable(user, password)
    user.org = _house(organisation.strip())
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.create(user=user, role=role, granted_at=at)
    record(by=None, action="accounts:found", target=user, at=at, fields=[role])
    return user


def _refuse_unusable(user: User, password: str) -> None:
    try:
        validate_email(user.email)
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"account": " ".join(error.messages)}) from None
    if User.objects.filter(email=user.email).exists():
        raise Invalid(fields={"email": _("This address has an account already.")})


def _house(name: str) -> Organisation:
    """The organisation that keeps the installation: approved by the operator's own hand, and only as the first one."""
    existing = Organisation.objects.filter(name_en=name).first()
    if existing is None and Organisation.objects.exists() and User.objects.exists():
        raise Invalid(
            fields={"organisation": _("The founding accounts belong to the organisation that is there already; others are proposed on screen.")}
        )
    thailand = Country.objects.get(code="TH")
    kind = Organisation.Kind.MINISTRY
    return existing or Organisation.objects.create(name_en=name, kind=kind, country=thailand, state=Organisation.State.APPROVED)
