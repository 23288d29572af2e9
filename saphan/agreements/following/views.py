"""The procedure of one subject, the queue of promises, where practice drifts, the calendar."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.following import calendars, departing, rebinding
from saphan.agreements.following.forms import DayForm, DepartForm, DriftFilter, ExplainForm, PromiseFilter, VersionForm
from saphan.agreements.following.kept import compiled
from saphan.agreements.following.models import Binding, CalendarDay, Departure, DriftFinding, PromiseInstance, Rebinding
from saphan.agreements.following.promise_models import PromiseQuerySet
from saphan.agreements.following.selectors import (
    Page,
    approving_offices,
    departures_open_to,
    drift_by_article,
    explanations_open_to,
    finding_lines,
    page_of,
    promise_lines,
)
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.errors import DomainError, Invalid, Refused
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.PROCEDURE_READ)
@require_GET
def procedure(request: StaffRequest, binding_id: UUID) -> HttpResponse:
    """How one subject follows its procedure: where it stands, what it asks, what is due, why not yet, what happened."""
    binding = _visible(request, binding_id)
    record(by=request.user, action=Action.PROCEDURE_READ, target=binding, subject=binding.scope, at=clock.now())
    return _procedure(request, binding)


def _procedure(request: StaffRequest, binding: Binding, status: int = 200, **shown: Any) -> HttpResponse:
    page = page_of(binding, at=clock.now())
    may_depart = check(request.user, Action.PROCEDURE_DEPART, binding) and not page.is_over
    offered = departures_open_to(request.user, page) if may_depart else []
    asked = Rebinding.objects.filter(binding=binding, state="asked").select_related("after", "asked_by", "first_by").first()
    context = {
        "page": page, "binding": binding, "depart_form": DepartForm(offered=offered) if offered else None,
        "approving": approving_offices(request.user, page) if may_depart else [],
        "departures": _departures(request, binding, shown.pop("opened", {})), "findings": _findings(request, page, shown.pop("explaining", {})),
        "asked": asked, "may_approve": bool(asked and check(request.user, Action.REBIND_APPROVE, asked)),
        "more_fields": rebinding.fields_more(compiled(asked.before), compiled(asked.after)) if asked else {},
        "version_form": _version_form(request, binding) if not asked and not page.is_over else None,
    }  # fmt: skip
    return render(request, "following/procedure.html", context | shown, status=status)


def _departures(request: StaffRequest, binding: Binding, opened: dict[Any, str]) -> list[Any]:
    """Each departure, whether this user may read why, and why where she has just opened it."""
    found = binding.departures.select_related("approved_by", "told_by", "binding", "org")
    return [(one, check(request.user, Action.DEPARTURE_READ, one).allowed, opened.get(one.pk, "")) for one in found]


def _findings(request: StaffRequest, page: Page, explaining: dict[Any, ExplainForm]) -> list[Any]:
    """Each finding, whether this user may close it, and the form to do so by a departure where the article allows one."""
    found = (
        DriftFinding.objects.visible_to(request.user)
        .filter(binding=page.binding)
        .select_related("binding__procedure", "org", "closed_by", "departure")
        .order_by("state", "-at")
    )
    lines = []
    for line in finding_lines(found):
        may = bool(line.row.state == "open" and check(request.user, Action.DRIFT_CLOSE, line.row))
        lines.append((line, may, (explaining.get(line.row.pk) or explain_form(request, page, line.row)) if may else None))
    return lines


def explain_form(request: StaffRequest, page: Page, finding: DriftFinding, answers: Any = None) -> ExplainForm | None:
    """How this finding may be closed by a departure; None where no article allows one, or none to this user."""
    may = check(request.user, Action.PROCEDURE_DEPART, page.binding)
    offered = explanations_open_to(request.user, page, finding) if may else []
    return ExplainForm(answers, offered=offered, auto_id=f"id_{finding.pk}_%s") if offered else None


def _version_form(request: StaffRequest, binding: Binding) -> VersionForm | None:
    form = VersionForm(binding=binding)
    may = check(request.user, Action.REBIND_ASK, binding)
    return form if may and form.fields["after"].queryset.exists() else None  # type: ignore[attr-defined]  # a ModelChoiceField


@page_for(Action.PROCEDURE_DEPART)
@require_POST
@once
def depart(request: StaffRequest, binding_id: UUID) -> HttpResponse:
    """Shortens a rule, with the reason."""
    binding = _visible(request, binding_id)
    form = DepartForm(request.POST, offered=departures_open_to(request.user, page_of(binding, at=clock.now())))
    if not form.is_valid():
        return _procedure(request, binding, status=422, depart_form=form)
    what, name, role = form.cleaned_data["rule"].split(":")
    departing.depart(binding_id=binding.pk, what=what, name=name, role=role, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    messages.success(request, _("The departure is recorded. Tell the other party."))
    return redirect("following:procedure", binding.pk)


@page_for(Action.PROCEDURE_FOLLOW)
@require_POST
@once
def tell(request: StaffRequest, departure_id: UUID) -> HttpResponse:
    """The other party was told."""
    departure = Departure.objects.filter(binding__in=Binding.objects.visible_to(request.user), pk=departure_id).first()
    if departure is None:
        raise Http404
    departing.tell(departure_id=departure.pk, by=request.user, at=clock.now())
    messages.success(request, _("It is noted that the other party was told."))
    return redirect("following:procedure", departure.binding_id)


@page_for(Action.DEPARTURE_READ)
@require_POST
def read_reason(request: StaffRequest, departure_id: UUID) -> HttpResponse:
    """Why a rule was shortened, opened for whoever may read the file."""
    departure = Departure.objects.filter(binding__in=Binding.objects.visible_to(request.user), pk=departure_id).first()
    if departure is None:
        raise Http404
    reason = departing.read_reason(departure_id=departure.pk, by=request.user, at=clock.now())
    return _procedure(request, _visible(request, departure.binding_id), opened={departure.pk: reason})


@page_for(Action.PROCEDURE_DEPART)
@require_POST
@once
def explain_finding(request: StaffRequest, finding_id: UUID) -> HttpResponse:
    """A finding was a departure: one that is on record, or one that is written down only now."""
    finding = DriftFinding.objects.visible_to(request.user).filter(pk=finding_id).select_related("binding__procedure").first()
    if finding is None:
        raise Http404
    binding = _visible(request, finding.binding_id)
    form = explain_form(request, page_of(binding, at=clock.now()), finding, request.POST)
    if form is None:
        raise Refused(_("The agreement does not let this role shorten this."), action=Action.PROCEDURE_DEPART)
    if not form.is_valid():
        return _procedure(request, binding, status=422, explaining={finding.pk: form})
    kind, _colon, chosen = form.cleaned_data["how"].partition(":")
    if kind == "as":
        departing.explain_late(finding_id=finding.pk, role=chosen, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        messages.success(request, _("The finding is closed by a departure. Tell the other party."))
    else:
        departing.explain(finding_id=finding.pk, departure_id=UUID(chosen), by=request.user, at=clock.now())
        messages.success(request, _("The finding is closed by the departure."))
    return redirect("following:procedure", binding.pk)


@page_for(Action.DRIFT_CLOSE)
@require_POST
@once
def close_finding(request: StaffRequest, finding_id: UUID) -> HttpResponse:
    """Somebody answers for a finding: it was put right, or stays as it is."""
    finding = DriftFinding.objects.visible_to(request.user).filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    act = departing.correct if request.POST.get("how") == "correct" else departing.accept
    act(finding_id=finding.pk, by=request.user, at=clock.now())
    messages.success(request, _("The finding is closed under your name."))
    return redirect("following:procedure", finding.binding_id)


@page_for(Action.REBIND_ASK)
@require_POST
@once
def ask_rebinding(request: StaffRequest, binding_id: UUID) -> HttpResponse:
    """Asks that the subject follow another version."""
    binding = _visible(request, binding_id)
    form = VersionForm(request.POST, binding=binding)
    if form.is_valid():
        try:
            rebinding.ask(binding_id=binding.pk, after=form.cleaned_data["after"], by=request.user, at=clock.now())
        except Invalid as error:
            form.add_error("after", error.fields.get("after", error.sentence))
        else:
            messages.success(request, _("Asked for. Two others must approve before anything changes."))
            return redirect("following:procedure", binding.pk)
    return _procedure(request, binding, status=422, version_form=form)


@page_for(Action.REBIND_APPROVE)
@require_POST
@once
def answer_rebinding(request: StaffRequest, rebinding_id: UUID) -> HttpResponse:
    """Approves or refuses that the subject follow another version."""
    asked = Rebinding.objects.filter(binding__in=Binding.objects.visible_to(request.user), pk=rebinding_id).first()
    if asked is None:
        raise Http404
    act = rebinding.refuse if request.POST.get("how") == "refuse" else rebinding.approve
    done = act(rebinding_id=asked.pk, by=request.user, at=clock.now())
    said = {
        "asked": _("Approved. One more person must approve."),
        "done": _("The case follows the other version from now on."),
        "refused": _("Refused."),
    }
    messages.success(request, said[done.state])
    return redirect("following:procedure", asked.binding_id)


@page_for(Action.PROMISE_LIST)
@require_GET
def promises(request: StaffRequest) -> HttpResponse:
    """The promises of all cases that the user sees, in the order of their due dates."""
    filters = PromiseFilter({"show": "running", "whose": "ours", **request.GET.dict()})
    filters.is_valid()
    now = clock.now()
    chosen = filters.cleaned_data
    found = _chosen(request, PromiseInstance.objects.visible_to(request.user), chosen).select_related("binding__procedure", "org")
    newest = chosen.get("show") in ("settled", "all")
    page = paginate(found, request, order=("-due_at", "-id") if newest else ("due_at", "id"))
    return render(request, "following/promises.html", {"page": page, "lines": promise_lines(page.rows, at=now), "filters": filters})


def _chosen(request: StaffRequest, found: PromiseQuerySet, chosen: dict[str, Any]) -> PromiseQuerySet:
    now, show = clock.now(), chosen.get("show") or "running"
    if show != "all":
        found = {"running": found.running, "late": found.late, "settled": found.settled}[show](now)
    if (whose := chosen.get("whose") or "ours") == "ours":
        found = found.owed_by(request.user.org_id)
    elif whose == "theirs":
        found = found.exclude(org=request.user.org_id)
    return found if chosen.get("times") else found.exclude(owed="stage")


@page_for(Action.DRIFT_LIST)
@require_GET
def drift(request: StaffRequest) -> HttpResponse:
    """Where practice drifts: counted by article, then finding by finding."""
    filters = DriftFilter(request.GET)
    filters.is_valid()
    chosen = filters.cleaned_data
    found = DriftFinding.objects.visible_to(request.user).select_related("binding__procedure", "org", "closed_by")
    if not chosen.get("closed"):
        found = found.open()
    for name in ("kind", "article"):
        if value := chosen.get(name):
            found = found.filter(**{name: value})
    page = paginate(found, request, order=("-at", "-id"))
    return render(
        request,
        "following/drift.html",
        {"page": page, "lines": finding_lines(page.rows), "counts": drift_by_article(request.user), "filters": filters},
    )


@page_for(Action.CALENDAR_EDIT)
@require_http_methods(["GET", "POST"])
@once
def calendar(request: StaffRequest) -> HttpResponse:
    """The days by which the ministry has changed the lists of holidays."""
    form = DayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            calendars.edit_day(**form.cleaned_data, by=request.user, at=clock.now())
        except Invalid as error:
            for name, sentence in error.fields.items():
                form.add_error(name, sentence)
        else:
            messages.success(request, _("The calendar is changed. Due dates computed before stand."))
            return redirect("following:calendar")
    page = paginate(CalendarDay.objects.select_related("entered_by"), request, order=("-day", "id"))
    status = 422 if form.is_bound else 200
    return render(request, "following/calendar.html", {"page": page, "form": form}, status=status)


@page_for(Action.CALENDAR_EDIT)
@require_POST
@once
def take_back_day(request: StaffRequest, day_id: UUID) -> HttpResponse:
    """The day counts again as the list says."""
    try:
        calendars.take_back(day_id=day_id, by=request.user, at=clock.now())
    except DomainError as error:
        if error.status == 404:
            raise Http404 from None
        raise
    messages.success(request, _("The day counts again as the list says."))
    return redirect("following:calendar")


def _visible(request: StaffRequest, binding_id: UUID) -> Binding:
    binding = Binding.objects.visible_to(request.user).select_related("procedure__version").filter(pk=binding_id).first()
    if binding is None:
        raise Http404
    return binding
