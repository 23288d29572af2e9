"""The archive of the newsletter: the same for everybody, kept by any cache."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver, tail
from saphan.portal.framing import framed
from saphan.portal.heads import absolute
from saphan.portal.newsletter.archive import public_editions, whole_editions
from saphan.portal.newsletter.digest import Digest, digest_of
from saphan.portal.pages import Tongue

PER_PAGE = 24
ARCHIVE = "newsletter/archive/"


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All issues in the language of the page, the newest first."""
    listing = Paginator(whole_editions(get_language() or "en"), PER_PAGE).get_page(request.GET.get("page"))
    context = framed(
        request, _("Newsletter archive"), _("Every issue of the newsletter that has been sent."), ARCHIVE, (_("Newsletter"), "newsletter/")
    )
    untranslated = "untranslated" in request.GET
    context |= {"rows": [(edition, digest_of(edition)) for edition in listing], "listing": listing, "untranslated": untranslated}
    query = tail(page=listing.number) or ("untranslated=" if untranslated else "")
    return deliver(request, render(request, "newsletter/archive.html", context), query=query)


@require_safe
def issue(request: HttpRequest, month: str, country: str = "") -> HttpResponse:
    """One edition. What has not begun to leave is 404, as is one with nothing in it."""
    if country != country.lower():
        raise Http404
    found = [digest for digest in map(digest_of, public_editions().filter(issue__month=_first(month)).order_by("country")) if not digest.is_empty]
    path = f"{ARCHIVE}{month}/" + (f"{country}/" if country else "")
    digest = next((one for one in found if one.path == f"/{get_language()}/{path}"), None)
    if digest is None:
        raise Http404
    context = framed(request, digest.title, digest.summary, path, (_("Newsletter"), "newsletter/"), (_("Newsletter archive"), ARCHIVE))
    others = [one for one in found if one.language == digest.language and one != digest]
    answer = render(request, "newsletter/issue.html", {**context, **_tongues(digest, found, context), "digest": digest, "others": others})
    return deliver(request, answer)


def _tongues(digest: Digest, found: Sequence[Digest], context: dict[str, Any]) -> dict[str, Any]:
    """The same edition in the other languages; where there is none, the archive."""
    rest = digest.path.split("/", 2)[2]
    there = {one.language for one in found if one.path == f"/{one.language}/{rest}"}
    tongues = [
        Tongue(code, str(name), f"/{code}/{rest}" if code in there else f"/{code}/{ARCHIVE}?untranslated", code == digest.language, code in there)
        for code, name in settings.LANGUAGES
    ]
    alternates = [(tongue.code, absolute(tongue.url)) for tongue in tongues if tongue.exact]
    return {"translations": tongues, "head": replace(context["head"], alternates=alternates)}


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
