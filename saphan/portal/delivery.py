"""How public pages travel: an entity tag, a short life in caches, and no cookie for a reader who is nobody in particular."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control, set_response_etag

SECONDS = 60


@dataclass(frozen=True)
class PublicAnswer:
    """The mark of an answer that is the same for everybody. `query` is the tail of its address in the one form that is stored."""

    query: str


def deliver(request: HttpRequest, response: HttpResponse, *, query: str = "") -> HttpResponse:
    """Marks an anonymous GET as public and answers 304 when the reader already has it; everything else is not stored.

    `query` is what the view has understood of the address's tail (`tail`): only an address that asks exactly this is stored.
    """
    if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
        add_never_cache_headers(response)
        return response
    if isinstance(response, SimpleTemplateResponse):
        response = response.render()
    if response.status_code != 200:
        return response
    patch_cache_control(response, public=True, max_age=SECONDS)
    response.public_answer = PublicAnswer(_normal(query))  # type: ignore[attr-defined]  # read by `public_answer`
    if getattr(request, "is_kept", False):
        return response  # the store before us makes tag and 304 of the whole answer
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response) or response


def public_answer(response: HttpResponse) -> PublicAnswer | None:
    """The mark that `deliver` has left on an answer."""
    return getattr(response, "public_answer", None)


def tail(**chosen: object) -> str:
    """The tail of a list's address from what the view has understood: `tail(year="2007", page=2)`. Empty choices and page 1 are left out."""
    return _normal(urlencode({name: str(value) for name, value in chosen.items() if value not in ("", None, 0)}))


def normal_query(request: HttpRequest) -> str:
    """The tail of an address in one form: sorted, without choices left empty and without the first page's number."""
    return _normal(request.META.get("QUERY_STRING", ""))


def asks_exactly(request: HttpRequest, answer: PublicAnswer) -> bool:
    """Whether the tail says what the view has understood and not a word more: what else it says could stand in the page's links."""
    return _normal(request.META.get("QUERY_STRING", ""), keep_blank=True) == answer.query


def _normal(query: str, *, keep_blank: bool = False) -> str:
    bare = [] if keep_blank else [(name, "") for name in query.split("&") if name and "=" not in name]  # a flag, such as ?untranslated
    try:
        pairs = parse_qsl(query, keep_blank_values=keep_blank, max_num_fields=20)
    except ValueError:
        return query  # too many parts to be one of ours
    return urlencode(sorted(pair for pair in [*bare, *pairs] if pair != ("page", "1")))
