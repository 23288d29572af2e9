"""Screens by which an organisation keeps its own part of the directory: services and offices."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access import directory_acts as acts
from saphan.access.actions import Action
from saphan.access.directory_forms import OfficeForm, OfficesFilter, OwnServicesFilter, PlacesForm, ServiceForm, shown_of
from saphan.access.guard import StaffRequest, page_for
from saphan.core import clock
from saphan.core.errors import Invalid, Outdated
from saphan.core.forms import differences, unchanged
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.directory import selectors
from saphan.directory.languages import Language
from saphan.directory.models import Office, Service

EntryForm = ServiceForm | OfficeForm


def _service(request: StaffRequest, pk: UUID) -> Service:
    """A service of the own organisation; a foreign one is as absent as none."""
    service = Service.objects.filter(organisation=request.user.org_id, pk=pk).select_related("organisation", "province").first()
    if service is None:
        raise Http404
    return service


def _office(request: StaffRequest, pk: UUID) -> Office:
    office = Office.objects.filter(org=request.user.org_id, pk=pk).first()
    if office is None:
        raise Http404
    return office


@page_for(Action.DIRECTORY_EDIT)
@require_GET
def services(request: StaffRequest) -> HttpResponse:
    """What the own organisation offers, and what of it has to be asked again."""
    filters = OwnServicesFilter(request.GET)
    at = clock.now()
    own = Service.objects.filter(organisation=request.user.org_id).select_related("organisation", "province")
    page = paginate(_filtered(own, filters, selectors.stale_since(at)), request, order=("name_en", "id"))
    rows = [(service, selectors.is_stale(service, at), selectors.free_places(service)) for service in page.rows]
    return render(request, "access/own_services.html", {"page": page, "rows": rows, "filters": filters, "filtered": any(request.GET.values())})


def _filtered(own: QuerySet[Service], filters: OwnServicesFilter, stale: Q) -> QuerySet[Service]:
    filters.is_valid()
    chosen = filters.cleaned_data
    found = own.filter(selectors.search(chosen.get("words", ""), chosen.get("need", "")))
    state = chosen.get("state")
    if state == "ended":
        return found.exclude(ended_on=None)
    return found.filter(stale, ended_on=None) if state == "stale" else found.filter(ended_on=None)


@page_for(Action.DIRECTORY_EDIT)
@require_GET
def service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One service of the own organisation and what can be done with it."""
    return _service_page(request, _service(request, pk), None)


def _service_page(request: StaffRequest, found: Service, form: PlacesForm | None) -> HttpResponse:
    at = clock.now()
    places = PlacesForm(initial={"capacity_today": found.capacity_today, "places_held": found.places_held})
    context = {
        "service": found, "stale": selectors.is_stale(found, at), "free": selectors.free_places(found), "form": form or places,
        "spoken": [label for code, label in Language.choices if code in found.languages],
    }  # fmt: skip
    return render(request, "access/service.html", context, status=422 if form else 200)


@page_for(Action.DIRECTORY_EDIT)
@require_http_methods(["GET", "POST"])
@once
def add_service(request: StaffRequest) -> HttpResponse:
    """Writes one more service of the own organisation."""
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.add_service(facts=form.facts(), by=request.user, at=clock.now())
        except Invalid as error:
            _object(form, error)
        else:
            messages.success(request, _("The service stands in the directory."))
            return redirect("access:service", made.pk)
    return render(request, "access/service_edit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.DIRECTORY_EDIT)
@require_http_methods(["GET", "POST"])
@once
def edit_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Corrects a service; the second of two editors compares."""
    found = _service(request, pk)
    if request.method == "GET":
        return render(request, "access/service_edit.html", {"form": ServiceForm(initial=shown_of(found)), "service": found})
    form = ServiceForm(request.POST)
    version = form.cleaned_data["version"] or 0 if form.is_valid() else 0
    try:
        if form.is_valid() and _done(
            form, lambda: acts.edit_service(service_id=pk, version=version, facts=form.facts(), by=request.user, at=clock.now())
        ):
            messages.success(request, _("The service is saved."))
            return redirect("access:service", pk)
    except Outdated as error:
        return _conflict(request, form, _service(request, pk), error, back=reverse("access:service", args=[pk]))
    return render(request, "access/service_edit.html", {"form": form, "service": found}, status=422)


@page_for(Action.DIRECTORY_EDIT)
@require_POST
@once
def verify(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What stands here is right today."""
    acts.verify_service(service_id=_service(request, pk).pk, by=request.user, at=clock.now())
    messages.success(request, _("Verified today."))
    return redirect("access:service", pk)


@page_for(Action.DIRECTORY_EDIT)
@require_POST
@once
def places(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How many places there are today, and how many are held."""
    found = _service(request, pk)
    form = PlacesForm(request.POST)
    if form.is_valid():
        capacity, held = form.cleaned_data["capacity_today"], form.cleaned_data["places_held"] or 0
        if _done(form, lambda: acts.count_places(service_id=pk, capacity=capacity, held=held, by=request.user, at=clock.now())):
            messages.success(request, _("The places are counted."))
            return redirect("access:service", pk)
    return _service_page(request, found, form)


@page_for(Action.DIRECTORY_EDIT)
@require_http_methods(["GET", "POST"])
@once
def end_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once more, then takes the service out of the directory."""
    found = _service(request, pk)
    if request.method == "POST":
        acts.end_service(service_id=found.pk, by=request.user, at=clock.now())
        messages.success(request, _("The service is taken out of the directory."))
        return redirect("access:service", pk)
    context = {
        "question": _("Take this service out of the directory?"),
        "consequences": [
            _("No new referral finds it."),
            _("Referrals to it that are under way go on."),
            _("Nothing is deleted; you can put it back."),
        ],
        "verb": _("Take it out"),
        "back": reverse("access:service", args=[pk]),
    }
    return render(request, "confirm.html", context)


@page_for(Action.DIRECTORY_EDIT)
@require_POST
@once
def restore_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Puts the service back."""
    acts.restore_service(service_id=_service(request, pk).pk, by=request.user, at=clock.now())
    messages.success(request, _("The service stands in the directory again."))
    return redirect("access:service", pk)


@page_for(Action.DIRECTORY_EDIT)
@require_GET
def offices(request: StaffRequest) -> HttpResponse:
    """Where the own organisation works."""
    filters = OfficesFilter(request.GET)
    filters.is_valid()
    found = Office.objects.filter(org=request.user.org_id).select_related("province")
    for word in filters.cleaned_data.get("words", "").split()[:5]:
        found = found.filter(Q(name_en__icontains=word) | Q(name_th__icontains=word))
    if province := filters.cleaned_data.get("province"):
        found = found.filter(province=province)
    page = paginate(found, request, order=("name_en", "id"))
    return render(request, "access/offices.html", {"page": page, "filters": filters, "filtered": any(request.GET.values())})


@page_for(Action.DIRECTORY_EDIT)
@require_http_methods(["GET", "POST"])
@once
def add_office(request: StaffRequest) -> HttpResponse:
    """Writes one more office."""
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _done(form, lambda: acts.add_office(facts=form.facts(), by=request.user, at=clock.now())):
        messages.success(request, _("The office is added."))
        return redirect("access:offices")
    return render(request, "access/office_edit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.DIRECTORY_EDIT)
@require_http_methods(["GET", "POST"])
@once
def edit_office(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Corrects an office; the second of two editors compares."""
    found = _office(request, pk)
    if request.method == "GET":
        return render(request, "access/office_edit.html", {"form": OfficeForm(initial=shown_of(found)), "office": found})
    form = OfficeForm(request.POST)
    version = form.cleaned_data["version"] or 0 if form.is_valid() else 0
    try:
        if form.is_valid() and _done(
            form, lambda: acts.edit_office(office_id=pk, version=version, facts=form.facts(), by=request.user, at=clock.now())
        ):
            messages.success(request, _("The office is saved."))
            return redirect("access:offices")
    except Outdated as error:
        return _conflict(request, form, _office(request, pk), error, back=reverse("access:offices"))
    return render(request, "access/office_edit.html", {"form": form, "office": found}, status=422)


def _object(form: EntryForm | PlacesForm, error: Invalid) -> None:
    for field, sentence in error.fields.items():
        form.add_error(field, sentence)


def _done(form: EntryForm | PlacesForm, act: Callable[[], object]) -> bool:
    """Whether the act was done; if not, its objections stand at the fields."""
    try:
        act()
    except Invalid as error:
        _object(form, error)
        return False
    return True


def _conflict(request: StaffRequest, form: EntryForm, theirs: Service | Office, error: Outdated, *, back: str) -> HttpResponse:
    found = differences(form, shown_of(theirs))
    context = {
        "entry": theirs, "differences": found, "kept": unchanged(form, found), "version": theirs.version, "sentence": error.sentence, "back": back,
    }  # fmt: skip
    return render(request, "access/directory_conflict.html", context, status=error.status)
