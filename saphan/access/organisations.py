"""An organisation's way into the network: proposed by one person, approved by two others, closed by either of them."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import OrganisationApproval, User
from saphan.access.policy import require
from saphan.access.states import ORGANISATION
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Refused
from saphan.directory.models import Country, Organisation

APPROVALS_NEEDED = 2  # persons, besides the one who proposes (R4)
Act = OrganisationApproval.Act


@transaction.atomic
def propose_organisation(*, name_en: str, name_th: str, kind: str, country: Country, by: User, at: datetime) -> Organisation:
    """Writes down an organisation that wants to take part. Raises Invalid when the name exists."""
    require(by, Action.ORGANISATIONS_PROPOSE)
    org = Organisation(name_en=name_en.strip(), name_th=name_th.strip(), kind=kind, country=country)
    try:
        with transaction.atomic():
            org.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"name_en": _("An organisation of this name exists.")}) from None
    _sign(org, Act.PROPOSE, by, at, 1)
    record(by=by, action=Action.ORGANISATIONS_PROPOSE, target=org, at=at)
    return org


@transaction.atomic
def propose_again(*, org_id: UUID, by: User, at: datetime) -> Organisation:
    """Asks to let a suspended organisation back in: a new round with new signatures."""
    org = _locked(org_id)
    require(by, Action.ORGANISATIONS_PROPOSE, org)
    org.state = ORGANISATION.target("propose again", org.state)
    org.save(update_fields=["state"])
    _sign(org, Act.PROPOSE, by, at, round_of(org) + 1)
    record(by=by, action=Action.ORGANISATIONS_PROPOSE, target=org, at=at)
    return org


@transaction.atomic
def approve_organisation(*, org_id: UUID, by: User, at: datetime) -> Organisation:
    """Signs for an organisation; with the second person's signature it takes part. Refused: the proposer, and a second signature of one person."""
    org = _locked(org_id)
    require(by, Action.ORGANISATIONS_APPROVE, org)
    approved = ORGANISATION.target("approve", org.state)
    _sign(org, Act.APPROVE, by, at, round_of(org))
    if OrganisationApproval.objects.filter(org=org, round=round_of(org), act=Act.APPROVE).count() >= APPROVALS_NEEDED:
        org.state = approved
        org.save(update_fields=["state"])
    record(by=by, action=Action.ORGANISATIONS_APPROVE, target=org, at=at)
    return org


@transaction.atomic
def reject_organisation(*, org_id: UUID, by: User, at: datetime) -> Organisation:
    """Says no to a proposed organisation, for good."""
    return _close(org_id, "reject", Act.REJECT, by, at)


@transaction.atomic
def suspend_organisation(*, org_id: UUID, by: User, at: datetime) -> Organisation:
    """Shuts an organisation out at once: one person is enough to close a door, two open it again. Its sessions end."""
    org = _close(org_id, "suspend", Act.SUSPEND, by, at)
    User.objects.filter(org=org).update(session_epoch=F("session_epoch") + 1)
    return org


def _close(org_id: UUID, verb: str, act: Act, by: User, at: datetime) -> Organisation:
    org = _locked(org_id)
    require(by, Action.ORGANISATIONS_REJECT, org)
    org.state = ORGANISATION.target(verb, org.state)
    org.save(update_fields=["state"])
    _sign(org, act, by, at, round_of(org))
    record(by=by, action=f"organisations:{verb}", target=org, at=at)
    return org


def round_of(org: Organisation) -> int:
    """The present round of signatures; organisations planted with the installation have none yet and stand in round 1."""
    last = OrganisationApproval.objects.filter(org=org).order_by("-round").values_list("round", flat=True).first()
    return last or 1


def _sign(org: Organisation, act: Act, by: User, at: datetime, round: int) -> None:
    try:
        with transaction.atomic():
            OrganisationApproval.objects.create(org=org, act=act, by=by, at=at, round=round)
    except IntegrityError:
        raise Refused(
            _("One person signs once."), action=Action.ORGANISATIONS_APPROVE, target_kind="directory.organisation", target_id=str(org.pk)
        ) from None


def _locked(org_id: UUID) -> Organisation:
    org = Organisation.objects.select_for_update().filter(pk=org_id).first()
    if org is None:
        raise NotFound
    return org
