"""Which inquiries belong together: those that were joined to one, and the parts that one was split into. All are of one asker."""

from collections.abc import Iterator

from django.db.models import Q

from saphan.portal.inquiries.models import Entry, Inquiry


def words_of(inquiry: Inquiry) -> Q:
    """The entries that make up its thread: its own, those of all that went into it, and those that its asker has added since it was joined."""
    return Q(inquiry__in=[one.pk for one in _joined_to(inquiry)]) | Q(through=inquiry.pk)


def entry_of(inquiry: Inquiry, **wanted: object) -> Entry | None:
    """One entry of its thread."""
    return Entry.objects.filter(words_of(inquiry), **wanted).select_related("inquiry", "through").first()


def held_together(inquiry: Inquiry) -> list[Inquiry]:
    """Held until the transaction ends: the inquiry first, then what was joined to it, what was split off it and what it was split off, however far.

    What it was joined to is not among them: an officer has judged that this is the same person's, and may have been wrong.
    """
    return list(_closure(inquiry, held=True))


def together(inquiry: Inquiry) -> list[Inquiry]:
    """The same, to look at only."""
    return list(_closure(inquiry, held=False))


def end_of(inquiry: Inquiry) -> Inquiry:
    """Where an inquiry goes on: in itself, or in the last of those that it was joined to."""
    while inquiry.merged_into is not None:
        inquiry = inquiry.merged_into
    return inquiry


def _closure(inquiry: Inquiry, *, held: bool) -> Iterator[Inquiry]:
    seen, waiting = {inquiry.pk}, [inquiry]
    rows = Inquiry.objects.select_for_update() if held else Inquiry.objects.all()
    while waiting:
        one = waiting.pop(0)
        yield one
        near = rows.filter(Q(merged_into=one.pk) | Q(split_from=one.pk) | Q(pk=one.split_from_id)).exclude(pk__in=seen).order_by("pk")
        for found in near:
            seen.add(found.pk)
            waiting.append(found)


def _joined_to(inquiry: Inquiry) -> list[Inquiry]:
    found, at = [inquiry], 0
    while at < len(found):
        found += found[at].merged.all()
        at += 1
    return found
