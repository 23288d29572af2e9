"""An emergency shortens a rule, with its reason; the other party is told; and somebody answers for what was found."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.following.models import Binding, Departure, DriftFinding
from saphan.agreements.following.services import locked
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.states import FINDING
from saphan.agreements.procedures.departing import who_may
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Refused
from saphan.core.ids import new_id
from saphan.core.sealing import seal


@transaction.atomic
def depart(*, binding_id: UUID, what: str, name: str, role: str, reason: str, by: User, at: datetime) -> Departure:
    """A role that may shortens a rule, writing why. Raises Refused where the agreement does not let it, Invalid without a reason."""
    binding = locked(binding_id)
    require(by, Action.PROCEDURE_DEPART, binding)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Write why. The agreement asks for it.")})
    sitting = Sitting(binding, by, at)
    sitting.action = Action.PROCEDURE_DEPART
    _refuse_wrong_role(sitting, what, role, by)
    departure = Departure(id=new_id(), binding=binding, seq=sitting.next_seq, at=at, what=what, name=name, role=role, approved_by=by, org=by.org)
    sitting.note("departed", name, role=role, what=what, ref=str(departure.pk))
    departure.article = sitting.standing.departures[-1].article
    seal(departure, org=by.org_id, reason=reason)
    departure.save(force_insert=True)
    sitting.close()
    return departure


def _refuse_wrong_role(sitting: Sitting, what: str, role: str, by: User) -> None:
    party = sitting.standing.compiled.procedure.roles.get(role, "")
    if role not in who_may(sitting.standing, what) or sitting.binding.org_of(party) != by.org_id:
        raise Refused(_("The agreement does not let this role shorten this."), action=Action.PROCEDURE_DEPART)


@transaction.atomic
def tell(*, departure_id: UUID, by: User, at: datetime) -> Departure:
    """The other party was told of a departure; once is enough."""
    departure = Departure.objects.select_for_update(of=("self",)).filter(pk=departure_id).first()
    if departure is None:
        raise NotFound
    binding = locked(departure.binding_id)
    require(by, Action.PROCEDURE_FOLLOW, binding)
    if departure.told_at is None:
        departure.told_at, departure.told_by = at, by
        departure.save(update_fields=["told_at", "told_by"])
        sitting = Sitting(binding, by, at)
        sitting.note("told", ref=str(departure.pk))
        sitting.close()
    return departure


@transaction.atomic
def accept(*, finding_id: UUID, by: User, at: datetime) -> DriftFinding:
    """Somebody answers for it with a name: it happened, and stays as it is."""
    return _closed(finding_id, "accept", by, at)


@transaction.atomic
def correct(*, finding_id: UUID, by: User, at: datetime) -> DriftFinding:
    """What was wrong has been put right since."""
    finding = _closed(finding_id, "correct", by, at)
    if finding.seq:
        sitting = Sitting(locked(finding.binding_id), by, at)
        sitting.action = Action.DRIFT_CLOSE
        sitting.note("corrected", ref=str(finding.seq))
        sitting.close()
    return finding


@transaction.atomic
def explain(*, finding_id: UUID, departure_id: UUID, by: User, at: datetime) -> DriftFinding:
    """It was a departure that was written down late. Raises Invalid where that departure belongs to another case."""
    finding = _closed(finding_id, "depart", by, at)
    departure = Departure.objects.filter(pk=departure_id, binding=finding.binding_id).first()
    if departure is None:
        raise Invalid(fields={"departure": _("Choose a departure of the same case.")})
    finding.departure = departure
    finding.save(update_fields=["departure"])
    return finding


def _closed(finding_id: UUID, verb: str, by: User, at: datetime) -> DriftFinding:
    finding = DriftFinding.objects.select_for_update(of=("self",)).select_related("binding").filter(pk=finding_id).first()
    if finding is None or not Binding.objects.visible_to(by).filter(pk=finding.binding_id).exists():
        raise NotFound
    require(by, Action.DRIFT_CLOSE, finding)
    finding.state = FINDING.target(verb, finding.state)
    finding.closed_at, finding.closed_by = at, by
    finding.save(update_fields=["state", "closed_at", "closed_by"])
    record(by=by, action=Action.DRIFT_CLOSE, target=finding, subject=finding.binding.scope, at=at, fields=["state"], purpose=verb)
    return finding
