"""Screens of the network: organisations on their way in, and the directory of services."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access import organisations as acts
from saphan.access.actions import Action
from saphan.access.forms import DirectoryFilter, OrganisationForm
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.paging import paginate
from saphan.directory import selectors
from saphan.directory.models import Organisation, Service


@page_for(Action.ORGANISATIONS_LIST)
@require_GET
def organisations(request: StaffRequest) -> HttpResponse:
    """All organisations; those that wait for a signature are named in the menu of states."""
    state = request.GET.get("state", "")
    found = Organisation.objects.select_related("country")
    if state in Organisation.State.values:
        found = found.filter(state=state)
    page = paginate(found, request, order=("name_en", "id"))
    return render(request, "access/organisations.html", {"page": page, "states": Organisation.State.choices, "state": state})


@page_for(Action.ORGANISATIONS_LIST)
@require_GET
def organisation(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One organisation, its signatures and the acts that are open."""
    org = Organisation.objects.select_related("country").filter(pk=pk).first()
    if org is None:
        raise Http404
    signatures = org.approvals.select_related("by").order_by("-round", "at")
    may_approve = check(request.user, Action.ORGANISATIONS_APPROVE, org) if org.state == Organisation.State.PROPOSED else None
    context = {
        "org": org, "signatures": signatures, "may_approve": may_approve, "needed": acts.APPROVALS_NEEDED,
        "may_reject": check(request.user, Action.ORGANISATIONS_REJECT, org),
        "may_propose": check(request.user, Action.ORGANISATIONS_PROPOSE, org),
    }  # fmt: skip
    return render(request, "access/organisation.html", context)


@page_for(Action.ORGANISATIONS_PROPOSE)
@require_http_methods(["GET", "POST"])
def propose(request: StaffRequest) -> HttpResponse:
    """Proposes an organisation."""
    form = OrganisationForm(request.POST or None, initial={"country": "TH"})
    if request.method == "POST" and form.is_valid():
        try:
            org = acts.propose_organisation(**form.cleaned_data, by=request.user, at=clock.now())
        except Invalid as error:
            for field, sentence in error.fields.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, _("Proposed. Two administrators of the platform have to sign."))
            return redirect("access:organisation", org.pk)
    return render(request, "access/propose.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _act(request: StaffRequest, pk: UUID, act: Callable[..., Organisation], sentence: str) -> HttpResponse:
    act(org_id=pk, by=request.user, at=clock.now())
    messages.success(request, sentence)
    return redirect("access:organisation", pk)


@page_for(Action.ORGANISATIONS_APPROVE)
@require_POST
def approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Signs for an organisation."""
    return _act(request, pk, acts.approve_organisation, _("Your signature is recorded."))


@page_for(Action.ORGANISATIONS_REJECT)
@require_POST
def reject(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Says no to a proposed organisation."""
    return _act(request, pk, acts.reject_organisation, _("The organisation is rejected."))


@page_for(Action.ORGANISATIONS_REJECT)
@require_POST
def suspend(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Shuts an organisation out at once."""
    return _act(request, pk, acts.suspend_organisation, _("The organisation is suspended; its people are signed out."))


@page_for(Action.ORGANISATIONS_PROPOSE)
@require_POST
def propose_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks to let a suspended organisation back in."""
    return _act(request, pk, acts.propose_again, _("Proposed again. Two administrators of the platform have to sign."))


@page_for(Action.DIRECTORY_READ)
@require_GET
def directory(request: StaffRequest) -> HttpResponse:
    """Who offers what, where, and how fresh that knowledge is."""
    filters = DirectoryFilter(request.GET)
    filters.is_valid()
    chosen = filters.cleaned_data
    wanted = selectors.search(chosen.get("words", ""), chosen.get("need", ""), getattr(chosen.get("province"), "pk", ""))
    page = paginate(Service.objects.offered().filter(wanted).select_related("organisation", "province"), request, order=("name_en", "id"))
    at = clock.now()
    rows = [(service, selectors.is_stale(service, at), selectors.free_places(service)) for service in page.rows]
    may_edit = Action.DIRECTORY_EDIT in request.user.acts
    return render(request, "access/directory.html", {"page": page, "rows": rows, "filters": filters, "may_edit": may_edit})
