"""System checks: what of the keys and of sign-in could be wrong on this installation (`saphan manage check --deploy`)."""

import stat
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register("security", deploy=True)
def keys_are_for_their_owner_only(**_asked: Any) -> list[CheckMessage]:
    """The keys directory and each file in it must not be open to other users of the machine, nor lie beside the database."""
    if not settings.KEYS.exists():
        return []
    open_to_others = stat.S_IRWXG | stat.S_IRWXO
    return [
        Warning("A key can be read by other users of this machine.", hint=f"chmod go-rwx {path}", id="saphan.access.W001")
        for path in [settings.KEYS, *settings.KEYS.rglob("*")]
        if path.stat().st_mode & open_to_others
    ]


@register("security", deploy=True)
def passkeys_need_tls(**_asked: Any) -> list[CheckMessage]:
    """Without TLS sessions can be read on the way and passkeys work on localhost only."""
    if settings.HTTPS or settings.DEMO:
        return []
    return [Warning("The site's address is not https.", hint="Set SAPHAN_SITE_URL to the https address.", id="saphan.access.W002")]
