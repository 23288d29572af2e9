"""What the portal may show of what came through the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saphan.releases.models import Release, ReleaseHead
from saphan.releases.services import is_authentic


@dataclass(frozen=True)
class Published:
    """A release that is current and authentic."""

    kind: str
    key: str
    seq: int
    body: Any
    published_at: datetime


def current(kind: str, key: str) -> Published | None:
    """The newest release of (kind, key), or None: when there is none, when it was withdrawn, or when its signature or sequence fails.

    Nothing older is ever shown in place of a newest one that is lost or spoilt.
    """
    head = ReleaseHead.objects.filter(kind=kind, key=key).values_list("seq", flat=True).first()
    if head is None:
        return None
    newest = Release.objects.filter(kind=kind, key=key).order_by("-seq").first()
    if newest is None or newest.seq < head or newest.withdrawn or not is_authentic(newest):
        return None
    return Published(kind, key, newest.seq, newest.body, newest.published_at)
