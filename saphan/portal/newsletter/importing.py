"""Brings in a list of subscribers from a CSV file: first a look that changes nothing, then all of it or nothing (docs/adr/0028).

Columns: address, language, countries, topics, discreet, consent, consent_on. Only the first is needed. A row receives the newsletter at
once when it says when and how its owner agreed; every other address gets a letter and has to confirm like anybody else.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid
from saphan.directory.models import Country
from saphan.portal.mailroom.posting import post
from saphan.portal.mailroom.refusals import mark_of_address, refused_among
from saphan.portal.newsletter.forms import NO_COUNTRY, reachable
from saphan.portal.newsletter.models import Departed, Subscriber
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.subscribing import Wish, mark_for, new_subscriber
from saphan.portal.search.naming import Names

COLUMNS = ("address", "language", "countries", "topics", "discreet", "consent", "consent_on")
ROWS, BYTES = 2_000, 600_000  # at most, so that one file is looked at and brought in within some seconds
OLDEST = timedelta(days=730)  # an agreement given longer ago is asked for anew
WORDS_AT_LEAST = 10
VERSION = "list"  # in place of the version of our own text
YES, NO = {"yes", "1", "true", "x", "ใช่"}, {"", "no", "0", "false", "ไม่"}
HANDFUL = 500


@dataclass(frozen=True)
class Row:
    """One line of the file that can be brought in."""

    number: int
    address: str = field(repr=False)
    wish: Wish
    consent: str = field(repr=False)
    consent_on: date | None


@dataclass(frozen=True)
class Note:
    """What is said of one line: its number as a spreadsheet counts, the column, and why."""

    number: int
    column: str
    why: str


@dataclass(frozen=True)
class Review:
    """What would happen: who would receive at once, who would be asked by letter, what is left out, and what must be mended first."""

    rows: Sequence[Row]
    left_out: Sequence[Note]
    faults: Sequence[Note]

    @property
    def at_once(self) -> int:
        return sum(row.consent_on is not None for row in self.rows)

    @property
    def by_letter(self) -> int:
        return len(self.rows) - self.at_once


def text_of(content: bytes) -> str:
    """The text of an uploaded file. Raises Invalid for one that is too large or not in UTF-8."""
    if len(content) > BYTES:
        raise Invalid(_("The file is too large. Divide it into several of at most 2,000 rows."), {"file": _("The file is too large.")})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("", {"file": _("The file is not in UTF-8. Save it as “CSV UTF-8” in the spreadsheet.")}) from None


def review(text: str, *, at: datetime) -> Review:
    """Looks at every row and changes nothing. Raises Invalid for a file that is no such table."""
    rows: list[Row] = []
    faults: list[Note] = []
    reader = _Reader(at)
    for number, cells in _lines(text):
        row, wrong = reader.row(number, cells)
        faults += wrong
        if row:
            rows.append(row)
    wanted, left_out = _sorted_out(rows)
    return Review(wanted, left_out, faults)


@transaction.atomic
def bring_in(text: str, *, by: User, at: datetime) -> Review:
    """Brings in everything that `review` finds ready, as it is now. Raises Invalid, with nothing changed, when a row has to be mended."""
    require(by, Action.NEWSLETTER_IMPORT)
    found = review(text, at=at)
    if found.faults or not found.rows:
        raise Invalid(_("Nothing was brought in. Mend the rows that are named and look again."))
    for first in range(0, len(found.rows), HANDFUL):
        made = [_subscriber(row, at) for row in found.rows[first : first + HANDFUL]]
        Subscriber.objects.bulk_create(made, ignore_conflicts=True)  # who asked by the form meanwhile keeps the own choices
        for subscriber in made:
            if subscriber.state == State.ASKED:
                post("newsletter.confirm", subscriber.pk.hex, key=f"{subscriber.pk.hex} import")
    record(by=by, action=Action.NEWSLETTER_IMPORT, target=("portal_newsletter.subscriber", "list"), at=at, fields=["email", "consent_words"])
    return found


def _subscriber(row: Row, at: datetime) -> Subscriber:
    subscriber = new_subscriber(row.address, at, consent_words=row.consent if row.consent_on is not None else None)
    subscriber.language, subscriber.discreet = row.wish.language, row.wish.discreet
    subscriber.more_languages = list(row.wish.more_languages)
    subscriber.countries, subscriber.topics = list(row.wish.countries), list(row.wish.topics)
    subscriber.source, subscriber.consent_version, subscriber.consent_language = Subscriber.Source.IMPORT, VERSION, row.wish.language
    if row.consent_on is not None:
        subscriber.state, subscriber.confirmed_at = State.CONFIRMED, at
        subscriber.consented_at = datetime.combine(row.consent_on, time(12), UTC)
    return subscriber


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows below the head, with the number that a spreadsheet shows. Raises Invalid for a head without addresses or with foreign columns."""
    head_line = text.partition("\n")[0]
    separator = max(",;\t", key=head_line.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise Invalid("", {"file": _("This file cannot be read as a table. Save it as CSV again.")}) from None
    head = [cell.strip().casefold() for cell in table[0]] if table else []
    if "address" not in head:
        raise Invalid("", {"file": _("The first row has to name the columns, and one of them has to be “address”.")})
    if unknown := [name for name in head if name not in COLUMNS]:
        raise Invalid("", {"file": _("These columns are not known: %(names)s.") % {"names": ", ".join(unknown)[:200]}})
    if len(set(head)) < len(head):
        raise Invalid("", {"file": _("A column stands there twice.")})
    if len(table) - 1 > ROWS:
        raise Invalid("", {"file": _("There are more than 2,000 rows. Divide the file.")})
    for number, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            yield number, {name: cell.strip() for name, cell in zip(head, cells, strict=False)} | ({"": "x"} if len(cells) > len(head) else {})


class _Reader:
    """Reads rows; knows the countries and topics that may be chosen."""

    def __init__(self, at: datetime) -> None:
        names = Names()
        self.today = timezone.localdate(at)
        self.countries = frozenset(Country.objects.exclude(pk=NO_COUNTRY).values_list("pk", flat=True))
        self.topics = frozenset(names.topics(settings.LANGUAGE_CODE))

    def row(self, number: int, cells: Mapping[str, str]) -> tuple[Row | None, list[Note]]:
        """The row, or what is wrong with it, cell by cell."""
        wrong: list[Note] = []

        def read(column: str, how: Callable[[str], object]) -> object:
            try:
                return how(cells.get(column, ""))
            except ValueError as error:
                wrong.append(Note(number, column, str(error)))
                return None

        if "" in cells:
            wrong.append(Note(number, "", _("The row has more cells than the head. A comma inside a cell needs quotation marks.")))
        address = read("address", _address)
        languages = _strings(read("language", _languages)) or [str(settings.LANGUAGE_CODE)]
        countries = read(
            "countries", lambda cell: _several(cell.upper(), self.countries, _("This country is not known: use two letters, for example TH."))
        )
        topics = read("topics", lambda cell: _several(cell.casefold(), self.topics, _("This topic is not known.")))
        discreet = read("discreet", _yes)
        consent_on = read("consent_on", self._day)
        if (fault := _consent_fault(cells.get("consent", ""), cells.get("consent_on", ""))) is not None:
            wrong.append(Note(number, *fault))
        if wrong:
            return None, wrong
        wish = Wish(languages[0], _strings(countries), _strings(topics), bool(discreet), languages[1:])
        return Row(number, str(address), wish, cells.get("consent", ""), consent_on if isinstance(consent_on, date) else None), []

    def _day(self, cell: str) -> date | None:
        if not cell:
            return None
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            raise ValueError(_("Write the day as year-month-day, for example 2026-03-31.")) from None
        if day > self.today:
            raise ValueError(_("This day is still to come."))
        if day < self.today - OLDEST:
            raise ValueError(_("This is more than two years ago. Leave both cells about consent empty; then a letter asks."))
        return day


def _strings(found: object) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list) else []


def _address(cell: str) -> str:
    try:
        validate_email(cell)
        reachable(cell)
    except ValidationError:
        raise ValueError(_("This is no e-mail address to which letters can be sent.")) from None
    return cell


def _languages(cell: str) -> list[str]:
    """The first is that of the letters, in each further one a letter of its own comes."""
    chosen = list(dict.fromkeys(cell.casefold().split())) or [str(settings.LANGUAGE_CODE)]
    if not set(chosen) <= set(dict(settings.LANGUAGES)):
        raise ValueError(_("Use one of these: %(codes)s.") % {"codes": ", ".join(code for code, _name in settings.LANGUAGES)})
    return chosen


def _several(cell: str, known: frozenset[str], why: str) -> list[str]:
    chosen = sorted({part for part in cell.replace(";", " ").replace(",", " ").replace("|", " ").split() if part})
    if not known.issuperset(chosen):
        raise ValueError(why)
    return chosen


def _yes(cell: str) -> bool:
    if cell.casefold() not in YES | NO:
        raise ValueError(_("Write yes or no."))
    return cell.casefold() in YES


def _consent_fault(words: str, day: str) -> tuple[str, str] | None:
    """What is wrong with the two cells about consent together, by column."""
    if day and not words:
        return "consent", _("Say how and where consent was given, or leave both cells empty; then a letter asks.")
    if words and not day:
        return "consent_on", _("Say on which day consent was given, or leave both cells empty; then a letter asks.")
    if words and not WORDS_AT_LEAST <= len(words) <= 500:
        return "consent", _("Say in a few words how and where consent was given.")
    return None


def _sorted_out(rows: Sequence[Row]) -> tuple[list[Row], list[Note]]:
    """Without those who left, whose mailbox does not take our letters, who are there already, or who stand in the file twice. Three queries."""
    marks = {row.number: (mark_for(row.address), mark_of_address(row.address)) for row in rows}
    own, mail = [pair[0] for pair in marks.values()], [pair[1] for pair in marks.values()]
    present = _held(Subscriber.objects.values_list("mark", flat=True), own)
    departed = _held(Departed.objects.values_list("mark", flat=True), own)  # asked second: who leaves between the two was present or has departed
    refused = {mark for first in range(0, len(mail), HANDFUL) for mark in refused_among(mail[first : first + HANDFUL])}
    seen: set[str] = set()
    wanted, left_out = [], []
    for row in rows:
        mark, mail_mark = marks[row.number]
        why = _why_not(mark in departed, mail_mark in refused, mark in present, mark in seen)
        seen.add(mark)
        if why:
            left_out.append(Note(row.number, "address", why))
        else:
            wanted.append(row)
    return wanted, left_out


def _held(rows: "object", marks: Sequence[str]) -> set[str]:
    """Which of these marks a table holds, asked by the handful."""
    return {mark for first in range(0, len(marks), HANDFUL) for mark in rows.filter(mark__in=marks[first : first + HANDFUL])}  # type: ignore[attr-defined]  # a query of either table


def _why_not(departed: bool, refused: bool, present: bool, twice: bool) -> str:
    if departed:
        return _("Has left the newsletter. Only the owner can ask for it again, by the form.")
    if refused:
        return _("Does not take our letters.")
    if present:
        return _("Is among the subscribers already; nothing is changed.")
    return _("Stands in the file twice; the first row counts.") if twice else ""
