"""Pages of the edge that stand in for one that could not be shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

HIDDEN = ("csrfmiddlewaretoken", "once", "version")
NEVER_SHOWN = ("password", "code", "secret", "otp", "credential")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django passes the reason; it is not for the reader
    """A form came without its proof of origin, mostly because the session ended meanwhile: nothing was saved, the typed words are shown to copy.

    The words are not offered for sending again from this page: it may be a stranger's page that sent them.
    """
    typed = [(name, value) for name, values in request.POST.lists() for value in values if value.strip() and _may_be_shown(name)]
    response = render(request, "403_csrf.html", {"typed": typed}, status=403)
    add_never_cache_headers(response)
    return response


def _may_be_shown(name: str) -> bool:
    return name not in HIDDEN and not any(word in name.lower() for word in NEVER_SHOWN)
