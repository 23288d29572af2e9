"""What an installation does by itself: it looks which promises have become late, and which cases must stand still with their agreement."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from saphan.access.rowlock import as_system
from saphan.agreements.following.deriving import note_findings
from saphan.agreements.following.models import DriftFinding, PromiseInstance
from saphan.agreements.following.suspending import keep_step
from saphan.agreements.procedures.drifting import late_ones
from saphan.core.upkeep import chore

AT_ONCE = 500


@chore("late promises", every=timedelta(minutes=15))
def look_at_promises(at: datetime) -> int:
    """Makes a finding of each promise that was not kept in time and has none yet. Answers how many. Harmless when repeated."""
    found = 0
    with as_system():
        known = DriftFinding.objects.filter(binding=OuterRef("binding"), kind="late", name=OuterRef("key"))
        waiting = PromiseInstance.objects.filter(ending="", due_at__lt=at).exclude(Exists(known)).select_related("binding").order_by("due_at")
        for row in waiting[:AT_ONCE]:
            with transaction.atomic():
                found += len(note_findings(row.binding, late_ones([row.as_promise()], at)))
    return found


@chore("cases under suspended agreements", every=timedelta(minutes=15))
def follow_suspensions(at: datetime) -> int:
    """Notes what the act itself had no room for. Answers in how many cases."""
    return keep_step(at=at)
