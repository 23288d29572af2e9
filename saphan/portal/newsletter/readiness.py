"""What stands between an issue and its readers: a list that says what stops it, and what an editor should know."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from saphan.portal.newsletter.issues import Edition, Issue, Item
from saphan.portal.pages import TRANSLATIONS
from saphan.portal.search.models import SearchEntry


@dataclass(frozen=True)
class Suspicion:
    """Words that may give somebody away, and why; `stops` is false where a person may let them stand."""

    words: str
    why: str
    stops: bool


# The room that knows what gives people away registers here: from a text to what it suspects in it.
LOOKS: list[Callable[[str], Sequence[Suspicion]]] = []


@dataclass(frozen=True)
class Remark:
    """One line of the check list, with the place where it is mended."""

    stops: bool
    sentence: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True)
class _Known:
    """What is public now, and which of the pages were translated by a machine and not checked."""

    keys: dict[str, str]
    unreviewed: frozenset[str]


def remarks_on(issue: Issue) -> list[Remark]:
    """The whole list, what stops it first. A handful of queries, however many editions."""
    editions = list(issue.editions.prefetch_related("items").order_by("language", "country"))
    shown = [item for edition in editions for item in edition.items.all() if not item.hidden]
    known = _known(shown)
    found = [remark for edition in editions for remark in _on_edition(edition, known)]
    if not shown:
        found.append(Remark(True, _("No edition has anything to tell.")))
    return sorted(found, key=lambda remark: not remark.stops)


def stops(issue: Issue) -> bool:
    """Whether anything on the list stops the issue."""
    return any(remark.stops for remark in remarks_on(issue))


def _known(shown: Sequence[Item]) -> _Known:
    keys = {item.key for item in shown}
    public = dict(SearchEntry.objects.filter(key__in=keys).values_list("key", "url"))
    ids = [key.partition(":")[2] for key in keys if key.startswith("page:")]
    pages = list(Page.objects.filter(pk__in=ids).select_related("locale")) if ids else []
    made = {pk: how for call in TRANSLATIONS for pk, how in call(pages).items()}
    return _Known(public, frozenset(f"page:{pk}" for pk, how in made.items() if how.unreviewed))


def _on_edition(edition: Edition, known: _Known) -> Iterator[Remark]:
    url = reverse("newsletter_desk:edition", args=[edition.pk])
    items = [item for item in edition.items.all() if not item.hidden]
    name = _named(edition)
    if not items and not edition.country:
        yield Remark(False, _("%(edition)s: nothing to tell; its readers get no letter this month.") % {"edition": name}, url)
    for item in items:
        yield from _on_item(item, name, url, known)
    yield from _giving_away(f"{edition.subject}\n{edition.introduction}", name, url)
    foreign = sum(1 for item in items if item.language != edition.language)
    if foreign:
        yield Remark(
            False, ngettext("%(edition)s: %(n)s item leads to a text in another language.", "%(edition)s: %(n)s items lead to texts in another language.", foreign) % {"edition": name, "n": foreign}, url
        )  # fmt: skip


def _on_item(item: Item, name: str, url: str, known: _Known) -> Iterator[Remark]:
    place = f"{url}#item-{item.pk}"
    if known.keys.get(item.key) != item.url:
        yield Remark(
            True,
            _("%(edition)s: this leads to a page that is not public, or has moved. Draft again, or hide it.") % {"edition": name},
            place,
            item.title,
        )
    if item.key in known.unreviewed:
        yield Remark(False, _("%(edition)s: translated by a machine, and nobody has checked it.") % {"edition": name}, place, item.title)
    yield from _giving_away(f"{item.title}\n{item.summary}", name, place)


def _giving_away(text: str, name: str, url: str) -> Iterator[Remark]:
    for look in LOOKS:
        for found in look(text):
            yield Remark(found.stops, f"{name}: {found.why}", url, found.words)


def _named(edition: Edition) -> str:
    return f"{edition.language_name}, {edition.country_name}" if edition.country else edition.language_name
