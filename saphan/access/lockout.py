"""Lockout that is no weapon: too many failures close the pair of account and address, never the account itself.

An account is known here by a keyed mark, so that no table and no log line of the counter holds an address of a person.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from saphan.access.models import User

CODE_FAILURES = 60  # wrong second-step codes of one account from everywhere in the window; only who knows the password can cause them


def client_address(request: HttpRequest) -> str:
    """The address of the client, behind as many proxies as the installation trusts and not one more."""
    trusted = settings.TRUSTED_PROXIES
    hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
    return hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR") or "127.0.0.1"


def account_mark(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """A keyed mark of the address typed; alike for known and unknown accounts."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return _mark(str(typed).strip().lower())


def _mark(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"lockout" + text.encode(), hashlib.sha256).hexdigest()[:40]


def locked_out(request: HttpRequest, *_axes_tells: Any) -> HttpResponse:
    """The page for whoever tried too often from this address."""
    return render(request, "429.html", {"sentence": too_many()}, status=429)


def too_many() -> str:
    """The sentence of every lockout: the same for known and unknown accounts."""
    return _("Too many attempts from here. Wait 15 minutes, or sign in with a passkey or from another place.")


def code_failed(request: HttpRequest, user: User) -> None:
    """Counts one wrong code of the second step against this account and this address."""
    user_login_failed.send(sender=__name__, credentials=_code_credentials(user), request=request)


def code_accepted(request: HttpRequest, user: User) -> None:
    """Forgets the wrong codes of this account from this address."""
    reset(username=account_mark(request, _code_credentials(user)), ip=client_address(request))


def may_try_code(request: HttpRequest, user: User, at: datetime) -> bool:
    """Whether this address may try a code for this account, and the account has not been guessed at from too many places."""
    credentials = _code_credentials(user)
    if not AxesProxyHandler.is_allowed(request, credentials):
        return False
    recent = AccessAttempt.objects.filter(username=account_mark(request, credentials), attempt_time__gt=at - timedelta(minutes=15))
    return (recent.aggregate(n=Sum("failures_since_start"))["n"] or 0) < CODE_FAILURES


def _code_credentials(user: User) -> dict[str, Any]:
    return {"email": f"second step of {user.pk}"}
