"""What the digest tells of: kinds of public things, in the order of their sections. Rooms above bring their own in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MORE = "more"  # the section of what an editor added from elsewhere


def of_the_month(first: date, after: date) -> Q:
    """What was published in the month."""
    return Q(published_on__gte=first, published_on__lt=after)


def standing(_first: date, _after: date) -> Q:
    """Everything that is public now: the search forgets what is over."""
    return Q()


def to_come(_first: date, after: date) -> Q:
    """What bears a date after the month."""
    return Q(published_on__gte=after)


@dataclass(frozen=True)
class DigestKind:
    """A kind of search entry, the heading over its section, and which of its entries belong to a month.."""

    kind: str
    heading: str | Promise
    order: int
    chosen: Callable[[date, date], Q] = of_the_month


DIGEST_KINDS: dict[str, DigestKind] = {}


def tell_of(kind: DigestKind) -> None:
    """Registers a kind; the later one of a name counts, so that a room can say better what of its own belongs to a month."""
    DIGEST_KINDS[kind.kind] = kind


def order_of(kind: str) -> int:
    """Where the section of a kind stands; what no room has registered stands last."""
    known = DIGEST_KINDS.get(kind)
    return known.order if known else 1000


def heading_of(kind: str) -> str:
    """The heading of a section in the language that is active."""
    known = DIGEST_KINDS.get(kind)
    return str(known.heading) if known else str(_("Also worth reading"))


for _kind in (
    DigestKind("news", _("News & Updates"), 10),
    DigestKind("document", _("New in the library"), 20),
    DigestKind("need", _("What is needed now"), 30, standing),
    DigestKind("training", _("Trainings to come"), 40, to_come),
):
    tell_of(_kind)
