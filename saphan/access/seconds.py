"""Whether a session's owner has a second step: asked of the database once per session."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

KEY = "second_step"


def has_second_step(request: HttpRequest) -> bool:
    """True once the account has an authenticator app or a passkey. The last one cannot be removed, so a yes stays a yes."""
    user: Any = request.user
    if request.session.get(KEY) == str(user.pk):
        return True
    if not Authenticator.objects.filter(user=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return False
    request.session[KEY] = str(user.pk)
    return True
