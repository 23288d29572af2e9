"""The record, for the data protection officer: who did what when, never a value."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.forms import AuditFilter
from saphan.access.guard import StaffRequest, page_for
from saphan.access.models import User
from saphan.access.selectors import record_visible_to
from saphan.audit.models import AuditEvent
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.paging import paginate
from saphan.core.spreadsheet import safe_cell

COLUMNS = ("seq", "at", "actor", "action", "outcome", "target_kind", "target_id", "subject_id", "fields", "purpose")


@page_for(Action.AUDIT_READ)
@require_GET
def audit(request: StaffRequest) -> HttpResponse:
    """The record of the own organisation, newest first. Looking at it is recorded too."""
    filters = AuditFilter(request.GET)
    page = paginate(_filtered(record_visible_to(request.user), filters), request, order=("-id",))
    names = dict(User.objects.filter(org=request.user.org_id, pk__in={e.actor for e in page.rows if len(e.actor) == 36}).values_list("pk", "name"))
    rows = [(event, next((name for pk, name in names.items() if str(pk) == event.actor), "")) for event in page.rows]
    record(by=request.user, action=Action.AUDIT_READ, target=("audit.auditevent", ""), at=clock.now())
    return render(request, "access/audit.html", {"page": page, "rows": rows, "filters": filters})


def _filtered(events: QuerySet[AuditEvent], filters: AuditFilter) -> QuerySet[AuditEvent]:
    filters.is_valid()
    chosen = filters.cleaned_data
    if chosen.get("actor"):
        events = events.filter(actor=str(chosen["actor"]))
    if chosen.get("subject"):
        events = events.filter(subject_id=str(chosen["subject"]))
    if chosen.get("action"):
        events = events.filter(action=chosen["action"].strip())
    if day := chosen.get("day"):
        start = timezone.make_aware(datetime.combine(day, time.min))
        events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return events.filter(outcome="denied") if chosen.get("denied") else events


@page_for(Action.AUDIT_EXPORT)
@require_POST
def export(request: StaffRequest) -> HttpResponse:
    """The filtered record as CSV; no cell can begin a formula."""
    events = _filtered(record_visible_to(request.user), AuditFilter(request.POST)).order_by("id")
    record(by=request.user, action=Action.AUDIT_EXPORT, target=("audit.auditevent", ""), at=clock.now())
    response = StreamingHttpResponse(_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response  # type: ignore[return-value]  # a streamed answer is an answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for seq, at, *rest in events.values_list(*COLUMNS).iterator(chunk_size=2000):
        yield writer.writerow([seq, at.astimezone(UTC).isoformat(), *map(safe_cell, rest)])
