"""An offer in three steps, and the button that confirms it. What was typed travels in the form itself: nothing lies in a session."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.core import clock
from saphan.core.errors import DomainError, Invalid
from saphan.portal.doorway.confirming import subject_of
from saphan.portal.exchange import offers, pledging
from saphan.portal.exchange.asking import SendForm, WhatForm, WhoForm, carried, facts_of
from saphan.portal.exchange.letters import CONFIRM, follow_path
from saphan.portal.exchange.models import Need, Offer
from saphan.portal.exchange.states import OfferState
from saphan.portal.exchange.views import above
from saphan.portal.framing import framed

STEP_ONE = ("thing", "quantity", "unit", "from_on", "until_on")


@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """What and how much; who and how to reach you; read and send. The button back loses nothing."""
    need = _need_asked_for(request)
    if request.method == "GET":
        return _page(request, need, 1, WhatForm(need=need))
    # A need that closes while its form is filled leaves the form whole: what it asked for travels along, and goes on as an offer of its own.
    step, back = request.POST.get("step", "1"), "back" in request.POST
    what = WhatForm(request.POST, need=need)
    if not what.is_valid() or (back and step == "2"):
        return _page(request, need, 1, what if not back else WhatForm(need=need, initial=_typed(request)), status=_status(back or what.is_valid()))
    who = WhoForm(request.POST, kind=what.kind)
    if step == "1" or (back and step == "3"):
        return _page(request, need, 2, WhoForm(initial=_typed(request), kind=what.kind), hidden=carried(what))
    if not who.is_valid():
        return _page(request, need, 2, who, hidden=carried(what), status=422)
    return _read_and_send(request, need, what, who, sent=step == "3")


def _read_and_send(request: HttpRequest, need: Need | None, what: WhatForm, who: WhoForm, *, sent: bool) -> HttpResponse:
    """The last step: everything once more, then the letter with the link is on its way."""
    hidden = [*carried(what), *carried(who)]
    form = SendForm(request.POST if sent else None, request=request)
    status = 200
    if sent:
        try:
            if form.is_valid():
                offers.ask(facts=facts_of(what, who, get_language() or "en"), at=clock.now())
                return redirect("exchange:asked")
        except Invalid as error:
            return _back_to_the_field(request, need, what, who, error)
        status = 422
    return _page(request, need, 3, form, hidden=hidden, status=status, what=what, who=who)


def _back_to_the_field(request: HttpRequest, need: Need | None, what: WhatForm, who: WhoForm, error: Invalid) -> HttpResponse:
    """A rule of the room refused: its sentence stands at the field, in the step to which that belongs."""
    first = any(name in what.fields for name in error.fields)
    form = what if first else who
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not error.fields:
        form.add_error(None, error.sentence)
    return _page(request, need, 1 if first else 2, form, hidden=[] if first else carried(what), status=422)


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your letters: nothing happens before."""
    return render(request, "exchange/asked.html", framed(request, _("Look into your letters"), "", "needs/offer/sent/", above()))


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows the button; only the POST confirms. An offer made for a need is promised to it in the same moment, if it is still missing."""
    offer_id = UUID(subject_of(CONFIRM, token, at=clock.now()))
    found = Offer.objects.select_related("need").filter(pk=offer_id).first()
    if found is None or found.state != OfferState.ASKED:
        return _already(request, found)
    if request.method == "GET":
        return render(request, "exchange/confirm.html", {**framed(request, _("Confirm your offer"), "", "needs/", above()), "offer": found})
    confirmed = offers.confirm_address(offer_id=offer_id, at=clock.now())
    outcome = _promised(confirmed)
    return HttpResponseRedirect(f"{follow_path(confirmed)}?{outcome}")


def _promised(found: Offer) -> str:
    """Promises an offer to the need for which it was made. Says what came of it, in a word for the next page."""
    if found.need_id is None:
        return "confirmed"
    if found.need is not None and (found.need.tier or found.need.meets_survivors):
        return "vetting"
    try:
        pledge = pledging.pledge_from_offer(offer_id=found.pk, need_id=found.need_id, at=clock.now())
    except pledging.NothingLeft:
        return "late"
    except DomainError:
        return "kept"
    return pledging.outcome_of(pledge)


def _already(request: HttpRequest, found: Offer | None) -> HttpResponse:
    if found is not None and found.state not in (OfferState.EXPIRED, OfferState.WITHDRAWN) and found.erased_at is None:
        return HttpResponseRedirect(follow_path(found))
    return render(request, "exchange/gone.html", framed(request, _("This offer is over"), "", "needs/", above()), status=410)


def _need_asked_for(request: HttpRequest) -> Need | None:
    reference = _reference_of(request)
    return Need.objects.public().select_related("province").filter(reference=reference).first() if reference else None


def _reference_of(request: HttpRequest) -> str:
    return (request.POST.get("need", "") or request.GET.get("need", ""))[:12]


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as the beginning of a form that shows no errors."""
    listed = {"languages": request.POST.getlist("languages")} if "languages" in request.POST else {}
    return {**{name: request.POST.get(name) for name in request.POST}, **listed}


def _status(fine: bool) -> int:
    return 200 if fine else 422


def _page(request: HttpRequest, need: Need | None, step: int, form: Any, *, hidden: Any = (), status: int = 200, **more: Any) -> HttpResponse:
    kept = [pair for pair in _other_fields(request, form, hidden)]
    context = framed(request, _("Offer help"), _("In three steps, without an account."), "needs/offer/", above())
    asked_for = _reference_of(request)
    context |= {
        "need": need,
        "step": step,
        "form": form,
        "hidden": kept,
        "asked_for": asked_for,
        "is_closed": bool(asked_for) and need is None,
        **more,
    }
    return render(request, "exchange/offer.html", context, status=status)


def _other_fields(request: HttpRequest, form: Any, hidden: Any) -> list[tuple[str, str]]:
    """What the other steps hold, so that going back and forth loses nothing."""
    told = list(hidden)
    if form.fields.keys().isdisjoint(("thing", "unit")) and (need := _need_asked_for(request)) is not None:
        told += [("thing", f"{need.kind}:{need.item}"), ("unit", need.unit)]
    names = {name for name, _value in told} | set(form.fields)
    extra = [name for name in (*STEP_ONE, *WhoForm.base_fields) if name not in names and name in request.POST]
    return told + [(name, value) for name in extra for value in request.POST.getlist(name)]
