"""What happens at the moment of signing in and out: the session's clock starts, the event is recorded, a language is taken over."""

from typing import Any
from uuid import UUID

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from saphan.access.models import SignIn, User
from saphan.audit.services import record
from saphan.core import clock

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


@receiver(user_logged_in)
def begin_session(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Starts the limits of a new session and notes the sign-in for its owner and for the audit."""
    at = clock.now()
    note = SignIn.objects.create(user=user, epoch=user.session_epoch, at=at, browser=_browser(request.META.get("HTTP_USER_AGENT", "")))
    request.session.update({"began_at": at.timestamp(), "seen_at": at.timestamp(), "sign_in": str(note.pk)})
    request.session.pop("signed_out", None)
    record(by=user, action="session:begin", target=user, at=at)


@receiver(user_logged_out)
def end_session(request: HttpRequest, user: User | None, **_signal: Any) -> None:
    """Notes the end of a session that its owner ended."""
    if user is not None:
        at = clock.now()
        SignIn.objects.filter(pk=request.session.get("sign_in") or UUID(int=0), user=user).update(ended_at=at)
        record(by=user, action="session:end", target=user, at=at)


def _browser(agent: str) -> str:
    name = next((word for mark, word in BROWSERS if mark in agent), "")
    device = next((word for mark, word in DEVICES if mark in agent), "")
    return " · ".join(filter(None, [name, device]))
