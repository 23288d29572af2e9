"""The search page and its suggestions: addresses like any other, without script, kept by no one."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver
from saphan.portal.pages import site_menu
from saphan.portal.search.addresses import Asked
from saphan.portal.search.asking import LONGEST
from saphan.portal.search.facets import Facet
from saphan.portal.search.selectors import find
from saphan.portal.search.suggesting import suggestions

SIZE = 20


@dataclass(frozen=True)
class Way:
    """A link that narrows or widens the list: what it is called, where it leads, how many results are there."""

    label: str
    url: str
    count: int = 0


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public that holds the words asked for."""
    asked = Asked.of(request.GET)
    language = get_language() or settings.LANGUAGE_CODE
    results = find(asked.question, offset=(asked.page - 1) * SIZE, size=SIZE, language=language, chosen=asked.chosen, alone=asked.alone)
    last = max(1, -(-results.count // SIZE))
    context = {
        "asked": asked,
        "results": results,
        "site_menu": site_menu(language, request.path),
        "chosen": [Way(one.label, asked.without_facet(one.name, one.code)) for one in results.chosen],
        "facets": [_ways(facet, asked) for facet in results.facets],
        "instead": Way(results.instead, asked.asking(results.instead)),
        "feeds": asked.feeds() if results.count else [],
        "last": last,
        "previous": asked.on_page(asked.page - 1) if 1 < asked.page <= last else "",
        "next": asked.on_page(asked.page + 1) if asked.page < last else "",
        "first": asked.on_page(1),
    }
    return deliver(request, render(request, "search/results.html", context))


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What a reader may be about to write, as JSON, or as a list of links (`?as=html`)."""
    question = request.GET.get("q", "")[:LONGEST]
    found = suggestions(question, get_language() or settings.LANGUAGE_CODE)
    if request.GET.get("as") == "html":
        return deliver(request, render(request, "search/_suggestions.html", {"suggestions": found}))
    lines = [{"text": one.text, "kind": one.kind, "language": one.language, "url": one.url} for one in found]
    return deliver(request, JsonResponse({"question": question, "suggestions": lines}, json_dumps_params={"ensure_ascii": False}))


def _ways(facet: Facet, asked: Asked) -> tuple[str, str, list[Way]]:
    """A facet's name and label with a link for each of its values."""
    return facet.name, facet.label, [Way(value.label, asked.with_facet(facet.name, value.code), value.count) for value in facet.values]
