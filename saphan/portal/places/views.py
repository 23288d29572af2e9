"""The public service directory: who offers what, in which province and in which languages."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.core.ids import permanent_name
from saphan.portal.delivery import deliver, tail
from saphan.portal.framing import framed
from saphan.portal.heads import permanent_url
from saphan.portal.places.directory import PublicService
from saphan.portal.places.selectors import services_asked_for
from saphan.releases.models import Release

PER_PAGE = 20


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Everything that the public may know of, narrowed by need, place and language."""
    filters = services_asked_for(request.GET)
    listing = Paginator(filters.services, PER_PAGE).get_page(request.GET.get("page"))
    title, summary = _("Public services"), _("Who helps with what, where, and in which languages. No shelter has an address here.")
    context = {
        **framed(request, title, summary, "services/"),
        "filters": filters,
        "listing": listing,
        "released_at": Release.objects.filter(kind="service_directory").order_by("-seq").values_list("published_at", flat=True).first(),
    }
    answer = render(request, "places/services.html", context)
    return deliver(request, answer, query=tail(**filters.chosen, page=listing.number))


@require_safe
def service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One service. What is not, or no longer, in the newest release is 404."""
    found = PublicService.objects.filter(pk=pk).select_related("country", "province").first()
    if found is None:
        raise Http404
    place = str(found.province or found.country or "")
    summary = " · ".join(part for part in (found.need, found.organisation, place) if part)
    context = framed(request, str(found), summary, f"services/{pk}/", (_("Public services"), "services/"))
    context |= {"service": found, "permanent": permanent_url(permanent_name(found.pk))}
    return deliver(request, render(request, "places/service.html", context))
