"""What those see who answer no inquiries and see to it that others do: which are very late, without a word of them, and to whom they go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.core import clock
from saphan.core.errors import Invalid, NotFound
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.inquiries import answering
from saphan.portal.inquiries.desk_forms import GiveForm
from saphan.portal.inquiries.desk_views import officers
from saphan.portal.inquiries.models import Inquiry


@page_for(Action.INQUIRY_OVERSEE)
@require_GET
def late(request: StaffRequest) -> HttpResponse:
    """The inquiries that were due long ago, danger first."""
    return _page(request, GiveForm(officers=officers()))


@page_for(Action.INQUIRY_OVERSEE)
@require_POST
@once
def give(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Gives one of them to an officer."""
    if not Inquiry.very_late.visible_to(request.user).filter(pk=inquiry_id).exists():
        raise NotFound
    form = GiveForm(request.POST, officers=officers())
    if form.is_valid():
        try:
            given = answering.give_late(inquiry_id=inquiry_id, to=form.cleaned_data["to"], by=request.user, at=clock.now())
        except Invalid as error:
            form.add_error("to", error.fields["to"])
        else:
            messages.success(request, _("%(reference)s is given on.") % {"reference": given.reference})
            return redirect("inquiries_desk:late")
    return _page(request, form, status=422)


def _page(request: StaffRequest, form: GiveForm, status: int = 200) -> HttpResponse:
    rows = Inquiry.very_late.visible_to(request.user).select_related("assigned_to")
    page = paginate(rows, request, order=("-danger", "due_at", "id"))
    return render(request, "inquiries/desk/late.html", {"page": page, "form": form}, status=status)
