"""Public pages of needs: the list, one need, campaigns, the thank-you wall. None of them knows a hub's place."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.core import clock
from saphan.core.ids import permanent_name
from saphan.portal.delivery import deliver, tail
from saphan.portal.exchange import iati
from saphan.portal.exchange.asking import chosen_of
from saphan.portal.exchange.models import Campaign, Need
from saphan.portal.exchange.pledging import FIRST_LAPSES_AFTER, LAPSES_AFTER
from saphan.portal.exchange.selectors import listed, progress_of, running_campaigns, wall
from saphan.portal.exchange.states import NeedState
from saphan.portal.framing import framed
from saphan.portal.heads import permanent_url

PER_PAGE = 20


def above() -> tuple[str, str]:
    """The step of the trail above every other page of this room."""
    return _("Linking Needs with Resources"), "needs/"


@require_safe
def list_needs(request: HttpRequest) -> HttpResponse:
    """Open needs by province, kind and urgency."""
    shown = listed(chosen_of(request.GET))
    listing = Paginator(shown.needs, PER_PAGE).get_page(request.GET.get("page"))
    title = _("Linking Needs with Resources")
    summary = _("What organisations that protect survivors need now, and how you can help. No page tells where a shelter is or who lives there.")
    campaigns = running_campaigns(clock.now().date()) if listing.number == 1 and not shown.query else []
    context = {**framed(request, title, summary, "needs/"), "shown": shown, "listing": listing, "campaigns": campaigns}
    return deliver(request, render(request, "exchange/list.html", context), query=tail(**shown.chosen, page=listing.number))


@require_safe
def need(request: HttpRequest, reference: str) -> HttpResponse:
    """One need while it is open or met. One that was public and is not any more says so, and nothing else; every other is 404."""
    found = Need.objects.public().select_related("province", "campaign").filter(reference=reference).first()
    if found is None:
        return _not_open(request, reference)
    summary = f"{found.get_kind_display()} · {found.get_item_display()} · {found.province}"
    context = framed(request, found.title, summary, f"needs/{found.reference}/", above())
    context |= {"first_days": FIRST_LAPSES_AFTER.days, "days": LAPSES_AFTER.days, "need": found, "permanent": permanent_url(permanent_name(found.pk))}
    return deliver(request, render(request, "exchange/need.html", context))


def _not_open(request: HttpRequest, reference: str) -> HttpResponse:
    """For whoever kept the link. Its words stay unsaid: it may have been taken back because of them."""
    state = Need.objects.filter(reference=reference, opened_at__isnull=False).values_list("state", flat=True).first()
    if state is None:
        raise Http404
    over = state in (NeedState.CLOSED, NeedState.EXPIRED)
    context = {**framed(request, _("This need is not open"), "", "needs/", above()), "over": over}
    answer = render(request, "exchange/closed.html", context, status=410 if over else 404)
    add_never_cache_headers(answer)
    return answer


@require_safe
def campaign(request: HttpRequest, reference: str) -> HttpResponse:
    """One campaign with its picture and how far it has come."""
    found = Campaign.objects.public().select_related("picture").filter(reference=reference).first()
    if found is None:
        raise Http404
    context = framed(request, found.title, found.alias, f"needs/campaigns/{found.reference}/", above())
    context |= {"campaign": found, "progress": progress_of(found)}
    return deliver(request, render(request, "exchange/campaign.html", context))


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """The wall of names of those who wanted theirs to stand there."""
    summary = _("They have given, and wanted their name to stand here. Most give in silence: thank you, all of you.")
    context = {**framed(request, _("Thank you"), summary, "needs/thanks/", above()), "names": wall()}
    return deliver(request, render(request, "exchange/thanks.html", context))


@require_safe
def iati_activities(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the shape of a view
    """Money in sums of a month, for the International Aid Transparency Initiative; 404 while no organisation is named for it.

    It is not among the stored pages: the books change without anything that a page shows.
    """
    try:
        content = iati.exported(clock.now())
    except ValueError:
        raise Http404 from None
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=3600)
    return answer
