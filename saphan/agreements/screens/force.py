"""Events of force, written down and taken back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.agreements import enforcing
from saphan.agreements.act_forms import ForceForm, ReasonForm
from saphan.agreements.models import Agreement, ForceEvent
from saphan.agreements.screens.frame import attempted, done, loaded, once_sent, own, status_of, visible_agreement
from saphan.core import clock
from saphan.core.once import once


@page_for(Action.AGREEMENT_FORCE)
@require_http_methods(["GET", "POST"])
@once
def force(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """What happened to the force of an agreement, with all that was written down so far."""
    agreement = visible_agreement(request, agreement_id)
    own(request, Action.AGREEMENT_FORCE, agreement)
    form = ForceForm(once_sent(request), agreement=agreement)
    if form.is_valid():
        happened, version_id, by, at = form.happened(), form.version_id(), request.user, clock.now()
        if attempted(form, lambda: enforcing.record_force(agreement_id=agreement.pk, version_id=version_id, happened=happened, by=by, at=at)):
            return done(request, _("Written down. What is in force follows from it."), "agreements:detail", agreement.pk)
    return _page(request, agreement, form, status_of(form))


def _page(request: StaffRequest, agreement: Agreement, form: ForceForm, status: int) -> HttpResponse:
    events = (
        ForceEvent.objects.filter(agreement=agreement, voids=None).select_related("version", "replaced_by", "voided_by", "entered_by").order_by("-on")
    )
    return render(request, "agreements/force.html", {"agreement": agreement, "form": form, "events": events}, status=status)


@page_for(Action.AGREEMENT_FORCE)
@require_http_methods(["GET", "POST"])
@once
def take_back(request: StaffRequest, event_id: UUID) -> HttpResponse:
    """An event was a mistake."""
    found = ForceEvent.objects.filter(agreement__in=Agreement.objects.visible_to(request.user)).select_related("agreement", "version")
    event: ForceEvent = loaded(found, event_id)
    own(request, Action.AGREEMENT_FORCE, event.agreement)
    form = ReasonForm(once_sent(request))
    if form.is_valid():
        reason, by, at = form.cleaned_data["reason"], request.user, clock.now()
        if attempted(form, lambda: enforcing.take_back(event_id=event.pk, reason=reason, by=by, at=at)):
            return done(request, _("Taken back. Both rows stay to be seen."), "agreements:force", event.agreement_id)
    return render(request, "agreements/take_back.html", {"event": event, "agreement": event.agreement, "form": form}, status=status_of(form))
