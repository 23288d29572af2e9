"""Addresses for the tests of a store that fails."""

import errno

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from saphan.core.outbox import enqueue


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    enqueue("kept", key=request.POST["key"], payload={"text": "x" * int(request.POST.get("size", 0))})
    return HttpResponse("saved")


def full_disk(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "CANARY")


def slip(request: HttpRequest) -> HttpResponse:
    raise IntegrityError("CANARY")


def session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = "now"
    return HttpResponse("seen")


urlpatterns = [path("write", write), path("full-disk", full_disk), path("slip", slip), path("session", session)]
