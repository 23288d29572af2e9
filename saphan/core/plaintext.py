"""What reaches a view is text that a database takes: the sign NUL, which nobody types, is left out of addresses' tails and of forms.

PostgreSQL refuses it in any text, and a filter that asks with it would answer 500. One place for the whole house; an address whose path
holds it is nobody's. What arrives as a body of its own kind (a file, JSON) is its room's to judge.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\0"


class PlainTextMiddleware:
    """Leaves NUL out of the query at once, and out of a form when it is first read: a body that a view reads by itself stays unread here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = without_nul(request.GET)  # type: ignore[assignment]  # unchangeable as before, under the plainer of its two names
        _clean_when_read(request)
        return self.get_response(request)


def _clean_when_read(request: HttpRequest) -> None:
    load = request._load_post_and_files  # the one place in Django where a form is read

    def loaded() -> None:
        load()
        request._post = without_nul(request._post)  # type: ignore[attr-defined]  # as above: what `request.POST` answers

    request._load_post_and_files = loaded  # type: ignore[method-assign]  # for this one request


def without_nul(told: QueryDict) -> QueryDict:
    """The same names and values without NUL; the very same object where there is none."""
    if not any(NUL in name or any(NUL in value for value in values) for name, values in told.lists()):
        return told
    plain = QueryDict(mutable=True, encoding=told.encoding)
    for name, values in told.lists():
        plain.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    plain._mutable = False
    return plain
