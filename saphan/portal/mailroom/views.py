"""Where a mail provider tells of letters that did not arrive: an address with a secret in it, checked here, and the provider's signature, checked by anymail."""

from typing import Any

from anymail import urls as providers
from anymail.signals import EventType, RejectReason, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from saphan.core import clock
from saphan.portal.mailroom import refusals

KINDS = {EventType.COMPLAINED: "complaint", EventType.BOUNCED: "hard", EventType.REJECTED: "hard", EventType.DEFERRED: "soft"}
FOR_NOW = {RejectReason.TIMED_OUT, RejectReason.BLOCKED, RejectReason.OTHER}


@csrf_exempt
def told_by_provider(request: HttpRequest, secret: str) -> HttpResponse:
    """Gives the provider's message to its own reader. A wrong secret is answered like an address that does not exist."""
    if not constant_time_compare(secret, settings.POST_SECRET):
        raise Http404
    name = f"{settings.MAIL_PROVIDER}_tracking_webhook"
    view = next(known.callback for known in providers.urlpatterns if known.name == name)
    answer: HttpResponse = view(request)
    return answer


@receiver(tracking)
def note_event(sender: Any, event: Any, **_more: Any) -> None:  # noqa: ARG001  # the shape of a signal
    """Notes a bounce or a complaint. A bounce whose reason may pass counts as one for now."""
    kind = KINDS.get(event.event_type)
    if kind is None or not event.recipient:
        return
    if kind == "hard" and event.reject_reason in FOR_NOW:
        kind = "soft"
    refusals.note(event.recipient, kind, clock.now())
