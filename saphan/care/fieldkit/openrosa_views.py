"""What ODK Collect asks (OpenRosa 1.0): which forms there are, their text, and to take filled ones. HTTP Basic with a device's token."""

from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saphan.access.actions import Action
from saphan.care.fieldkit import collect
from saphan.care.fieldkit.door import Caller, TooLarge, caller_of, within
from saphan.care.fieldkit.instruments import offered
from saphan.care.fieldkit.models import Device, Submission
from saphan.care.fieldkit.parcels import Photo, is_plausible, too_large
from saphan.care.fieldkit.receiving import Delivery, receive
from saphan.care.fieldkit.states import DeviceState
from saphan.care.screening.instruments import InstrumentVersion
from saphan.core import clock
from saphan.core.attachments import BYTES_AT_MOST
from saphan.core.errors import DomainError, Invalid, NotFound, Refused
from saphan.core.faults import point
from saphan.xlsform import openrosa

LENGTH_AT_MOST = BYTES_AT_MOST + 1024 * 1024  # one photo with its form in a request
XML = "text/xml; charset=utf-8"
View = Callable[..., HttpResponse]


def for_collect(view: View) -> View:
    """Marks a view that ODK Collect calls: every answer carries the headers of OpenRosa, every error a sentence in its XML."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        at = clock.now()
        known = caller_of(request, at)
        if known is None or known.device.kind != Device.Kind.COLLECT or known.device.state == DeviceState.REVOKED:
            response = _said(_("This device is not known here. Ask your office for a token."), 401)
            response["WWW-Authenticate"] = 'Basic realm="Saphan", charset="UTF-8"'
        else:
            response = _answered(view, request, Caller(known.device, known.reads, at), named)
        for name, value in openrosa.headers(LENGTH_AT_MOST).items():
            response[name] = value
        add_never_cache_headers(response)
        return response

    return guarded


def _answered(view: View, request: HttpRequest, caller: Caller, named: dict[str, Any]) -> HttpResponse:
    try:
        response = within(lambda asked, who: view(asked, who, **named), request, caller)
    except openrosa.Malformed as error:
        response = _said(error.sentence, 413 if error.code == "too_large" else 400)
    except DomainError as error:
        response = _said(_sentence(error), error.status)
    point("fieldkit:before_answer")
    return response


def _sentence(error: DomainError) -> str:
    if isinstance(error, Invalid) and error.fields:
        field, sentence = next(iter(error.fields.items()))
        return f"{sentence} ({field})"
    return error.sentence or _("This is not here.")


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(openrosa.response(sentence, status), status=status, content_type=XML)


def _reading(caller: Caller) -> None:
    if not (caller.device.may_read(caller.at) and caller.device.worker.is_active):
        raise Refused(_("This device may not read any more. What it holds may still be sent."), action=Action.FIELDKIT_PREPARE)


@require_http_methods(["GET", "HEAD"])
@for_collect
def form_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The forms that may be filled now."""
    _reading(caller)
    entries = [
        openrosa.Entry(
            form_id=version.instrument_id, name=_name(version), version=str(version.number), hash=openrosa.digest_of(collect.xform_of(version)),
            download_url=request.build_absolute_uri(reverse("openrosa:form", args=[version.pk])),
        )
        for version in offered()
    ]  # fmt: skip
    return HttpResponse(openrosa.form_list(entries), content_type=XML)


def _name(version: InstrumentVersion) -> str:
    name = version.instrument.name_en
    return name if version.is_formal else _("%(name)s (training)") % {"name": name}


def _version(version_id: UUID) -> InstrumentVersion:
    version = InstrumentVersion.objects.select_related("instrument").filter(pk=version_id).first()
    if version is None:
        raise NotFound
    return version


@require_http_methods(["GET", "HEAD"])
@for_collect
def form(_request: HttpRequest, caller: Caller, version_id: UUID) -> HttpResponse:
    """One form as XForm."""
    _reading(caller)
    return HttpResponse(collect.xform_of(_version(version_id)), content_type=XML)


@require_http_methods(["GET", "HEAD"])
@for_collect
def manifest(_request: HttpRequest, caller: Caller, version_id: UUID) -> HttpResponse:
    """The media of a form; ours have none."""
    _reading(caller)
    _version(version_id)
    return HttpResponse(openrosa.manifest([]), content_type=XML)


@require_http_methods(["HEAD", "POST"])
@for_collect
def submission(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Takes a filled form with its photos; the same again gets the same number. HEAD says only how much is taken at once."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response["Location"] = request.build_absolute_uri(reverse("openrosa:submission"))
        return response
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > LENGTH_AT_MOST:
        raise TooLarge(too_large())
    sent = request.FILES.get("xml_submission_file")
    if sent is None:
        raise Invalid(fields={"xml_submission_file": _("The form is missing.")})
    if sent.size is not None and sent.size > openrosa.MAX_XML:
        raise openrosa.Malformed("too_large")
    return _taken(request, caller, sent.read())


def _taken(request: HttpRequest, caller: Caller, xml: bytes) -> HttpResponse:
    if not caller.device.worker.is_active:
        raise Refused(_("Your account is closed. Give the device to your supervisor."), action=Action.FIELDKIT_SUBMIT)
    filled = collect.read(xml, collect.version_of(xml))
    photos = tuple(
        Photo(filled.files[name], name, file.read())
        for name, file in request.FILES.items()
        if name in filled.files and isinstance(file, UploadedFile)
    )
    if any(len(photo.content) > BYTES_AT_MOST for photo in photos):
        raise TooLarge(too_large())
    parcel = replace(filled.parcel, photos=photos)
    delivery = Delivery(parcel, Submission.Way.COLLECT, _offset(request, caller), filled.instance)
    receipt = receive(device_id=caller.device.pk, delivery=delivery, at=caller.at)
    return _said(_("Received: %(reference)s") % {"reference": receipt.reference}, 201)


def _offset(request: HttpRequest, caller: Caller) -> Any:
    """The telephone's clock less ours, from the Date header that OpenRosa asks for."""
    try:
        theirs = parsedate_to_datetime(request.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return theirs - caller.at if is_plausible(theirs) else None
