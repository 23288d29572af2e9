"""The doors as addresses for the other machine: a bearer token opens them, signatures and seals protect what passes."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saphan.core import clock
from saphan.core.errors import DomainError
from saphan.releases import reports
from saphan.releases.services import receive_release

LARGEST_REQUEST = 2 * 1024 * 1024
TOKEN_HASH = "door_token.sha256"  # noqa: S105  # a file name
Door = Callable[[HttpRequest], HttpResponse]


def door(view: Door) -> Door:
    """Only the machine that knows the token, only small requests; domain errors become JSON problems. No cookie is read, so none can be misused."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if settings.SURFACE == "casework":
            return problem(404, "This side has no such door.")
        if not _knows_the_token(request):
            return _unauthorised()
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REQUEST:
            return problem(413, "The request is too large.")
        try:
            return view(request)
        except DomainError as error:
            return problem(error.status, error.sentence)

    return guarded


@door
@require_http_methods(["POST"])
def releases(request: HttpRequest) -> HttpResponse:
    """Outward: the casework brings a release; the answer is its receipt, the same for a replay."""
    found, wire = _json(request)
    if not found:
        return problem(400, "The request holds no JSON.")
    return JsonResponse(asdict(receive_release(wire=wire, at=clock.now())))


@door
@require_http_methods(["GET", "POST"])
def sealed_reports(request: HttpRequest) -> HttpResponse:
    """Inward: the casework fetches sealed reports (GET) and says which it holds (POST); their content is then deleted here."""
    if request.method == "GET":
        return JsonResponse({"reports": reports.waiting_parcels()})
    found, wire = _json(request)
    if not found:
        return problem(400, "The request holds no JSON.")
    return JsonResponse({"deleted": reports.acknowledge(wire=wire, at=clock.now())})


def problem(status: int, title: str) -> HttpResponse:
    """A refusal in the form of RFC 9457."""
    return JsonResponse({"type": "about:blank", "status": status, "title": str(title)}, status=status, content_type="application/problem+json")


def _unauthorised() -> HttpResponse:
    response = problem(401, "The door opens to a bearer token.")
    response["WWW-Authenticate"] = 'Bearer realm="doors"'
    return response


def _knows_the_token(request: HttpRequest) -> bool:
    """Compares hashes in constant time; without a configured hash no token is right."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    path = Path(settings.KEYS) / TOKEN_HASH
    expected = path.read_text().strip() if path.exists() else ""
    offered = hashlib.sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
    return hmac.compare_digest(offered, expected or "-" * 64) and scheme.lower() == "bearer"


def _json(request: HttpRequest) -> tuple[bool, Any]:
    try:
        return True, json.loads(request.body)
    except (ValueError, RecursionError):
        return False, None
