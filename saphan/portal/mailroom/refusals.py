"""Addresses that are not written to any more: full or unknown mailboxes, and people who said that our letters are unwanted."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from saphan.core import clock
from saphan.core.upkeep import chore
from saphan.portal.doorway.marks import mark_of
from saphan.portal.mailroom.models import Refusal

SOFT_AT_MOST, SOFT_WITHIN = 5, timedelta(days=30)  # our proposal: five failures for now within a month count as one for good
Heard = Callable[[str, str, datetime], None]
ON_REFUSAL: list[Heard] = []  # rooms hear the mark, the kind and the moment once an address is refused for good


def mark_of_address(address: str) -> str:
    """The mark under which refusals of an address are kept."""
    return mark_of("mail", address)


def is_refused(address: str) -> bool:
    """Whether no more letters go there."""
    return bool(refused_among([mark_of_address(address)]))


def refused_among(marks: Iterable[str]) -> set[str]:
    """Those of these marks to which no more letters go. One query."""
    since = clock.now() - SOFT_WITHIN
    soft: dict[str, int] = {}
    refused = set()
    for mark, kind, at in Refusal.objects.filter(mark__in=list(marks)).values_list("mark", "kind", "at"):
        if kind != Refusal.Kind.SOFT:
            refused.add(mark)
        elif at > since:
            soft[mark] = soft.get(mark, 0) + 1
    return refused | {mark for mark, count in soft.items() if count >= SOFT_AT_MOST}


def note(address: str, kind: str, at: datetime) -> None:
    """Writes down that an address refused a letter: `soft`, `hard` or `complaint`."""
    note_mark(mark_of_address(address), kind, at)


@transaction.atomic
def note_mark(mark: str, kind: str, at: datetime) -> None:
    """The same for an address that is known by its mark only, as a report of the mail system names it."""
    before = bool(refused_among([mark]))
    Refusal.objects.create(mark=mark, kind=Refusal.Kind(kind), at=at)
    if not before and refused_among([mark]):
        for hear in ON_REFUSAL:
            hear(mark, kind, at)


def lift(address: str) -> int:
    """Lets letters go there again: somebody has confirmed the address by a letter that arrived. A complaint stays. Returns how many signs were removed."""
    return Refusal.objects.filter(mark=mark_of_address(address)).exclude(kind=Refusal.Kind.COMPLAINT).delete()[0]


@chore("refusals")
def forget_soft(at: datetime) -> int:
    """Removes failures for now that no longer count."""
    return Refusal.objects.filter(kind=Refusal.Kind.SOFT, at__lt=at - SOFT_WITHIN).delete()[0]
