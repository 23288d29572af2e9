"""The edge: how long a session lives, who must set up the second step, the row lock, and one page for each refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from saphan.core.errors import DomainError

Respond = Callable[[HttpRequest], HttpResponse]


class SessionLimitMiddleware:
    """Ends a session after the idle and the absolute limit."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SecondStepMiddleware(SessionLimitMiddleware):
    """A signed-in person without a second step may only set one up."""


class RowSecurityMiddleware(SessionLimitMiddleware):
    """On PostgreSQL the desk's requests carry the organisation into the transaction."""


class DomainErrorMiddleware:
    """Turns a domain error into its page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return render(request, f"{error.status}.html", {"sentence": error.sentence}, status=error.status)
