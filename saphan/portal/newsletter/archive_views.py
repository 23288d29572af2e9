"""The archive of the newsletter: the same for everybody, kept by any cache."""

import re
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
from saphan.portal.newsletter.issues import Edition
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
    """One edition. What has not begun to leave is 404, as is one with nothing in it; one that was withdrawn is gone (410)."""
    if country != country.lower():
        raise Http404
    first, number = _month_of(month)
    editions = public_editions().filter(issue__month=first, issue__number=number).order_by("country")
    found = [digest for digest in map(digest_of, editions) if not digest.is_empty]
    path = f"{ARCHIVE}{month}/" + (f"{country}/" if country else "")
    digest = next((one for one in found if one.path == f"/{get_language()}/{path}"), None)
    if digest is None:
        return _gone(request, first, number, country)
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


def _gone(request: HttpRequest, first: date, number: int, country: str) -> HttpResponse:
    """The page of an edition that was withdrawn, with the one that stands in its place. Raises 404 where there never was one."""
    here = Edition.objects.filter(language=get_language() or "en", country=country.upper(), issue__month=first)
    if not here.filter(issue__number=number, issue__begun_at__isnull=False, withdrawn_at__isnull=False).exists():
        raise Http404
    title = _("This issue was withdrawn")
    context = framed(request, title, title, ARCHIVE, (_("Newsletter"), "newsletter/"), (_("Newsletter archive"), ARCHIVE))
    later = public_editions().filter(pk__in=here, issue__number__gt=number, items__hidden=False).order_by("-issue__number").first()
    shown = {"later": digest_of(later) if later else None}
    return render(request, "newsletter/withdrawn.html", {**context, **shown}, status=410)


def _month_of(asked: str) -> tuple[date, int]:
    """The first day of the month in an address, and the number of the issue, which stands there from the second on."""
    shape = re.fullmatch(r"(\d{4}-\d{2})(?:-([2-9]|[1-9]\d{1,2}))?", asked, re.ASCII)
    try:
        return date.fromisoformat(f"{shape[1]}-01" if shape else ""), int((shape and shape[2]) or 1)
    except ValueError:
        raise Http404 from None
