"""An edition as it is read: one structure, from which the letter in HTML and in plain text, the preview and the page of the archive are made."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import format_date
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.core.dates import MONTHS_EN, MONTHS_TH, OFFSET
from saphan.directory.models import Country
from saphan.portal.heads import absolute
from saphan.portal.newsletter.issues import Edition, Issue, Item
from saphan.portal.newsletter.kinds import heading_of, order_of

SCHEMES = {"light": "not all", "dark": "all"}  # how the preview asks for one of the two faces of the letter
AS_READ = "(prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Line:
    """One item. `language` is that of the text behind it; `foreign` its name where it is not the edition's."""

    title: str
    summary: str
    url: str
    language: str
    foreign: str = ""


@dataclass(frozen=True)
class Section:
    """What stands under one heading."""

    heading: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Digest:
    """An edition with everything that a reader sees of it; `web_url` is its page in the archive."""

    language: str
    title: str
    subject: str
    month: str
    country: str
    introduction: Sequence[str]
    sections: Sequence[Section]
    web_url: str
    path: str

    @property
    def is_empty(self) -> bool:
        return not self.sections

    @property
    def summary(self) -> str:
        """What it tells of, in a line: the first titles."""
        return " · ".join(line.title for section in self.sections for line in section.lines)[:300]


@dataclass(frozen=True)
class Ways:
    """Where the foot of a letter leads. In the letter to many these are slots, filled for each reader."""

    leave: str
    preferences: str


def month_named(first: date, language: str) -> str:
    """A month with its year: November 2026, พฤศจิกายน 2569; with digits that every reader's telephone shows."""
    if language == "th":
        return f"{MONTHS_TH[first.month - 1]} {first.year + OFFSET}"
    if language == "en":
        return f"{MONTHS_EN[first.month - 1]} {first.year}"
    text: str = format_date(first, "LLLL y", locale=language)
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def named(issue: Issue, language: str) -> str:
    """An issue by its month, with the number of a corrected one."""
    return month_named(issue.month, language) + (f" ({issue.number})" if issue.number > 1 else "")


def path_of(edition: Edition) -> str:
    """The address of an edition in the archive."""
    country = f"{edition.country.lower()}/" if edition.country else ""
    return f"/{edition.language}/newsletter/archive/{edition.issue.slug}/{country}"


def digest_of(edition: Edition, items: Sequence[Item] | None = None, *, places: Sequence[str] = ()) -> Digest:
    """The edition as its readers see it: hidden items are left out. `places` are countries that its title names though it is for all. Two queries."""
    with override(edition.language):
        shown = [item for item in (edition.items.all() if items is None else items) if not item.hidden]
        place = _named([edition.country] if edition.country else places)
        month = named(edition.issue, edition.language)
        title = (
            _("Newsletter, %(month)s") % {"month": month}
            if not place
            else _("Newsletter, %(month)s: %(country)s") % {"month": month, "country": place}
        )
        return Digest(
            language=edition.language,
            title=title,
            subject=edition.subject or f"Saphan · {title}",
            month=month,
            country=place,
            introduction=[part.strip() for part in edition.introduction.split("\n\n") if part.strip()],
            sections=_sections(shown, edition.language),
            web_url=absolute(path_of(edition)),
            path=path_of(edition),
        )


def _named(countries: Sequence[str]) -> str:
    """The countries by name, in the order of their codes."""
    return ", ".join(str(country) for country in Country.objects.filter(pk__in=countries).order_by("pk")) if countries else ""


def _sections(items: Sequence[Item], language: str) -> list[Section]:
    names = dict(settings.LANGUAGES)
    ordered = sorted(items, key=lambda item: (order_of(item.kind), heading_of(item.kind), item.place))
    return [
        Section(
            heading,
            [
                Line(
                    one.title,
                    one.summary,
                    absolute(one.url),
                    one.language,
                    str(names.get(one.language, one.language)) if one.language != language else "",
                )
                for one in of_kind
            ],
        )
        for heading, of_kind in groupby(ordered, key=lambda item: heading_of(item.kind))
    ]


def neutral_subject(digest: Digest) -> str:
    """The subject for who does not want to be seen with our name."""
    with override(digest.language):
        return _("Your monthly reading, %(month)s") % {"month": digest.month}


def as_html(digest: Digest, ways: Ways, *, discreet: bool = False, scheme: str = "") -> str:
    """The letter as HTML. `scheme` light or dark shows one of its two faces to the editor, whatever her own screen is set to."""
    with override(digest.language):
        context = {
            "digest": digest, "ways": ways, "discreet": discreet, "dark": SCHEMES.get(scheme, AS_READ), "scheme": scheme,
            "title": neutral_subject(digest) if discreet else digest.title,
        }  # fmt: skip
        return render_to_string("newsletter/letter.html", context)


def as_text(digest: Digest, ways: Ways, *, discreet: bool = False) -> str:
    """The letter as plain text."""
    with override(digest.language):
        parts = [neutral_subject(digest) if discreet else digest.title, *digest.introduction]
        for section in digest.sections:
            parts.append(f"{section.heading}\n{'=' * min(len(section.heading), 60)}")
            parts += ["\n".join(_text_of(line)) for line in section.lines]
        parts.append("\n".join(["-" * 40, _("Read it in your browser:") + f" {digest.web_url}", *_foot(ways)]))
        return "\n\n".join(parts) + "\n"


def _text_of(line: Line) -> list[str]:
    title = f"{line.title} [{line.foreign}]" if line.foreign else line.title
    return [part for part in (title, line.summary, line.url) if part]


def _foot(ways: Ways) -> list[str]:
    return [
        _("Languages, countries and topics you get:") + f" {ways.preferences}",
        _("No more newsletter:") + f" {ways.leave}",
        _("You get this letter because you asked for it. It holds no picture from elsewhere and nothing that tells us whether you read it."),
    ]
