"""Gives stored pages out before anything else is asked, and takes in what may be stored on its way out.

What is stored is the last form of an answer, after every other part of the program: its headers are those of a fresh one.
"""

import gzip
import hashlib
import math
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as StoreError
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.http import parse_http_date_safe
from django.utils.translation import get_language_from_request

from saphan.core.context import STAFF_PATHS
from saphan.portal.delivery import asks_exactly, normal_query, public_answer
from saphan.portal.rendered import edition as editions
from saphan.portal.rendered.shelf import LARGEST, Kept, Shelf

Respond = Callable[[HttpRequest], HttpResponse]
SHELF = Shelf()
ELSEWHERE = (*STAFF_PATHS, "/static/", "/media/", "/language/", "/healthz")
LONGEST_QUERY = 300
OWN_HEADERS = {"content-length", "content-encoding", "etag", "vary"}
OF_CONTENT = {"content-type", "content-language", "content-disposition"}
VARIES = {"accept-encoding", "accept-language"}
CODINGS = {"br": "br", "gzip": "gzip"}


class RenderedMiddleware:
    """Stands before sessions, sign-in and database."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request) if settings.RENDERED is not None else None
        edition = editions.present() if address else None
        if address is None or edition is None:
            return self.get_response(request)
        kept = SHELF.find(edition, address)
        if kept is not None:
            return _looked_at_later(answer(kept, request))
        request.is_kept = True  # type: ignore[attr-defined]  # read by delivery: the entity tag and the 304 are made here
        response = self.get_response(request)
        told = public_answer(response)
        if told is None or not is_nobodys(request, response):
            return response
        kept = kept_form(address, response)
        if asks_exactly(request, told) and carries_nothing(request):
            SHELF.keep(edition, kept)
        return answer(kept, request)


def address_of(request: HttpRequest) -> str | None:
    """What an answer may depend on: scheme, host, language, path, query. None when it may depend on more, or is no page of the portal."""
    meta = request.META
    if request.method not in {"GET", "HEAD"} or request.path.startswith(ELSEWHERE) or len(meta.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return None
    if "HTTP_AUTHORIZATION" in meta or "HTTP_HX_REQUEST" in meta or getattr(request, "is_dummy", False):
        return None
    if meta.get("HTTP_COOKIE") and not {settings.SESSION_COOKIE_NAME, "messages"}.isdisjoint(request.COOKIES):
        return None
    host = known_host(request)
    return f"{request.scheme}://{host} {_language(request)} {quote(request.path)}?{normal_query(request)}" if host else None


def known_host(request: HttpRequest) -> str:
    """The host, if it is one that the installation names itself: invented ones would fill the store, or put their name into pages."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    domain, port = split_domain_port(host)
    named = domain in settings.ALLOWED_HOSTS or (settings.ALLOWED_HOSTS == ["*"] and domain in {"localhost", "127.0.0.1"})
    return host if named and port in {"", _port()} else ""


def is_nobodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether nothing in the answer belongs to this reader: no cookie, no form's token, no nonce, nothing read from a session."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Set-Cookie")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and varies <= VARIES
        and "private" not in response.get("Cache-Control", "")
        and "no-store" not in response.get("Cache-Control", "")
        and "nonce-" not in response.get("Content-Security-Policy", "")
        and len(response.content) <= LARGEST
        and b"csrfmiddlewaretoken" not in response.content
    )


def carries_nothing(request: HttpRequest) -> bool:
    """Only a request without any cookie but the language's fills the store; GET only, so that the answer has its body."""
    return request.method == "GET" and set(request.COOKIES) <= {settings.LANGUAGE_COOKIE_NAME}


def kept_form(address: str, response: HttpResponse) -> Kept:
    """An answer in the form in which it is stored."""
    content = response.content
    headers = [(name, value) for name, value in response.items() if name.lower() not in OWN_HEADERS]
    by_language = "accept-language" in response.get("Vary", "").lower()
    headers.append(("Vary", "Accept-Encoding, Accept-Language" if by_language else "Accept-Encoding"))
    mark = hashlib.sha256(content).hexdigest()[:24]
    return Kept(address, tuple(headers), mark, gzip.compress(content, 6, mtime=0), brotli.compress(content, quality=8))


def answer(kept: Kept, request: HttpRequest) -> HttpResponse:
    """A stored answer for this reader: 304 when the reader has it, else in the best coding that the reader takes."""
    coding = coding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    tag = f'"{kept.mark}{"-" + coding if coding else ""}"'
    if has_it(request, tag, dict(kept.headers).get("Last-Modified", "")):
        told = {name: value for name, value in kept.headers if name.lower() not in OF_CONTENT}
        response = HttpResponse(status=304, headers={**told, "ETag": tag, "Content-Type": ""})
        del response["Content-Type"]
        return response
    content = kept.brotli if coding == "br" else kept.gzip if coding == "gzip" else gzip.decompress(kept.gzip)
    own = {"ETag": tag, "Content-Length": str(len(content))} | ({"Content-Encoding": coding} if coding else {})
    return HttpResponse(b"" if request.method == "HEAD" else content, headers={**dict(kept.headers), **own})


def has_it(request: HttpRequest, tag: str, changed: str) -> bool:
    """Whether the reader names this tag or, without any tag, a day of change that is not before ours (readers of feeds do)."""
    asked, since = request.META.get("HTTP_IF_NONE_MATCH", ""), request.META.get("HTTP_IF_MODIFIED_SINCE", "")
    if asked:
        return asked.strip() == "*" or any(one.strip().removeprefix("W/") == tag for one in asked.split(","))
    if not (since and changed):
        return False
    return (parse_http_date_safe(since) or 0) >= (parse_http_date_safe(changed) or math.inf)


def coding_for(accepted: str) -> str:
    """Brotli before gzip before none, among what the reader accepts with a weight above 0."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.partition(";")
        weights[name.strip()] = _weight(rest)
    every = weights.get("*", 0.0)
    return next((coding for coding in CODINGS if weights.get(coding, every) > 0), "")


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _port() -> str:
    return settings.SITE_URL.rpartition(":")[2] if settings.SITE_URL.count(":") > 1 else ""


def _language(request: HttpRequest) -> str:
    """Where the path names no language, the one that Django would choose for this reader."""
    first = request.path[1:].partition("/")[0]
    return "" if first in dict(settings.LANGUAGES) else get_language_from_request(request)


def _looked_at_later(response: HttpResponse) -> HttpResponse:
    """Once a while the stamp is compared with the database, after the reader has the answer."""
    if editions.is_due():
        response._resource_closers.append(_compare)  # type: ignore[attr-defined]  # what a server calls when all is sent
    return response


def _compare() -> None:
    with suppress(StoreError, OSError):  # the next reader's request tries again, and after a minute before it is answered
        editions.confirm()
