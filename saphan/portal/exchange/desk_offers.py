"""Screens of offers, safeguarding checks, matches and the thank-you wall."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.exchange import offers, thanks
from saphan.portal.exchange.codes import NEEDED_CHECKS, Tier
from saphan.portal.exchange.desk_forms import CheckForm, OfferFilter, OfferForm, VetForm
from saphan.portal.exchange.desk_frame import attempted, done, loaded, page, refused
from saphan.portal.exchange.models import Offer, Safeguarding, Thanks
from saphan.portal.exchange.offer_models import OfferQuerySet
from saphan.portal.exchange.states import LIVE_OFFER, OFFER_LIFE, ThanksState
from saphan.portal.exchange.trust import SOON, runs_out_on

STEERING = {"pause", "resume", "refuse", "close"}


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def list_offers(request: StaffRequest) -> HttpResponse:
    """Offers that were confirmed, newest first. Who offers is not shown."""
    filters = OfferFilter(request.GET)
    filters.is_valid()
    chosen = filters.cleaned_data
    found: OfferQuerySet = Offer.objects.visible_to(request.user).select_related("province")
    found = _chosen(found, chosen)
    return page(request, "offers", "offers", {"page": paginate(found, request, order=("-asked_at", "id")), "filters": filters})


def _chosen(found: OfferQuerySet, chosen: dict[str, Any]) -> OfferQuerySet:
    if reference := chosen.get("reference"):
        return found.filter(Q(reference=reference) | Q(pledges__reference=reference)).distinct()
    found = found.filter(state=chosen["state"]) if chosen.get("state") else found.filter(state__in=LIVE_OFFER)
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("meets"):
        found = found.filter(meets=True)
    return found.losing_trust(clock.now().date() + SOON) if chosen.get("checks") else found


@page_for(Action.OFFER_RECORD)
@require_http_methods(["GET", "POST"])
@once
def record_offer(request: StaffRequest) -> HttpResponse:
    """An offer by telephone or in person."""
    form = OfferForm(request.POST if request.method == "POST" else None, initial={"from_on": clock.now().date()})
    if form.is_valid():
        facts = form.facts(get_language() or "en")
        made = attempted(form, lambda: offers.record_offer(facts=facts, by=request.user, at=clock.now()))
        if made:
            return done(request, _("Offer %(reference)s is kept.") % {"reference": made.reference}, "exchange_desk:offer", made.pk)
    return page(request, "offer_form", "offers", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def detail(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """One offer: what, checks, promises."""
    return _page(request, _visible(request, offer_id))


@page_for(Action.OFFER_CONTACT)
@require_POST
def contact(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Opens name and ways to reach; recorded."""
    offer = _visible(request, offer_id)
    return _page(request, offer, contact=offers.read_contact(offer=offer, by=request.user, at=clock.now()))


@page_for(Action.OFFER_VET)
@require_POST
@once
def vet(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """The first person's word."""
    offer = _visible(request, offer_id)
    form = VetForm(request.POST)
    if form.is_valid():
        tier = form.cleaned_data["tier"]
        if attempted(form, lambda: offers.vet(offer_id=offer.pk, tier=tier, by=request.user, at=clock.now())):
            return done(request, _("Looked at. A second person opens it."), "exchange_desk:offer", offer.pk)
    return _page(request, offer, vet_form=form, status=422)


@page_for(Action.OFFER_VET)
@require_POST
@once
def open_offer(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """The second person's word."""
    offer = _visible(request, offer_id)
    offers.open_offer(offer_id=offer.pk, by=request.user, at=clock.now())
    return done(request, _("%(reference)s may be matched now.") % {"reference": offer.reference}, "exchange_desk:offer", offer.pk)


@page_for(Action.OFFER_STEER)
@require_POST
@once
def steer(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Pauses, resumes, refuses, closes."""
    offer, verb = _visible(request, offer_id), request.POST.get("verb", "")
    if verb not in STEERING:
        return refused(request, Invalid(_("Choose what to do.")), "exchange_desk:offer", offer.pk)
    try:
        offers.steer_offer(offer_id=offer.pk, verb=verb, by=request.user, at=clock.now())
    except Invalid as error:
        return refused(request, error, "exchange_desk:offer", offer.pk)
    return done(request, _("%(reference)s is changed.") % {"reference": offer.reference}, "exchange_desk:offer", offer.pk)


@page_for(Action.SAFEGUARD_RECORD)
@require_POST
@once
def record_check(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Writes down a check."""
    offer = _visible(request, offer_id)
    form = CheckForm(request.POST)
    if form.is_valid() and attempted(form, lambda: offers.record_check(offer_id=offer.pk, by=request.user, at=clock.now(), **form.cleaned_data)):
        return done(request, _("Kept. The check counts once a second person has confirmed it."), "exchange_desk:offer", offer.pk)
    return _page(request, offer, check_form=form, status=422)


@page_for(Action.SAFEGUARD_CONFIRM)
@require_POST
@once
def confirm_check(request: StaffRequest, check_id: UUID) -> HttpResponse:
    """The second person has seen the paper too."""
    found: Safeguarding = loaded(Safeguarding.objects.filter(offer__in=Offer.objects.visible_to(request.user)), check_id)
    offers.confirm_check(check_id=found.pk, by=request.user, at=clock.now())
    return done(request, _("Confirmed."), "exchange_desk:offer", found.offer_id)


@page_for(Action.THANKS_REVIEW)
@require_GET
def list_thanks(request: StaffRequest) -> HttpResponse:
    """Names that wait, and the wall."""
    shown = Thanks.objects.filter(state=ThanksState.SHOWN).select_related("offer")
    waiting = thanks.wanted_names(thanks.waiting_thanks(), by=request.user, at=clock.now())
    return page(request, "thanks", "thanks", {"waiting": waiting, "page": paginate(shown, request, order=("-shown_at", "id"))})


@page_for(Action.THANKS_REVIEW)
@require_POST
@once
def decide_thanks(request: StaffRequest, thanks_id: UUID) -> HttpResponse:
    """Shows, refuses or takes down a name."""
    named: Thanks = loaded(Thanks.objects.all(), thanks_id)
    verb = request.POST.get("verb", "")
    if verb == "show":
        thanks.show(thanks_id=named.pk, by=request.user, at=clock.now())
    elif verb == "refuse":
        thanks.refuse(thanks_id=named.pk, by=request.user, at=clock.now())
    else:
        thanks.take_down(thanks_id=named.pk, by=request.user, at=clock.now())
    return done(request, _("Done."), "exchange_desk:thanks")


def _visible(request: StaffRequest, offer_id: UUID) -> Offer:
    found: Offer = loaded(Offer.objects.visible_to(request.user).select_related("province", "need", "vetted_by", "opened_by"), offer_id)
    return found


def _page(request: StaffRequest, offer: Offer, status: int = 200, **shown: object) -> HttpResponse:
    day = clock.now().date()
    valid = offers.valid_checks(offer, day)
    missing = NEEDED_CHECKS[Tier.CLEARED] - valid if offer.meets else frozenset()
    context = {
        "offer": offer, "day": day, "checks": offer.checks.select_related("recorded_by", "confirmed_by").order_by("check_kind", "-done_on"),
        "missing": [c.label for c in sorted(missing)], "lapsed": bool(NEEDED_CHECKS[offer.tier] - valid),
        "verbs": [v for v in OFFER_LIFE.verbs_from(offer.state) if v in STEERING], "can_vet": offer.state in OFFER_LIFE.moves["vet"].sources,
        "can_open": offer.state in OFFER_LIFE.moves["open"].sources, "may_open": check(request.user, Action.OFFER_VET, offer),
        "may_contact": check(request.user, Action.OFFER_CONTACT, offer), "me": request.user.pk, "vet_form": VetForm(initial={"tier": offer.tier}),
        "check_form": CheckForm(initial={"done_on": day}), "pledges": offer.pledges.select_related("need").order_by("-pledged_at")[:50],
        "alive": offer.state in LIVE_OFFER, "soon": until if (until := runs_out_on(offer, offer.tier)) and day <= until <= day + SOON else None, **shown,
    }  # fmt: skip
    return page(request, "offer", "offers", context, status=status)
