"""The closed cases that followed a version, as their events: names of the procedure only, of cases in which the asking organisation took part."""

from saphan.access.models import User
from saphan.agreements.following.deriving import event_of
from saphan.agreements.following.models import Binding, CaseEvent
from saphan.agreements.following.states import BindingState
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.events import Event

LATEST = 2000  # cases that are replayed, the latest ones


def closed_cases(version: AgreementVersion, user: User) -> dict[str, list[Event]]:
    """By the number of the binding, in the order of the events."""
    bindings = Binding.objects.filter(procedure__digest=version.digest, state=BindingState.OVER, orgs__contains=str(user.org_id))
    chosen = list(bindings.order_by("-ended_at").values_list("pk", flat=True)[:LATEST])
    found: dict[str, list[Event]] = {str(pk): [] for pk in chosen}
    for row in CaseEvent.objects.filter(binding__in=chosen).order_by("binding", "seq").iterator():
        found[str(row.binding_id)].append(event_of(row))
    return found
