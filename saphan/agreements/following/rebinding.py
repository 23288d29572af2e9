"""A subject follows another version: asked by one person, seen as a difference, approved by two others. A newer version by itself changes nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.following.kept import binds_on, compiled
from saphan.agreements.following.models import Binding, KeptProcedure, Rebinding
from saphan.agreements.following.services import locked
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.states import REBINDING
from saphan.agreements.procedures.compiling import Compiled
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState


@transaction.atomic
def ask(*, binding_id: UUID, after: KeptProcedure, by: User, at: datetime) -> Rebinding:
    """Asks that the subject follow another version of the same procedure. Raises Invalid where it could not go on from where it stands."""
    binding = locked(binding_id)
    require(by, Action.REBIND_ASK, binding)
    _refuse_unfit(binding, after, at)
    if binding.rebindings.filter(state="asked").exists():
        raise WrongState(_("This was asked for already and waits for its approvals."))
    asked = Rebinding.objects.create(binding=binding, before=binding.procedure, after=after, asked_at=at, asked_by=by)
    record(by=by, action=Action.REBIND_ASK, target=asked, subject=binding.scope, at=at, fields=["after"])
    return asked


def _refuse_unfit(binding: Binding, after: KeptProcedure, at: datetime) -> None:
    if after.pk == binding.procedure_id or after.identity != binding.identity:
        raise Invalid(fields={"after": _("Choose another version of the same procedure.")})
    if not binds_on(after, timezone.localdate(at)):
        raise Invalid(fields={"after": _("That version is not in force.")})
    if binding.stage not in compiled(after).stages:
        raise Invalid(fields={"after": _("That version does not know the stage at which the case stands.")})


@transaction.atomic
def approve(*, rebinding_id: UUID, by: User, at: datetime) -> Rebinding:
    """The first approval is kept; with the second the subject follows the other version, and is asked anew where more fields would cross."""
    asked = _locked(rebinding_id, by)
    if asked.first_by_id is None:
        REBINDING.target("complete", asked.state)  # only while it is asked for
        asked.first_by, asked.first_at = by, at
        asked.save(update_fields=["first_by", "first_at"])
    else:
        asked.state = REBINDING.target("complete", asked.state)
        asked.second_by, asked.second_at = by, at
        asked.save(update_fields=["state", "second_by", "second_at"])
        _bind_anew(asked, by, at)
    record(by=by, action=Action.REBIND_APPROVE, target=asked, subject=asked.binding.scope, at=at, fields=["state"])
    return asked


@transaction.atomic
def refuse(*, rebinding_id: UUID, by: User, at: datetime) -> Rebinding:
    """The subject stays under the version that it follows."""
    asked = _locked(rebinding_id, by)
    asked.state = REBINDING.target("refuse", asked.state)
    asked.save(update_fields=["state"])
    record(by=by, action=Action.REBIND_APPROVE, target=asked, subject=asked.binding.scope, at=at, fields=["state"], purpose="refuse")
    return asked


def fields_more(before: Compiled, after: Compiled) -> dict[str, tuple[str, ...]]:
    """Which fields would cross under which consent that did not before: for these the person is asked anew."""
    found = {}
    for consent in after.consents:
        more = _crossing(after, consent) - _crossing(before, consent)
        if more:
            found[consent] = tuple(sorted(more))
    return found


def _crossing(of: Compiled, consent: str) -> set[str]:
    return {field for send in of.messages.values() if consent in send.needs for field in send.fields}


def _bind_anew(asked: Rebinding, by: User, at: datetime) -> None:
    binding = locked(asked.binding_id)
    _refuse_unfit(binding, asked.after, at)
    sitting = Sitting(binding, by, at)
    sitting.action = Action.REBIND_APPROVE
    sitting.note("rebound", asked.after.digest)
    binding.procedure = asked.after
    if sitting.standing.suspended:
        sitting.note("resumed")  # what it follows now is in force
    sitting.close()


def _locked(rebinding_id: UUID, by: User) -> Rebinding:
    asked = Rebinding.objects.select_for_update(of=("self",)).select_related("binding", "after").filter(pk=rebinding_id).first()
    if asked is None or not Binding.objects.visible_to(by).filter(pk=asked.binding_id).exists():
        raise NotFound
    require(by, Action.REBIND_APPROVE, asked)
    return asked
