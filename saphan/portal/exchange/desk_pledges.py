"""Screens of matches and of pledges: decide, agree a day, count, thank; and the slip that goes along with a delivery."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import segno
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.core.spreadsheet import safe_cell
from saphan.portal.exchange import chain, hubs, pledging
from saphan.portal.exchange.desk_forms import AcceptForm, CountForm, DayForm, PledgeFilter, ProposeForm, WhyForm
from saphan.portal.exchange.desk_frame import attempted, done, loaded, page, refused
from saphan.portal.exchange.models import Match, Need, Pledge
from saphan.portal.exchange.searching import PROPOSERS, reasons_of
from saphan.portal.exchange.states import AWAITED, PLEDGE_LIFE
from saphan.portal.exchange.trust import SOON, asked_tier, doubt_about, runs_out_on


@page_for(Action.MATCH_PROPOSE)
@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Proposals that wait for a person's word, the most urgent need first."""
    return _board(request)


@page_for(Action.MATCH_PROPOSE)
@require_http_methods(["GET", "POST"])
@once
def propose(request: StaffRequest) -> HttpResponse:
    """Brings an offer to a need by hand."""
    form = ProposeForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_valid():
        told = form.cleaned_data
        made = attempted(
            form,
            lambda: pledging.propose_match(
                need_id=told["need"].pk, offer_id=told["offer"].pk, quantity=told["quantity"], by=request.user, at=clock.now()
            ),
        )
        if made:
            return done(request, _("Proposed. Another person decides."), "exchange_desk:matches")
    return page(request, "propose", "matches", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.MATCH_PROPOSE)
@require_POST
@once
def find(request: StaffRequest) -> HttpResponse:
    """Asks the matching for proposals for everything open."""
    count = sum(find_them(request.user, clock.now()) for find_them in PROPOSERS)
    return done(request, ngettext("%(n)d proposal.", "%(n)d proposals.", count) % {"n": count}, "exchange_desk:matches")


@page_for(Action.MATCH_DECIDE)
@require_POST
@once
def accept(request: StaffRequest, match_id: UUID) -> HttpResponse:
    """Yes, to all of it or a part."""
    match: Match = loaded(Match.objects.visible_to(request.user), match_id)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return refused(request, Invalid(_("Write an amount above zero.")), "exchange_desk:matches")
    try:
        pledge = pledging.accept_match(match_id=match.pk, quantity=form.cleaned_data["quantity"], by=request.user, at=clock.now())
    except (Invalid, pledging.NothingLeft) as error:
        return refused(request, Invalid(error.sentence or " ".join(getattr(error, "fields", {}).values())), "exchange_desk:matches")
    return done(
        request, _("Promised as %(reference)s. The need's organisation agrees a day.") % {"reference": pledge.reference}, "exchange_desk:matches"
    )


@page_for(Action.MATCH_DECIDE)
@require_POST
@once
def decline_match(request: StaffRequest, match_id: UUID) -> HttpResponse:
    """No, and why."""
    match: Match = loaded(Match.objects.visible_to(request.user), match_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return refused(request, Invalid(_("Say why.")), "exchange_desk:matches")
    pledging.decline_match(match_id=match.pk, why=form.cleaned_data["why"], by=request.user, at=clock.now())
    return done(request, _("Declined."), "exchange_desk:matches")


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def list_pledges(request: StaffRequest) -> HttpResponse:
    """Pledges to the organisation's needs: what is to be done, oldest first."""
    filters = PledgeFilter(request.GET)
    filters.is_valid()
    state, reference = filters.cleaned_data.get("state", ""), filters.cleaned_data.get("reference", "")
    found = Pledge.objects.visible_to(request.user).select_related("need", "offer")
    if reference:
        found = found.filter(Q(reference=reference) | Q(offer__reference=reference) | Q(need__reference=reference))
    elif state != "all":
        found = found.filter(state=state) if state else found.to_do()
    shown = paginate(found, request, order=("pledged_at", "id"))
    day = clock.now().date()
    doubtful = {p.pk for p in shown.rows if p.state in AWAITED and doubt_about(p.need, p.offer, p.scheduled_on or day)}
    return page(request, "pledges", "pledges", {"page": shown, "filters": filters, "doubtful": doubtful})


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def detail(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """One pledge, its steps and what comes next."""
    return _page(request, _visible(request, pledge_id))


@page_for(Action.HUB_TELL)
@require_POST
def tell(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Opens the hub's place once, to tell it by telephone. The answer is stored nowhere."""
    pledge = _visible(request, pledge_id)
    try:
        told = hubs.tell_place(pledge_id=pledge.pk, by=request.user, at=clock.now())
    except Invalid as error:
        return refused(request, error, "exchange_desk:pledge", pledge.pk)
    return _page(request, pledge, told=told)


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def schedule(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Agrees a day."""
    pledge = _visible(request, pledge_id)
    form = DayForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["day"]
        if attempted(form, lambda: chain.schedule(pledge_id=pledge.pk, day=day, by=request.user, at=clock.now())):
            return done(request, _("The day is agreed. Tell the donor the place by telephone."), "exchange_desk:pledge", pledge.pk)
    return _page(request, pledge, day_form=form, status=422)


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def confirm(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Counts what arrived."""
    pledge = _visible(request, pledge_id)
    form = CountForm(request.POST)
    if form.is_valid() and attempted(form, lambda: chain.confirm(pledge_id=pledge.pk, by=request.user, at=clock.now(), **form.cleaned_data)):
        return done(request, _("Counted. Now thank the donor."), "exchange_desk:pledge", pledge.pk)
    return _page(request, pledge, count_form=form, status=422)


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def deliver(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """It has arrived."""
    return _stepped(request, pledge_id, chain.deliver, _("Arrived. Now count it."))


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def not_there(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """“It has arrived” was a mistake."""
    return _stepped(request, pledge_id, chain.not_there, _("Corrected. The delivery is awaited again."))


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def recount(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """The count was wrong."""
    return _stepped(request, pledge_id, chain.recount, _("The count is taken back. Count it anew."))


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def see(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """What the donor did by herself was seen."""
    return _stepped(request, pledge_id, chain.see, _("It no longer stands among what is new."))


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def quarantine(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Sets it apart."""
    return _stepped(request, pledge_id, chain.quarantine, _("Set apart. Count it, give it back, or let it fail."))


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def thank(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Thanks the donor."""
    return _stepped(request, pledge_id, chain.thank, _("The thanks are on their way."))


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def close(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Nothing is left to do."""
    return _stepped(request, pledge_id, chain.close, _("Closed."))


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def renew(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """A lapsed pledge stands again."""
    return _stepped(request, pledge_id, chain.renew, _("It stands again. Agree a day."))


@page_for(Action.PLEDGE_RECEIVE)
@require_POST
@once
def give_back(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """Back to the donor."""
    return _left(request, pledge_id, chain.give_it_back)


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def decline(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """It cannot be taken."""
    return _left(request, pledge_id, chain.decline)


@page_for(Action.PLEDGE_STEER)
@require_POST
@once
def fail(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """It did not come about."""
    return _left(request, pledge_id, chain.fail)


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def slip(request: StaffRequest, pledge_id: UUID) -> HttpResponse:
    """The sheet that goes along with a delivery: reference, amount, code. No place, no name."""
    pledge = _visible(request, pledge_id)
    code = segno.make(pledge.reference, micro=False).svg_inline(scale=4, svgclass="qr", lineclass=None)
    return page(request, "slip", "pledges", {"pledge": pledge, "code": code})


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def export(request: StaffRequest, what: str) -> Any:
    """Needs or pledges of the organisation as a table. No donor, no hub's place, no note."""
    if what not in ("needs", "pledges"):
        raise Http404
    rows = _need_rows(request) if what == "needs" else _pledge_rows(request)
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{what}.csv"'
    return answer


def _need_rows(request: StaffRequest) -> Iterator[list[Any]]:
    yield ["reference", "state", "kind", "item", "title", "quantity", "unit", "promised", "received", "needed_by", "urgency", "province"]
    for n in Need.objects.filter(org=request.user.org_id).order_by("written_at").iterator():
        yield [n.reference, n.state, n.kind, n.item, n.title, n.quantity, n.unit, n.promised, n.received, n.needed_by or "", n.urgency, n.province_id]


def _pledge_rows(request: StaffRequest) -> Iterator[list[Any]]:
    yield ["reference", "need", "offer", "state", "quantity", "unit", "arrived", "condition", "pledged_on", "scheduled_on", "why"]
    found = Pledge.objects.visible_to(request.user).select_related("need", "offer").order_by("pledged_at")
    for p in found.iterator():
        arrived = "" if p.arrived is None else p.arrived
        day = p.pledged_at.date()
        yield [
            p.reference, p.need.reference, p.offer.reference, p.state, p.quantity, p.need.unit, arrived, p.condition, day, p.scheduled_on or "", p.why
        ]  # fmt: skip


def _lines(rows: Iterator[list[Any]]) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets then read the Thai letters
    for row in rows:
        yield ",".join('"' + safe_cell(cell).replace('"', '""') + '"' for cell in row) + "\r\n"


def _stepped(request: StaffRequest, pledge_id: UUID, act: Callable[..., Pledge], sentence: str) -> HttpResponse:
    pledge = _visible(request, pledge_id)
    try:
        act(pledge_id=pledge.pk, by=request.user, at=clock.now())
    except (Invalid, pledging.NothingLeft) as error:
        return refused(request, Invalid(error.sentence or " ".join(getattr(error, "fields", {}).values())), "exchange_desk:pledge", pledge.pk)
    return done(request, sentence, "exchange_desk:pledge", pledge.pk)


def _left(request: StaffRequest, pledge_id: UUID, act: Callable[..., Pledge]) -> HttpResponse:
    pledge = _visible(request, pledge_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, pledge, why_form=form, status=422)
    act(pledge_id=pledge.pk, why=form.cleaned_data["why"], by=request.user, at=clock.now())
    return done(request, _("Written down. What was promised is free again."), "exchange_desk:pledge", pledge.pk)


def _visible(request: StaffRequest, pledge_id: UUID) -> Pledge:
    found: Pledge = loaded(Pledge.objects.visible_to(request.user).select_related("need", "need__province", "offer", "hub"), pledge_id)
    return found


def _runs_out_soon(pledge: Pledge, day: date) -> date | None:
    """The day on which a check of this donor runs out, when that is soon or before she comes."""
    until = runs_out_on(pledge.offer, asked_tier(pledge.need)) if pledge.state in AWAITED else None
    return until if until is not None and until <= max(day, pledge.scheduled_on or day) + SOON else None


def _board(request: StaffRequest, status: int = 200) -> HttpResponse:
    waiting = Match.objects.visible_to(request.user).waiting().select_related("need", "need__province", "need__org", "offer", "offer__province")
    shown = paginate(waiting, request, order=("-need__urgency", "cost", "id"), size=20)
    cards = [
        (m, reasons_of(m), check(request.user, Action.MATCH_DECIDE, m), AcceptForm(initial={"quantity": m.quantity}, prefix=None), WhyForm())
        for m in shown.rows
    ]
    return page(request, "matches", "matches", {"page": shown, "cards": cards, "can_search": bool(PROPOSERS)}, status=status)


def _page(request: StaffRequest, pledge: Pledge, status: int = 200, **shown: object) -> HttpResponse:
    day = clock.now().date()
    context = {
        "doubt": doubt_about(pledge.need, pledge.offer, pledge.scheduled_on or day) if pledge.state in AWAITED else "",
        "runs_out": _runs_out_soon(pledge, day), "other_hub": pledge.state in AWAITED and pledge.hub_id != pledge.need.hub_id,
        "pledge": pledge, "verbs": PLEDGE_LIFE.verbs_from(pledge.state), "events": pledge.events.select_related("by"),
        "day_form": DayForm(initial={"day": pledge.wished_on or pledge.scheduled_on}), "count_form": CountForm(initial={"arrived": pledge.quantity}), "why_form": WhyForm(),
        "may_tell": check(request.user, Action.HUB_TELL, pledge), **shown,
    }  # fmt: skip
    return page(request, "pledge", "pledges", context, status=status)
