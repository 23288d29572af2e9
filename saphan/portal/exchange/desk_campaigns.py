"""Screens of campaigns and hubs."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.core import clock
from saphan.core.errors import Invalid, Outdated
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.exchange import campaigns, hubs
from saphan.portal.exchange.desk_forms import WORDS, CampaignForm, HubForm, PassForm, ReturnForm
from saphan.portal.exchange.desk_frame import attempted, done, loaded, opened, page, refused
from saphan.portal.exchange.models import Campaign, Hub
from saphan.portal.exchange.pictures import kept_picture
from saphan.portal.exchange.selectors import progress_of
from saphan.portal.exchange.states import CAMPAIGN_LIFE

STEERING = {"submit", "take_back", "close"}


@page_for(Action.CAMPAIGN_WRITE)
@require_GET
def list_campaigns(request: StaffRequest) -> HttpResponse:
    """Campaigns of the organisation."""
    found = Campaign.objects.visible_to(request.user).filter(org=request.user.org_id)
    return page(request, "campaigns", "campaigns", {"page": paginate(found, request, order=("-written_at", "id"))})


@page_for(Action.CAMPAIGN_WRITE)
@require_http_methods(["GET", "POST"])
@once
def write(request: StaffRequest) -> HttpResponse:
    """A new campaign."""
    form = CampaignForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        made = attempted(form, lambda: campaigns.write_campaign(facts=form.facts(_picture(form)), by=request.user, at=clock.now()))
        if made:
            return done(request, _("Draft %(reference)s is kept.") % {"reference": made.reference}, "exchange_desk:campaign", made.pk)
    return page(request, "campaign_form", "campaigns", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.CAMPAIGN_WRITE)
@require_http_methods(["GET", "POST"])
@once
def rewrite(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Changes a draft."""
    campaign = _visible(request, campaign_id)
    require(request.user, Action.CAMPAIGN_WRITE, campaign)
    before = {name: getattr(campaign, name) for name in ("alias", "until_on", "picture_alt", "picture_rights", "version", *WORDS)}
    form = CampaignForm(request.POST or None, request.FILES or None, initial=before)
    if form.is_valid():
        try:
            changed = attempted(form, lambda: _rewritten(request, campaign, form))
        except Outdated as error:
            form.add_error(None, error.sentence)
            return page(request, "campaign_form", "campaigns", {"form": form, "campaign": campaign}, status=409)
        if changed:
            return done(request, _("%(reference)s is changed.") % {"reference": campaign.reference}, "exchange_desk:campaign", campaign.pk)
    return page(request, "campaign_form", "campaigns", {"form": form, "campaign": campaign}, status=422 if form.is_bound else 200)


def _rewritten(request: StaffRequest, campaign: Campaign, form: CampaignForm) -> Campaign:
    version = form.cleaned_data["version"] or 0
    return campaigns.rewrite_campaign(campaign_id=campaign.pk, version=version, facts=form.facts(_picture(form)), by=request.user, at=clock.now())


def _picture(form: CampaignForm) -> object:
    upload = form.cleaned_data["picture"]
    return kept_picture(upload, form.cleaned_data["picture_alt"] or "campaign") if upload else None


@page_for(Action.EXCHANGE_OPEN)
@require_GET
def detail(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign, its needs and its reviews."""
    return _page(request, _visible(request, campaign_id))


@page_for(Action.CAMPAIGN_WRITE)
@require_POST
@once
def steer(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Submits, takes back, closes."""
    campaign, verb = _visible(request, campaign_id), request.POST.get("verb", "")
    if verb not in STEERING:
        return refused(request, Invalid(_("Choose what to do.")), "exchange_desk:campaign", campaign.pk)
    campaigns.steer_campaign(campaign_id=campaign.pk, verb=verb, by=request.user, at=clock.now())
    return done(request, _("%(reference)s is changed.") % {"reference": campaign.reference}, "exchange_desk:campaign", campaign.pk)


@page_for(Action.CAMPAIGN_REVIEW)
@require_POST
@once
def pass_review(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Every question answered with yes."""
    campaign = _visible(request, campaign_id)
    form = PassForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data["answers"]
        if attempted(form, lambda: campaigns.pass_campaign(campaign_id=campaign.pk, answers=answers, by=request.user, at=clock.now())):
            return done(request, _("%(reference)s is public now.") % {"reference": campaign.reference}, "exchange_desk:reviews")
    return _page(request, campaign, pass_form=form, status=422)


@page_for(Action.CAMPAIGN_REVIEW)
@require_POST
@once
def send_back(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Back to the writer."""
    campaign = _visible(request, campaign_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        findings = form.cleaned_data["findings"]
        if attempted(form, lambda: campaigns.return_campaign(campaign_id=campaign.pk, findings=findings, by=request.user, at=clock.now())):
            return done(request, _("%(reference)s is back with its writer.") % {"reference": campaign.reference}, "exchange_desk:reviews")
    return _page(request, campaign, return_form=form, status=422)


@page_for(Action.HUB_WRITE)
@require_GET
def list_hubs(request: StaffRequest) -> HttpResponse:
    """Hubs of the organisation: alias and province, nothing of where they are."""
    found = Hub.objects.visible_to(request.user).select_related("province")
    return page(request, "hubs", "hubs", {"page": paginate(found, request, order=("alias", "id"))})


@page_for(Action.HUB_WRITE)
@require_http_methods(["GET", "POST"])
@once
def make_hub(request: StaffRequest) -> HttpResponse:
    """A new hub."""
    form = HubForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempted(form, lambda: hubs.make_hub(facts=form.facts(), by=request.user, at=clock.now())):
        return done(request, _("The hub is kept; its place is sealed."), "exchange_desk:hubs")
    return page(request, "hub_form", "hubs", {"form": form}, status=422 if form.is_bound else 200)


@page_for(Action.HUB_WRITE)
@require_http_methods(["GET", "POST"])
@once
def change_hub(request: StaffRequest, hub_id: UUID) -> HttpResponse:
    """Another alias, or a new place over the old one."""
    hub: Hub = loaded(Hub.objects.visible_to(request.user).in_use(), hub_id)
    form = HubForm(request.POST if request.method == "POST" else None, exists=True, initial={"alias": hub.alias, "province": hub.province_id})
    if form.is_valid() and attempted(form, lambda: hubs.change_hub(hub_id=hub.pk, facts=form.facts(), by=request.user, at=clock.now())):
        return done(request, _("The hub is changed."), "exchange_desk:hubs")
    return page(request, "hub_form", "hubs", {"form": form, "hub": hub}, status=422 if form.is_bound else 200)


@page_for(Action.HUB_WRITE)
@require_POST
@once
def end_hub(request: StaffRequest, hub_id: UUID) -> HttpResponse:
    """Gives a hub up."""
    hub: Hub = loaded(Hub.objects.visible_to(request.user).in_use(), hub_id)
    try:
        hubs.end_hub(hub_id=hub.pk, by=request.user, at=clock.now())
    except Invalid as error:
        return refused(request, error, "exchange_desk:hubs")
    return done(request, _("The hub is given up."), "exchange_desk:hubs")


def _visible(request: StaffRequest, campaign_id: UUID) -> Campaign:
    found: Campaign = loaded(Campaign.objects.visible_to(request.user).select_related("org", "picture"), campaign_id)
    return found


def _page(request: StaffRequest, campaign: Campaign, status: int = 200, **shown: object) -> HttpResponse:
    own = campaign.org_id == request.user.org_id
    returned = [r for r in campaign.reviews.select_related("by") if own or r.by_id == request.user.pk]
    context = {
        "campaign": campaign, "own": own, "verbs": [v for v in CAMPAIGN_LIFE.verbs_from(campaign.state) if v in STEERING],
        "writable": campaign.state in campaigns.WRITABLE, "may_write": check(request.user, Action.CAMPAIGN_WRITE, campaign),
        "may_review": check(request.user, Action.CAMPAIGN_REVIEW, campaign), "progress": progress_of(campaign),
        "reviews": opened(request, returned, "findings", of=campaign, action=Action.CAMPAIGN_REVIEW), "pass_form": PassForm(), "return_form": ReturnForm(), **shown,
    }  # fmt: skip
    return page(request, "campaign", "campaigns", context, status=status)
