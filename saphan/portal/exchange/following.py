"""The donor's own page behind her link: where the offer stands, and everything she may do with it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.core import clock
from saphan.core.errors import DomainError, Invalid, NotFound
from saphan.portal.doorway import limits
from saphan.portal.doorway.confirming import Stale, subject_of
from saphan.portal.exchange import chain, donors, offers, pledging, thanks
from saphan.portal.exchange.asking import ChangeForm, ContactForm, DayWishForm, LinksForm, ThanksForm
from saphan.portal.exchange.letters import ADDRESS, FOLLOW, follow_path
from saphan.portal.exchange.models import Offer, Pledge, Thanks
from saphan.portal.exchange.states import AWAITED, LIVE_OFFER, OFFER_LIFE, RECEIVED, OfferState, PledgeState, ThanksState
from saphan.portal.exchange.views import above
from saphan.portal.framing import framed

LETTERS_AN_HOUR, PROMISES_AN_HOUR = 5, 10
OUTCOMES = (
    "confirmed",
    "vetting",
    "promised",
    "partly",
    "first",
    "kept",
    "late",
    "changed",
    "withdrawn",
    "given_up",
    "wished",
    "corrected",
    "letter",
    "address",
    "thanks",
    "taken_down",
)


@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """State and promises; a POST names the act. Whoever has the link acts for the donor, so it stands in no page and no list."""
    try:
        offer = _offer_of(token)
    except (NotFound, Stale) as error:
        return _link_is_over(request, error)
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
        forms_back: dict[str, Any] = {NAMED[type(answer)]: answer}
        return _page(request, offer, status=422, **forms_back)
    if isinstance(answer, HttpResponse):
        return answer
    if answer == "erased":
        return redirect("exchange:erased")
    return HttpResponseRedirect(f"?{answer}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_links(request: HttpRequest) -> HttpResponse:
    """Mails the links to one's own offers once more; the same answer for every address."""
    form = LinksForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        donors.send_links_again(email=form.cleaned_data["email"], at=clock.now())
        return redirect("exchange:own_asked")
    context = {**framed(request, _("The page of your offer"), "", "needs/own/", above()), "form": form}
    return render(request, "exchange/own.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def links_asked(request: HttpRequest) -> HttpResponse:
    """Look into your letters: the same words for everybody."""
    return render(request, "exchange/own.html", {**framed(request, _("Look into your letters"), "", "needs/own/", above()), "asked": True})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the letter to a new address opens. Only its button makes the address count."""
    try:
        offer_id, _space, version = subject_of(ADDRESS, token, at=clock.now()).partition(" ")
        if request.method == "POST":
            offer = donors.confirm_new_address(offer_id=UUID(offer_id), version=int(version), at=clock.now())
            return HttpResponseRedirect(f"{follow_path(offer)}?address")
    except (NotFound, Stale) as error:
        return _link_is_over(request, error)
    return render(request, "exchange/address.html", framed(request, _("Your new address"), "", "needs/", above()))


def _link_is_over(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A link that has had its time or is not whole: how to get it again."""
    context = {**framed(request, _("This link does not work any more"), "", "needs/", above()), "again": True}
    return render(request, "exchange/gone.html", context, status=error.status)


@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    """Nothing is left."""
    return render(request, "exchange/gone.html", {**framed(request, _("Your data is erased"), "", "needs/", above()), "erased": True})


def _offer_of(token: str) -> Offer:
    offer_id = UUID(subject_of(FOLLOW, token, at=clock.now()))
    found = Offer.objects.select_related("need", "province").filter(pk=offer_id, erased_at=None).first()
    if found is None:
        raise NotFound
    return found


def _promise(request: HttpRequest, offer: Offer) -> str:
    if offer.need_id is None:
        raise Http404
    limits.require("exchange.promise", request, most=PROMISES_AN_HOUR)  # each is told to every coordinator
    pledge = pledging.pledge_from_offer(offer_id=offer.pk, need_id=offer.need_id, at=clock.now())
    return pledging.outcome_of(pledge)


def _give_up(request: HttpRequest, offer: Offer) -> str:
    chain.give_up(pledge_id=_pledge_of(request, offer).pk, at=clock.now())
    return "given_up"


def _another_day(request: HttpRequest, offer: Offer) -> str | forms.Form:
    pledge, form = _pledge_of(request, offer), DayWishForm(request.POST)
    if form.is_valid() and _attempted(form, lambda: chain.ask_another_day(pledge_id=pledge.pk, day=form.cleaned_data["day"], at=clock.now())):
        return "wished"
    form.pledge = pledge.reference  # type: ignore[attr-defined]  # the page shows the form at the promise that it belongs to
    return form


def _pledge_of(request: HttpRequest, offer: Offer) -> Pledge:
    pledge = offer.pledges.filter(reference=request.POST.get("pledge", "")).first()
    if pledge is None:
        raise Http404
    return pledge


def _attempted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; otherwise its sentences stand at the fields of the form."""
    try:
        act()
    except Invalid as error:
        for name, sentence in error.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        if not error.fields:
            form.add_error(None, error.sentence)
        return False
    return True


def _change(request: HttpRequest, offer: Offer) -> str | forms.Form:
    form = ChangeForm(request.POST)
    done = form.is_valid() and _attempted(form, lambda: offers.change_amount(offer_id=offer.pk, at=clock.now(), **form.cleaned_data))
    return "changed" if done else form


def _correct(request: HttpRequest, offer: Offer) -> str | forms.Form:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return form
    if form.cleaned_data["email"]:
        limits.require("exchange.correct", request, most=LETTERS_AN_HOUR)  # each goes to an address that somebody typed
    awaits_letter = donors.correct(offer_id=offer.pk, at=clock.now(), **form.cleaned_data)
    return "letter" if awaits_letter else "corrected"


def _own_data(_request: HttpRequest, offer: Offer) -> HttpResponse:
    told = donors.own_data(offer_id=offer.pk, at=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="own-data.json"'}
    return JsonResponse(dict(told), json_dumps_params={"ensure_ascii": False, "indent": 1}, headers=headers)


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
    "promise": _promise, "give_up": _give_up, "another_day": _another_day, "correct": _correct, "data": _own_data, "change": _change, "withdraw": _withdraw, "erase": _erase, "thanks": _ask_for_thanks,
    "take_down": _take_down,
}  # fmt: skip


NAMED: dict[type[forms.Form], str] = {ChangeForm: "change_form", ContactForm: "contact_form", DayWishForm: "day_form", ThanksForm: "thanks_form"}


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
        "thanks_form": ThanksForm(), "contact_form": ContactForm(), "day_form": DayWishForm(), "scheduled": PledgeState.SCHEDULED,
        "arrived": sum((pledge.taken for pledge in pledges if pledge.state in RECEIVED), Decimal(0)), **shown,
    }  # fmt: skip
    return render(request, "exchange/follow.html", context, status=status)
