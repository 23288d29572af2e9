"""An emergency shortens a rule, with its reason; the other party is told; and somebody answers for what was found."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.following.models import Binding, Departure, DriftFinding
from saphan.agreements.following.names import office
from saphan.agreements.following.services import locked
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.states import FINDING
from saphan.agreements.procedures.departing import who_may
from saphan.agreements.procedures.standing import Standing
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Refused
from saphan.core.ids import new_id
from saphan.core.sealing import seal, unseal

# What the codes of findings speak of, as an article on departures names it.
SHORTENED = {"check_open": "check", "document_missing": "document", "signature_missing": "document", "message_missing": "message"}


@transaction.atomic
def depart(*, binding_id: UUID, what: str, name: str, role: str, reason: str, by: User, at: datetime) -> Departure:
    """A role that may shortens a rule, writing why; `by` approves it and says that she holds this role, or stands in for whoever does.

    Raises Refused where the agreement does not let this role, or where she or her organisation cannot be the one; Invalid without a reason.
    """
    binding = locked(binding_id)
    require(by, Action.PROCEDURE_DEPART, binding)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Write why. The agreement asks for it.")})
    sitting = Sitting(binding, by, at)
    sitting.action, sitting.purpose = Action.PROCEDURE_DEPART, role
    _refuse_wrong_role(sitting, what, role, by)
    departure = Departure(id=new_id(), binding=binding, seq=sitting.next_seq, at=at, what=what, name=name, role=role, approved_by=by, org=by.org)
    sitting.note("departed", name, role=role, what=what, ref=str(departure.pk))
    departure.article = sitting.standing.departures[-1].article
    seal(departure, org=by.org_id, reason=reason)
    departure.save(force_insert=True)
    sitting.close()
    return departure


def _refuse_wrong_role(sitting: Sitting, what: str, role: str, by: User) -> None:
    if role not in who_may(sitting.standing, what) or not may_be(by, role, sitting.binding, sitting.standing):
        raise Refused(_("The agreement does not let this role shorten this."), action=Action.PROCEDURE_DEPART)


def may_be(user: User, role: str, binding: Binding, standing: Standing) -> bool:
    """Whether this person could hold a role of the procedure here: of the organisation that stands for its party, and in an office that fits."""
    party = standing.compiled.procedure.roles.get(role, "")
    return binding.org_of(party) == user.org_id and office(role, binding.identity).fits(user)


def shortened(finding: DriftFinding) -> tuple[str, str] | None:
    """What a departure would have had to shorten so that this were none: the kind of rule and its name. None where none could."""
    parts = finding.name.split(":")
    if finding.kind == "late":
        return ("due", parts[1]) if parts[0] in ("promise", "stage") and len(parts) > 1 else None
    what = SHORTENED.get(finding.code)
    return (what, parts[0]) if what else None


@transaction.atomic
def read_reason(*, departure_id: UUID, by: User, at: datetime) -> str:
    """Why it was; for those who may read the file. One event of the audit says who read it."""
    departure = Departure.objects.select_related("binding").filter(pk=departure_id, binding__in=Binding.objects.visible_to(by)).first()
    if departure is None:
        raise NotFound
    require(by, Action.DEPARTURE_READ, departure)
    reason = unseal(departure, "reason", org=by.org_id)["reason"]
    record(by=by, action=Action.DEPARTURE_READ, target=departure, subject=departure.binding.scope, at=at, fields=["reason"])
    return reason or ""


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
    require(by, Action.PROCEDURE_DEPART, finding.binding)
    departure = Departure.objects.filter(pk=departure_id, binding=finding.binding_id).first()
    if departure is None:
        raise Invalid(fields={"departure": _("Choose a departure of the same case.")})
    if (departure.what, departure.name) != shortened(finding):
        raise Invalid(fields={"departure": _("That departure shortened something else.")})
    finding.departure = departure
    finding.save(update_fields=["departure"])
    return finding


@transaction.atomic
def explain_late(*, finding_id: UUID, role: str, reason: str, by: User, at: datetime) -> DriftFinding:
    """It was a departure, which is written down only now; the other party is told of it as of any other.

    Raises Invalid where no departure could have shortened this, else as `depart` does.
    """
    finding = _closed(finding_id, "depart", by, at)
    found = shortened(finding)
    if found is None:
        raise Invalid(fields={"how": _("No departure could have shortened this.")})
    finding.departure = depart(binding_id=finding.binding_id, what=found[0], name=found[1], role=role, reason=reason, by=by, at=at)
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
