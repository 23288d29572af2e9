"""All that the room keeps, by its ideas: who follows what and what happened; what is owed and where practice drifts."""

from saphan.agreements.following.binding_models import Binding, CalendarDay, CaseEvent, KeptProcedure
from saphan.agreements.following.promise_models import Departure, DriftFinding, PromiseInstance, Rebinding

__all__ = ["Binding", "CalendarDay", "CaseEvent", "Departure", "DriftFinding", "KeptProcedure", "PromiseInstance", "Rebinding"]
