"""What of an issue a reader gets: the items of the chosen countries, of these what bears a chosen topic. The same wishes make the same letter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from saphan.portal.newsletter.issue_states import Why
from saphan.portal.newsletter.issues import Issue

PLACES_NAMED = 3  # more countries than these are not named in the title of a letter


@dataclass(frozen=True)
class Taste:
    """What a reader asked for. Empty countries or topics mean all."""

    language: str
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """An item as the choice sees it."""

    pk: UUID
    permanent: str
    countries: frozenset[str]
    topics: frozenset[str]
    hidden: bool = False


@dataclass(frozen=True)
class Choice:
    """An edition as the choice sees it; with no item shown nobody gets it."""

    pk: UUID
    items: tuple[Told, ...]

    @property
    def shown(self) -> list[Told]:
        return [one for one in self.items if not one.hidden]


@dataclass(frozen=True)
class Selection:
    """A letter before it is rendered: the edition it is made of, its items, and the countries that its title names. Equal ones are one letter."""

    edition: UUID
    items: tuple[UUID, ...]
    places: tuple[str, ...] = ()


Choices = Mapping[tuple[str, str], Choice]


def choices_of(issue: Issue) -> Choices:
    """The editions of an issue that were not withdrawn, by language and country. Two queries."""
    return {
        (edition.language, edition.country): Choice(
            edition.pk,
            tuple(Told(item.pk, item.permanent, frozenset(item.countries), frozenset(item.topics), item.hidden) for item in edition.items.all()),
        )
        for edition in issue.editions.filter(withdrawn_at=None).prefetch_related("items")
    }


def chosen(taste: Taste, choices: Choices) -> tuple[Selection | None, Why | None]:
    """The letter for a taste, or why there is none.

    Who chose one country gets its edition as its editor wrote it. Who chose several, or one without an edition, gets what the editions of
    these countries tell and what the edition for all tells of them. What concerns no single country is for everybody. Who chose topics gets
    what bears one of them, with what bears none; nothing comes in a month in which nothing bears one of them.
    """
    whole = choices.get((taste.language, ""))
    own = [choice for country in taste.countries if (choice := choices.get((taste.language, country))) and choice.shown]
    base: Choice | None
    places: tuple[str, ...] = ()
    if len(taste.countries) == 1 and own:
        base, told = own[0], own[0].shown
    else:
        base = whole or next(iter(own), None)
        told = list(_of_countries(own, whole, taste.countries))
        places = taste.countries if len(taste.countries) <= PLACES_NAMED else ()
    if base is None or not told:
        return None, Why.EMPTY
    if taste.topics:
        wished = frozenset(taste.topics)
        if not any(one.topics & wished for one in told):
            return Selection(base.pk, ()), Why.TOPICS
        told = [one for one in told if not one.topics or one.topics & wished]
    return Selection(base.pk, tuple(one.pk for one in told), places), None


def _of_countries(own: Sequence[Choice], whole: Choice | None, countries: Sequence[str]) -> Iterator[Told]:
    """What the editions of the countries tell, then what the one for all tells of them; each thing once, and not what their editors have hidden."""
    seen = {one.permanent for choice in own for one in choice.items if one.hidden}
    seen -= {one.permanent for choice in own for one in choice.shown}
    of_all = [one for one in (whole.shown if whole else []) if not countries or not one.countries or one.countries.intersection(countries)]
    for one in [*(one for choice in own for one in choice.shown), *of_all]:
        if one.permanent not in seen:
            seen.add(one.permanent)
            yield one
