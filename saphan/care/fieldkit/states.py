"""The life of a device that may hold interviews."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.core.states import LifeCycle, Move


class DeviceState(TextChoices):
    """What a device may still do."""

    ACTIVE = "active", _("in use")
    EXPIRED = "expired", _("expired: may send what it holds, reads nothing")
    REVOKED = "revoked", _("closed")


D = DeviceState

DEVICE_LIFE = LifeCycle(
    "device",
    DeviceState,
    initial=D.ACTIVE,
    final={D.REVOKED},
    moves={
        "expire": Move({D.ACTIVE}, D.EXPIRED, Action.FIELDKIT_EXPIRE),
        "lapse": Move({D.ACTIVE}, D.EXPIRED, None),
        "revoke": Move({D.ACTIVE, D.EXPIRED}, D.REVOKED, Action.FIELDKIT_EXPIRE),
        "close": Move({D.EXPIRED}, D.REVOKED, None),
    },
)
