"""The edge: how long a session lives, who must set up the second step, the row lock, and one page for each refusal."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from saphan.access import held
from saphan.access.rowlock import as_user
from saphan.access.seconds import has_second_step
from saphan.audit.services import record_denial
from saphan.core import clock
from saphan.core.errors import DomainError, Refused

Respond = Callable[[HttpRequest], HttpResponse]
STAFF = ("/desk/", "/accounts/", "/cms/", "/documents/", "/doors/", "/api/")
BEFORE_THE_SECOND_STEP = ("/accounts/second-step/", "/accounts/logout/", "/accounts/reauthenticate/")
SEEN_EVERY = 60  # seconds between two notes of "seen", so that reading a page costs no write


def _signed_in(request: HttpRequest) -> bool:
    """Asks the session only where the browser sent one: a public page without cookie stays free of both."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


class SessionLimitMiddleware:
    """Ends a session after the idle or the absolute limit; what was typed into a form is kept for the same person (R10)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _signed_in(request):
            return self.get_response(request)
        at = clock.now()
        if reason := self._over(request, at):
            return self._end(request, reason, at)
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 500 and request.session.get(held.KEY, {}).get("path") == request.get_full_path():
            held.discard(request)
        return response

    def _over(self, request: HttpRequest, at: datetime) -> str:
        """Why the session has ended, or nothing; notes that it was seen."""
        session, now = request.session, at.timestamp()
        began, seen = session.setdefault("began_at", now), session.setdefault("seen_at", now)
        if now - began > settings.SESSION_ABSOLUTE_HOURS * 3600:
            return "absolute"
        if now - seen > settings.SESSION_IDLE_MINUTES * 60:
            return "idle"
        if abs(now - seen) > SEEN_EVERY:
            session["seen_at"] = now
        return ""

    def _end(self, request: HttpRequest, reason: str, at: datetime) -> HttpResponse:
        user: Any = request.user
        posted = request.method == "POST" and not _forged(request)
        kept = held.seal(request, user, at) if posted else None
        request.session.flush()
        request.user = AnonymousUser()
        request.session["signed_out"] = "kept" if kept else "lost" if posted and request.POST else reason
        if kept:
            request.session[held.KEY] = kept
        back = reverse("access:resume") if kept else request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
        return _lead_to(request, redirect_to_login(back))


def _forged(request: HttpRequest) -> bool:
    """Whether the form did not come from our own page: such a body is never held."""
    return CsrfViewMiddleware(_no_view).process_view(request, _no_view, (), {}) is not None


def _no_view(_request: HttpRequest) -> HttpResponse:
    """Stands for any view that asks for the token."""
    return HttpResponse()


def _lead_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect that HTMX follows with the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


class SecondStepMiddleware:
    """A signed-in person without a second step may set one up or leave; public pages stay open."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path
        if not path.startswith(STAFF) or path.startswith(BEFORE_THE_SECOND_STEP) or not _signed_in(request) or has_second_step(request):
            return self.get_response(request)
        return _lead_to(request, redirect("mfa_index"))


class RowSecurityMiddleware:
    """Carries a desk request in one transaction with the organisation set on PostgreSQL; records denials once that is over."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.vendor == "postgresql" and request.path.startswith("/desk/") and _signed_in(request):
            response = self._locked(request)
        else:
            response = self.get_response(request)
        _record_refusal(request)
        return response

    def _locked(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        with as_user(user):
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "refusal", None):
                transaction.set_rollback(True)
        return response


def _record_refusal(request: HttpRequest) -> None:
    """Writes the denial in a transaction of its own: the refused act's transaction is rolled back by now (R5)."""
    refusal: DomainError | None = getattr(request, "refusal", None)
    if isinstance(refusal, Refused):
        user: Any = request.user
        by = user if user.is_authenticated else None
        record_denial(by=by, action=refusal.action or "page:open", kind=refusal.target_kind, target_id=refusal.target_id, at=clock.now())


class DomainErrorMiddleware:
    """Turns a domain error into one page with one sentence, or for HTMX into one line."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and _read_by_people(request.path_info):
            return _only_for_forms(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        request.refusal = error  # type: ignore[attr-defined]  # read by RowSecurityMiddleware on the way out
        template = "access/_sentence.html" if request.headers.get("HX-Request") else f"{error.status}.html"
        context = {
            "sentence": error.sentence,
            "status": error.status,
            "way_back": getattr(request, "way_back", ""),
        }  # a view names where its record stands
        response = render(request, template, context, status=error.status)
        add_never_cache_headers(response)
        return response


def _read_by_people(path: str) -> bool:
    """Not an address of devices, feeds or data: those answer in the manner of their protocol."""
    return path.startswith(("/desk/", "/accounts/")) or path.split("/")[1] in dict(settings.LANGUAGES)


def _only_for_forms(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An address that only takes in what a form sends, opened by itself (a bookmark, a change of language): the page that it belongs to is named."""
    page = render(request, "405.html", {"way_back": _page_above(request.path_info)}, status=response.status_code)
    page["Allow"] = response["Allow"]
    add_never_cache_headers(page)
    return page


def _page_above(path: str) -> str:
    """The nearest address above that is one of ours; the home page where there is none."""
    while path.count("/") > 2:
        path = path[: path.rstrip("/").rindex("/") + 1]
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"
