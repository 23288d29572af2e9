"""The donor's own page behind her link: where the offer stands, and everything she may do with it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from saphan.core import clock
from saphan.core.errors import DomainError, Invalid
from saphan.portal.doorway.confirming import subject_of
from saphan.portal.exchange import chain, offers, pledging, thanks
from saphan.portal.exchange.asking import ChangeForm, ThanksForm
from saphan.portal.exchange.letters import FOLLOW
from saphan.portal.exchange.models import Offer, Thanks
from saphan.portal.exchange.states import AWAITED, LIVE_OFFER, OFFER_LIFE, OfferState, ThanksState
from saphan.portal.exchange.views import above
from saphan.portal.framing import framed

OUTCOMES = ("confirmed", "vetting", "promised", "partly", "late", "changed", "withdrawn", "given_up", "thanks", "taken_down")


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """State and promises; a POST names the act. Whoever has the link acts for the donor, so it stands in no page and no list."""
    offer = _offer_of(token)
    if request.method == "GET":
        return _page(request, offer)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        answer = act(request, offer)
    except DomainError as error:
        return _page(request, _offer_of(token), refusal=error.sentence or " ".join(getattr(error, "fields", {}).values()), status=error.status)
    if isinstance(answer, forms.Form):
        forms_back: dict[str, Any] = {"change_form" if isinstance(answer, ChangeForm) else "thanks_form": answer}
        return _page(request, offer, status=422, **forms_back)
    if answer == "erased":
        return redirect("exchange:erased")
    return HttpResponseRedirect(f"?{answer}")


@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """Nothing is left."""
    return render(request, "exchange/gone.html", {**framed(request, _("Your data is erased"), "", "needs/", above()), "erased": True})


def _offer_of(token: str) -> Offer:
    offer_id = UUID(subject_of(FOLLOW, token, at=clock.now()))
    found = Offer.objects.select_related("need", "province").filter(pk=offer_id, erased_at=None).first()
    if found is None:
        raise Http404
    return found


def _promise(_request: HttpRequest, offer: Offer) -> str:
    if offer.need_id is None:
        raise Http404
    pledge = pledging.pledge_from_offer(offer_id=offer.pk, need_id=offer.need_id, at=clock.now())
    return "promised" if pledge.taken == offer.quantity else "partly"


def _give_up(request: HttpRequest, offer: Offer) -> str:
    pledge = offer.pledges.filter(reference=request.POST.get("pledge", "")).first()
    if pledge is None:
        raise Http404
    chain.give_up(pledge_id=pledge.pk, at=clock.now())
    return "given_up"


def _change(request: HttpRequest, offer: Offer) -> str | forms.Form:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return form
    try:
        offers.change_amount(offer_id=offer.pk, at=clock.now(), **form.cleaned_data)
    except Invalid as error:
        for name, sentence in error.fields.items():
            form.add_error(name, sentence)
        return form
    return "changed"


def _withdraw(_request: HttpRequest, offer: Offer) -> str:
    offers.withdraw(offer_id=offer.pk, at=clock.now())
    return "withdrawn"


def _erase(_request: HttpRequest, offer: Offer) -> str:
    offers.erase(offer_id=offer.pk, at=clock.now())
    return "erased"


def _ask_for_thanks(request: HttpRequest, offer: Offer) -> str | forms.Form:
    form = ThanksForm(request.POST)
    if not form.is_valid():
        return form
    try:
        thanks.ask_for_thanks(offer_id=offer.pk, name=form.cleaned_data["name"], at=clock.now())
    except Invalid as error:
        form.add_error("name", error.fields.get("name") or error.sentence)
        return form
    return "thanks"


def _take_down(_request: HttpRequest, offer: Offer) -> str:
    named = Thanks.objects.filter(offer=offer).first()
    if named is None:
        raise Http404
    thanks.take_down(thanks_id=named.pk, by=None, at=clock.now())
    return "taken_down"


ACTS = {
    "promise": _promise, "give_up": _give_up, "change": _change, "withdraw": _withdraw, "erase": _erase, "thanks": _ask_for_thanks,
    "take_down": _take_down,
}  # fmt: skip


def _page(request: HttpRequest, offer: Offer, *, refusal: str = "", status: int = 200, **shown: Any) -> HttpResponse:
    pledges = list(offer.pledges.select_related("need", "need__province").order_by("-pledged_at"))
    alive = offer.state in LIVE_OFFER
    named = Thanks.objects.filter(offer=offer).first()
    may_promise = alive and offer.need is not None and offer.need.takes_promises and offer.left > 0 and offer.state != OfferState.PAUSED
    context = {
        **framed(request, _("Your offer %(reference)s") % {"reference": offer.reference}, "", "needs/", above()),
        "offer": offer, "pledges": pledges, "alive": alive, "refusal": refusal, "awaited": AWAITED, "may_promise": may_promise,
        "outcome": next((word for word in OUTCOMES if word in request.GET), ""), "named": named,
        "has_arrived": thanks.has_arrived(offer), "asks_again": named is None or named.state in (ThanksState.REFUSED, ThanksState.TAKEN_DOWN),
        "may_change": offer.state in OFFER_LIFE.moves["change"].sources, "may_erase": not alive,
        "change_form": ChangeForm(initial={"quantity": offer.quantity, "until_on": offer.until_on, "reach_km": offer.reach_km}),
        "thanks_form": ThanksForm(), **shown,
    }  # fmt: skip
    return render(request, "exchange/follow.html", context, status=status)
