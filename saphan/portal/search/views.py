"""The search page: an address like any other, without script, kept by no one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from saphan.portal.delivery import deliver
from saphan.portal.pages import site_menu
from saphan.portal.search.selectors import find

SIZE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public that holds the words asked for."""
    question = request.GET.get("q", "")
    number = page_number(request.GET.get("page", ""))
    language = get_language() or settings.LANGUAGE_CODE
    results = find(question, offset=(number - 1) * SIZE, size=SIZE, language=language)
    last = max(1, -(-results.count // SIZE))
    context = {
        "results": results,
        "site_menu": site_menu(language, request.path),
        "names": dict(settings.LANGUAGES),
        "number": number,
        "last": last,
        "previous": number - 1 if 1 < number <= last else 0,
        "next": number + 1 if number < last else 0,
    }
    return deliver(request, render(request, "search/results.html", context))


def page_number(asked: str) -> int:
    """The page asked for; 1 when it does not read as a number of a page."""
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
