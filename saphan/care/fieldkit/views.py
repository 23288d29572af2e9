"""Screens of devices: the kit itself, preparing a device, the office's list, ODK Collect, and bringing in a file."""

from uuid import UUID

from csp.constants import SELF
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.care.fieldkit import bundles, devices, keys, shell
from saphan.care.fieldkit.forms import BundleForm, DeviceForm
from saphan.care.fieldkit.instruments import staying
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.states import DeviceState
from saphan.care.fieldkit.words import sentences
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate


def _with_worker(response: HttpResponse) -> HttpResponse:
    """The page may start a service worker of ours, and no other."""
    response._csp_update = {"worker-src": [SELF]}  # type: ignore[attr-defined]  # read by the middleware of django-csp
    return response


@page_for(Action.FIELDKIT_PREPARE)
@require_GET
def kit(request: StaffRequest) -> HttpResponse:
    """The shell: the same for everybody but for its first language, nothing personal in it, so that a browser may keep it."""
    return _with_worker(render(request, "fieldkit/kit.html"))


@page_for(Action.FIELDKIT_PREPARE)
@require_GET
def words(_request: StaffRequest, language: str) -> HttpResponse:
    """The sentences of the shell in one language."""
    return JsonResponse(sentences(language if language in shell.LANGUAGES else "en"), json_dumps_params={"ensure_ascii": False})


@page_for(Action.FIELDKIT_PREPARE)
@require_GET
def manifest(_request: StaffRequest) -> HttpResponse:
    """What a telephone needs to put the kit on its first screen; its name says nothing."""
    return JsonResponse(shell.manifest(), content_type="application/manifest+json")


@page_for(Action.FIELDKIT_PREPARE)
@require_GET
def worker(_request: StaffRequest) -> HttpResponse:
    """The service worker, for the pages of the kit only."""
    headers = {"Service-Worker-Allowed": reverse("fieldkit:kit")}
    return _with_worker(HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8", headers=headers))


@page_for(Action.FIELDKIT_PREPARE)
@require_http_methods(["GET", "POST"])
def prepare(request: StaffRequest) -> HttpResponse:
    """Enrols this browser. The passphrase is chosen on the page and never sent; the answer carries the tokens once."""
    if request.method == "GET":
        return _with_worker(render(request, "fieldkit/prepare.html", {"form": DeviceForm(), "strengths": shell.strengths(), "staying": staying()}))
    try:
        made = devices.enrol(kind=Device.Kind.BROWSER, alias=request.POST.get("alias", ""), by=request.user, at=clock.now())
    except Invalid as error:
        return JsonResponse({"reason": next(iter(error.fields.values()), error.sentence)}, status=422)
    return JsonResponse(
        {
            "id": str(made.device.pk), "reference": made.device.reference, "reading_token": made.reading_token, "sending_token": made.sending_token,
            "sealing_key": keys.sealing_key(), "expires_at": made.device.expires_at.isoformat(),
        }
    )  # fmt: skip


@page_for(Action.FIELDKIT_LIST)
@require_GET
def list_devices(request: StaffRequest) -> HttpResponse:
    """One's own devices; for a supervisor those of the organisation, also those nobody has seen for long."""
    return _devices_page(request)


def _devices_page(request: StaffRequest, form: DeviceForm | None = None, status: int = 200) -> HttpResponse:
    found = Device.objects.visible_to(request.user).select_related("worker")
    context = {
        "page": paginate(found, request, order=("-enrolled_at", "-id")),
        "form": form or DeviceForm(),
        "at": clock.now(),
        "ACTIVE": DeviceState.ACTIVE,
        "REVOKED": DeviceState.REVOKED,
    }
    return render(request, "fieldkit/devices.html", context, status=status)


@page_for(Action.FIELDKIT_EXPIRE)
@require_POST
@once
def expire(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Ends a device; what it holds may still be sent."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=device_id)
    devices.expire(device_id=device.pk, by=request.user, at=clock.now())
    messages.success(
        request, _("%(reference)s has expired. It sends what it holds at its next contact and then empties itself.") % {"reference": device.reference}
    )
    return redirect("fieldkit:devices")


@page_for(Action.FIELDKIT_EXPIRE)
@require_POST
@once
def revoke(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Closes a device that is lost: nothing more is taken from it."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=device_id)
    devices.revoke(device_id=device.pk, by=request.user, at=clock.now())
    messages.success(
        request, _("%(reference)s is closed. It empties itself at its next contact, also of what was not sent.") % {"reference": device.reference}
    )
    return redirect("fieldkit:devices")


@page_for(Action.FIELDKIT_PREPARE)
@require_POST
def connect(request: StaffRequest) -> HttpResponse:
    """Makes a token for ODK Collect; it is shown on this page once and never again."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return _devices_page(request, form, 422)
    try:
        made = devices.enrol(kind=Device.Kind.COLLECT, alias=form.cleaned_data["alias"], by=request.user, at=clock.now())
    except Invalid as error:
        form.add_error("alias", next(iter(error.fields.values())))
        return _devices_page(request, form, 422)
    address = request.build_absolute_uri(reverse("openrosa:form_list").removesuffix("formList"))
    return render(request, "fieldkit/connected.html", {"device": made.device, "token": made.reading_token, "address": address.rstrip("/")})


@page_for(Action.FIELDKIT_BRING_IN)
@require_http_methods(["GET", "POST"])
def bring_in(request: StaffRequest) -> HttpResponse:
    """Takes in the interviews of a file; the same file again gives the same receipts."""
    form = BundleForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "fieldkit/bring_in.html", {"form": form}, status=200 if request.method == "GET" else 422)
    file = form.cleaned_data["bundle"]
    try:
        parts = bundles.read_bundle(file)
    except Invalid as error:
        file.seek(0)
        bundles.note_refusal(bundles.digest_of_file(file), "unreadable", by=request.user, at=clock.now())
        form.add_error("bundle", next(iter(error.fields.values()), error.sentence))
        return render(request, "fieldkit/bring_in.html", {"form": form}, status=422)
    rows = bundles.bring_in_all(parts, by=request.user, at=clock.now())
    return render(request, "fieldkit/bring_in.html", {"form": BundleForm(), "rows": rows, "taken": sum(1 for row in rows if row.receipt)})
