"""The door of prepared devices: a token of their own, no session, no cookie; each answer says how the device stands."""

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from saphan.access.rowlock import as_user
from saphan.audit.services import record_denial
from saphan.care.fieldkit.devices import Known, recognise
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.parcels import is_plausible
from saphan.care.fieldkit.states import DeviceState
from saphan.core import clock
from saphan.core.errors import DomainError, Refused
from saphan.core.faults import point

log = logging.getLogger(__name__)
BODY_AT_MOST = 16 * 1024 * 1024  # one interview with a photo of 10 MB, in base 64


@dataclass(frozen=True)
class Caller:
    """A device at the door: its record, whether its token reads, and the moment."""

    device: Device
    reads: bool
    at: datetime


DeviceView = Callable[[HttpRequest, Caller], HttpResponse]


class TooLarge(DomainError):
    """A body above the limit (413)."""

    status = 413


def credentials(request: HttpRequest) -> tuple[str, str]:
    """The device's reference and token: `Device K-…:token` from our own page, HTTP Basic from ODK Collect."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            rest = base64.b64decode(rest, validate=True).decode("utf-8")
        except ValueError:  # no Base64, not ASCII, or no letters inside
            return "", ""
    elif scheme.lower() != "device":
        return "", ""
    reference, _colon, token = rest.replace("\0", "").partition(":")
    return reference.strip(), token.strip()


def caller_of(request: HttpRequest, at: datetime) -> Known | None:
    """Who stands at the door; None for a stranger."""
    reference, token = credentials(request)
    return recognise(reference=reference, token=token, at=at) if reference and token else None


def standing(device: Device, at: datetime) -> dict[str, Any]:
    """How the device stands: said in every answer, so that an expired one learns it wherever it asks."""
    reads = device.may_read(at) and device.worker.is_active
    state = DeviceState.EXPIRED if device.state == DeviceState.ACTIVE and not reads else device.state
    return {"state": str(state), "expires_at": device.expires_at.isoformat(), "reference": device.reference}


def for_devices(view: DeviceView) -> Callable[[HttpRequest], HttpResponse]:
    """Marks a view that our own page calls: JSON in both cases, the reader's language from a header."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        at = clock.now()
        language = request.headers.get("X-Saphan-Language", "en")
        with translation.override(language if language in dict(settings.STAFF_LANGUAGES) else "en"):
            known = caller_of(request, at)
            if known is None:
                response: HttpResponse = JsonResponse({"reason": _("This device is not known here. Prepare it again.")}, status=401)
            elif known.device.state == DeviceState.REVOKED:
                response = JsonResponse({"device": standing(known.device, at)}, status=410)
            else:
                response = _answered(view, request, Caller(known.device, known.reads, at))
        add_never_cache_headers(response)
        return response

    return guarded


def _answered(view: DeviceView, request: HttpRequest, caller: Caller) -> HttpResponse:
    try:
        response = within(view, request, caller)
    except DomainError as error:
        field, sentence = next(iter(error.fields.items()), ("", "")) if hasattr(error, "fields") else ("", "")
        answer = {"outcome": "refused", "field": field, "reason": error.sentence or sentence, "device": standing(caller.device, caller.at)}
        response = JsonResponse(answer, status=error.status)
    point("fieldkit:before_answer")
    return response


def within(view: DeviceView, request: HttpRequest, caller: Caller) -> HttpResponse:
    """The view under the row lock of the device's worker; a refusal is recorded after its transaction is rolled back."""
    try:
        with as_user(caller.device.worker):
            return view(request, caller)
    except Refused as refusal:
        record_denial(
            by=caller.device.worker, action=refusal.action or "fieldkit:submit", kind="care_fieldkit.device", target_id=str(caller.device.pk),
            at=caller.at,
        )  # fmt: skip
        raise


def body_of(request: HttpRequest, at_most: int = BODY_AT_MOST) -> bytes:
    """The whole body, counted while it is read. Raises TooLarge."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > at_most:
        raise TooLarge(_("This file is larger than 10 MB. Make the photo smaller and send it again; the answers are kept."))
    body: bytes = request.read(at_most + 1)
    if len(body) > at_most:
        raise TooLarge(_("This file is larger than 10 MB. Make the photo smaller and send it again; the answers are kept."))
    return body


def offset_of(request: HttpRequest, at: datetime) -> timedelta | None:
    """How far the device's clock is from ours, from what it said when it sent; None when it said nothing readable."""
    try:
        theirs = parse_datetime(request.headers.get("X-Device-Time", ""))
    except ValueError:
        theirs = None
    return theirs - at if theirs is not None and is_plausible(theirs) else None
