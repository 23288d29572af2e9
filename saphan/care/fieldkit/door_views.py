"""What a prepared browser asks of the house: how it stands, what it takes along, and to take what it holds."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.audit.services import record
from saphan.care.fieldkit import devices, keys
from saphan.care.fieldkit.door import Caller, body_of, for_devices, offset_of, standing
from saphan.care.fieldkit.instruments import offered, taken_along
from saphan.care.fieldkit.known import waiting_for
from saphan.care.fieldkit.models import Submission
from saphan.care.fieldkit.parcels import read_parcel
from saphan.care.fieldkit.receiving import Delivery, Receipt, receive
from saphan.care.screening.selectors import people_to_interview
from saphan.core.errors import Refused

PEOPLE_TAKEN_ALONG = 50


@require_GET
@for_devices
def contact(_request: HttpRequest, caller: Caller) -> HttpResponse:
    """How the device stands, and what time it is here."""
    return JsonResponse({"device": standing(caller.device, caller.at), "server_time": caller.at.isoformat()})


@require_GET
@for_devices
def catalogue(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The questions, of the worker's own files the alias and a random id, and sealed to the device what is known to the interviews that wait for it."""
    device = caller.device
    if not (caller.reads and device.may_read(caller.at) and device.worker.is_active):
        raise Refused(_("This device may not read any more. What it holds may still be sent."), action=Action.FIELDKIT_PREPARE)
    instruments = {version.pk: found for version in offered() if (found := taken_along(version)) is not None}
    own_key = keys.device_key(request.headers.get("X-Device-Key", ""))
    waiting = waiting_for(device, instruments, at=caller.at) if own_key else []
    people = list({p.pk: p for p in (*(one.interview.person for one in waiting), *people_to_interview(device.worker))}.values())[:PEOPLE_TAKEN_ALONG]
    record(by=device.worker, action=Action.FIELDKIT_LIST, target=device, at=caller.at, fields=["alias", "age_band", "language"])
    return JsonResponse(
        {
            "device": standing(device, caller.at),
            "server_time": caller.at.isoformat(),
            "sealing_key": keys.sealing_key(),
            "instruments": list(instruments.values()),
            "people": [{"id": str(p.pk), "alias": p.alias, "age_band": p.age_band, "language": p.language} for p in people],
            "known": keys.close_for(own_key, {"waiting": [one.as_json() for one in waiting]}) if own_key else None,
        }
    )


@require_POST
@for_devices
def submissions(request: HttpRequest, caller: Caller) -> HttpResponse:
    """One sealed interview; the receipt is the same however often it comes."""
    if not caller.device.worker.is_active:
        raise Refused(_("Your account is closed. Give the device to your supervisor, who brings the file in."), action=Action.FIELDKIT_SUBMIT)
    parcel = read_parcel(keys.open_parcel(body_of(request)))
    delivery = Delivery(parcel, Submission.Way.NETWORK, offset_of(request, caller.at))
    receipt = receive(device_id=caller.device.pk, delivery=delivery, at=caller.at)
    return JsonResponse(receipt_json(receipt) | {"device": standing(caller.device, caller.at), "server_time": caller.at.isoformat()})


def receipt_json(receipt: Receipt) -> dict[str, object]:
    """The receipt as a device keeps it: number and time."""
    kept = receipt.submission
    wrong: timedelta | None = kept.clock_wrong_by
    return {
        "outcome": "accepted",
        "id": str(kept.source_id),
        "reference": receipt.reference,
        "edition": kept.edition,
        "again": receipt.again,
        "received_at": kept.received_at.isoformat(),
        "version_was_retired": kept.version_was_retired,
        "clock_wrong_by_seconds": round(wrong.total_seconds()) if wrong is not None else 0,
    }


@require_POST
@for_devices
def wiped(_request: HttpRequest, caller: Caller) -> HttpResponse:
    """The device says that its store is empty."""
    devices.note_wiped(device_id=caller.device.pk, at=caller.at)
    return JsonResponse({"device": standing(caller.device, caller.at)})
