"""Screens of needs: the list, one need, its writing, the safety review."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.core import clock
from saphan.core.errors import Invalid, Outdated
from saphan.core.forms import differences
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.exchange import needs
from saphan.portal.exchange.desk_forms import NeedFilter, NeedForm, PassForm, ProlongForm, ReturnForm, filled_from
from saphan.portal.exchange.desk_frame import attempted, done, loaded, opened, page, refused
from saphan.portal.exchange.models import Campaign, Need
from saphan.portal.exchange.need_models import NeedQuerySet
from saphan.portal.exchange.states import NEED_LIFE, WRITABLE, CampaignState, NeedState

STEERING = {"take_back", "pause", "resume", "close", "withdraw"}


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def list_needs(request: StaffRequest) -> HttpResponse:
    """The organisation's needs, newest first; those of others when asked for."""
    filters = NeedFilter(request.GET)
    filters.is_valid()
    chosen = filters.cleaned_data
    found: NeedQuerySet = Need.objects.visible_to(request.user).select_related("province", "org")
    if reference := chosen.get("reference"):
        found = found.filter(reference=reference)
    else:
        if not chosen.get("others"):
            found = found.filter(org=request.user.org_id)
        found = found.filter(**{name: value for name in ("state", "kind") if (value := chosen.get(name))})
    return page(request, "needs", "needs", {"page": paginate(found, request, order=("-written_at", "id")), "filters": filters})


@page_for(Action.NEED_WRITE)
@require_http_methods(["GET", "POST"])
@once
def write(request: StaffRequest) -> HttpResponse:
    """A new need."""
    require(request.user, Action.NEED_WRITE)
    form = NeedForm(request.POST if request.method == "POST" else None, user=request.user, initial={"campaign": request.GET.get("campaign", "")})
    if form.is_valid():
        written = attempted(form, lambda: needs.write_need(facts=form.facts(), by=request.user, at=clock.now()))
        if written:
            return done(request, _("Draft %(reference)s is kept.") % {"reference": written.reference}, "exchange_desk:need", written.pk)
    return page(request, "need_form", "needs", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.NEED_WRITE)
@require_http_methods(["GET", "POST"])
@once
def rewrite(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Changes a draft. When somebody else was faster, both versions stand side by side."""
    need = _visible(request, need_id)
    require(request.user, Action.NEED_WRITE, need)
    before = {**filled_from(need), "note": needs.read_note(need=need, by=request.user, at=clock.now())}  # opening it is on record
    form = NeedForm(request.POST if request.method == "POST" else None, user=request.user, initial=before)
    others: list[object] = []
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            if attempted(form, lambda: needs.rewrite_need(need_id=need_id, version=version, facts=form.facts(), by=request.user, at=clock.now())):
                return done(request, _("%(reference)s is changed.") % {"reference": need.reference}, "exchange_desk:need", need.pk)
        except Outdated as error:
            form.add_error(None, error.sentence)
            others = list(differences(form, filled_from(need)))
            typed = request.POST.copy()
            typed["version"] = str(need.version)
            form.data = typed
    status = 409 if others else 422 if form.is_bound else 200
    return page(request, "need_form", "needs", {"form": form, "need": need, "others": others}, status=status)


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def detail(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """One need with its pledges, reviews and what may be done."""
    return _page(request, _visible(request, need_id))


@page_for(Action.NEED_SUBMIT)
@require_POST
@once
def submit(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """To the safety review."""
    need = _visible(request, need_id)
    needs.submit_need(need_id=need.pk, by=request.user, at=clock.now())
    return done(request, _("%(reference)s waits for another person's safety review.") % {"reference": need.reference}, "exchange_desk:need", need.pk)


@page_for(Action.NEED_STEER)
@require_POST
@once
def steer(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Takes back, pauses, resumes, closes, withdraws."""
    need, verb = _visible(request, need_id), request.POST.get("verb", "")
    if verb not in STEERING:
        return refused(request, Invalid(_("Choose what to do.")), "exchange_desk:need", need.pk)
    needs.steer_need(need_id=need.pk, verb=verb, by=request.user, at=clock.now())
    return done(request, _("%(reference)s is changed.") % {"reference": need.reference}, "exchange_desk:need", need.pk)


@page_for(Action.NEED_STEER)
@require_POST
@once
def prolong(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """A new day for a need that is past its own."""
    need = _visible(request, need_id)
    form = ProlongForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["needed_by"]
        if attempted(form, lambda: needs.prolong_need(need_id=need.pk, needed_by=day, by=request.user, at=clock.now())):
            return done(request, _("%(reference)s is open again.") % {"reference": need.reference}, "exchange_desk:need", need.pk)
    return _page(request, need, prolong_form=form, status=422)


@page_for(Action.NEED_READ_NOTE)
@require_POST
def note(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Opens the private note to the need's own organisation."""
    need = _visible(request, need_id)
    return _page(request, need, note=needs.read_note(need=need, by=request.user, at=clock.now()))


@page_for(Action.NEED_REVIEW)
@require_GET
def reviews(request: StaffRequest) -> HttpResponse:
    """What waits for a safety review by somebody who did not write it, oldest first."""
    waiting = Need.objects.visible_to(request.user).filter(state=NeedState.IN_REVIEW).select_related("province", "org")
    campaigns = Campaign.objects.visible_to(request.user).filter(state=CampaignState.IN_REVIEW).select_related("org").order_by("written_at")
    return page(
        request,
        "reviews",
        "reviews",
        {"page": paginate(waiting, request, order=("submitted_at", "id")), "campaigns": campaigns, "me": str(request.user.pk)},
    )


@page_for(Action.NEED_REVIEW)
@require_POST
@once
def pass_review(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Every question answered with yes: it is public."""
    need = _visible(request, need_id)
    form = PassForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data["answers"]
        if attempted(form, lambda: needs.pass_need(need_id=need.pk, answers=answers, by=request.user, at=clock.now())):
            return done(request, _("%(reference)s is public now.") % {"reference": need.reference}, "exchange_desk:reviews")
    return _page(request, need, pass_form=form, status=422)


@page_for(Action.NEED_REVIEW)
@require_POST
@once
def send_back(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Back to the writer with what was found."""
    need = _visible(request, need_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        findings = form.cleaned_data["findings"]
        if attempted(form, lambda: needs.return_need(need_id=need.pk, findings=findings, by=request.user, at=clock.now())):
            return done(request, _("%(reference)s is back with its writer.") % {"reference": need.reference}, "exchange_desk:reviews")
    return _page(request, need, return_form=form, status=422)


def _visible(request: StaffRequest, need_id: UUID) -> Need:
    found: Need = loaded(Need.objects.visible_to(request.user).select_related("province", "org", "hub", "campaign"), need_id)
    return found


def _page(request: StaffRequest, need: Need, status: int = 200, **shown: object) -> HttpResponse:
    own = need.org_id == request.user.org_id
    returned = [r for r in need.reviews.select_related("by") if own or r.by_id == request.user.pk]
    context = {
        "need": need, "own": own, "verbs": [v for v in NEED_LIFE.verbs_from(need.state) if v in STEERING], "writable": need.state in WRITABLE,
        "may_write": check(request.user, Action.NEED_WRITE, need), "may_review": check(request.user, Action.NEED_REVIEW, need),
        "reviews": opened(request, returned, "findings", of=need, action=Action.NEED_REVIEW), "pass_form": PassForm(), "return_form": ReturnForm(), "prolong_form": ProlongForm(),
        "pledges": need.pledges.select_related("offer").order_by("-pledged_at")[:100] if own else [],
        "matches": need.matches.filter(Q(state="proposed")).select_related("offer")[:20], **shown,
    }  # fmt: skip
    return page(request, "need", "needs", context, status=status)
