"""The archive of the newsletter: the same for everybody, kept by any cache."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver, tail
from saphan.portal.framing import framed
from saphan.portal.newsletter.archive import public_editions
from saphan.portal.newsletter.digest import digest_of

PER_PAGE = 24


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All issues in the language of the page, the newest first."""
    listing = Paginator(public_editions().filter(language=get_language(), country="").order_by("-issue__month"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    title, summary = _("Newsletter archive"), _("Every issue of the newsletter that has been sent.")
    context = framed(request, title, summary, "newsletter/archive/", (_("Newsletter"), "newsletter/"))
    rows = [(edition, digest_of(edition)) for edition in listing]
    answer = render(request, "newsletter/archive.html", {**context, "rows": rows, "listing": listing})
    return deliver(request, answer, query=tail(page=listing.number))


@require_safe
def issue(request: HttpRequest, month: str, country: str = "") -> HttpResponse:
    """One edition. What has not begun to leave is 404, as is one with nothing in it."""
    first = _first(month)
    found = public_editions().filter(language=get_language(), issue__month=first)
    edition = found.filter(country=country.upper()).first()
    digest = digest_of(edition) if edition else None
    if digest is None or digest.is_empty or country != country.lower():
        raise Http404
    above = [(_("Newsletter"), "newsletter/"), (_("Newsletter archive"), "newsletter/archive/")]
    context = framed(request, digest.title, digest.summary, digest.path.split("/", 2)[2], *above)
    others = [digest_of(other) for other in found.exclude(country=country.upper()).order_by("country")]
    context |= {"digest": digest, "others": [other for other in others if not other.is_empty], "first": first}
    return deliver(request, render(request, "newsletter/issue.html", context))


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
