"""What is to be imported: saved pages named one by one, whole folders of them, and lists (CSV) that say more about each than the page does."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from saphan.core.dates import parse_date
from saphan.core.errors import Invalid
from saphan.directory.models import Country, Province
from saphan.portal.news.models import NewsIndexPage, Topic

PAGES = {".html", ".htm", ".xhtml", ".txt", ".text"}
LISTS = {".csv", ".tsv"}
MOST, BIGGEST_LIST = 20_000, 10 * 1024 * 1024
COLUMNS = ("file", "title", "date", "source", "url", "adapted", "author", "topic", "country", "province", "language")


@dataclass(frozen=True)
class Told:
    """What a list says of one page; what is empty is looked for in the page itself."""

    title: str = ""
    day: date | None = None
    source: str = ""
    url: str = ""
    adapted: str = ""
    author: str = ""
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """One page to import, and where it was named."""

    path: Path
    told: Told = Told()
    place: str = ""

    @property
    def named(self) -> str:
        """How faults name it: the file, and the row of the list that names it."""
        return f"{self.path} ({self.place})" if self.place else str(self.path)


@dataclass
class Listing:
    """All entries, each file once, and what is wrong with how they were named."""

    entries: list[Entry] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    left_aside: int = 0


def listing_of(paths: list[Path]) -> Listing:
    """The pages behind the given paths. A row of a list wins over the same file found in a folder."""
    found, choices = Listing(), _Choices()
    by_file: dict[Path, Entry] = {}
    for path in paths:
        named = _in_list(path, choices, found) if path.suffix.lower() in LISTS else _in_folder(path, found) if path.is_dir() else [Entry(path)]
        for entry in named:
            before = by_file.get(entry.path.resolve())
            if before is None or (entry.place and not before.place):
                by_file[entry.path.resolve()] = entry
            elif entry.place and before.place:
                found.faults[entry.named] = _("the file is in the list twice: also %(place)s") % {"place": before.place}
    found.entries = list(by_file.values())
    if len(found.entries) > MOST:
        found.faults[str(paths[0])] = _("more than %(n)s files at once") % {"n": MOST}
    return found


def _in_folder(folder: Path, found: Listing) -> Iterator[Entry]:
    """The saved pages below a folder, in the order of their names; pictures and styles that a browser saved beside them are left aside."""
    count = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") or part.endswith("_files") for part in inside) or path.suffix.lower() not in PAGES:
            found.left_aside += 1
            continue
        count += 1
        yield Entry(path)
    if not count:
        found.faults[str(folder)] = _("the folder holds no saved page")


def _in_list(path: Path, choices: "_Choices", found: Listing) -> list[Entry]:
    """The rows of a list. Each fault names row and column; the first row holds the names of the columns."""
    try:
        rows = _rows(path)
    except Invalid as fault:
        found.faults[str(path)] = fault.sentence
        return []
    entries = []
    for number, row in rows:
        told, faults = _told(row, choices)
        file = path.parent / row.get("file", "").strip()
        place = _("%(list)s, row %(n)s") % {"list": path.name, "n": number}
        if not row.get("file", "").strip():
            faults["file"] = _("names no file")
        elif not file.is_file():
            faults["file"] = _("there is no file %(name)s") % {"name": row["file"]}
        for column, sentence in faults.items():
            found.faults[_("%(place)s, column %(column)s") % {"place": place, "column": column}] = sentence
        if not faults:
            entries.append(Entry(file, told, place))
    return entries


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Invalid(_("the file cannot be read (%(reason)s)") % {"reason": error.strerror or type(error).__name__}) from error
    if len(raw) > BIGGEST_LIST:
        raise Invalid(_("the list is larger than 10 MB"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(_("the list is not in UTF-8; save it as “CSV UTF-8”")) from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    names = {name: (name or "").strip().lower() for name in reader.fieldnames or ()}
    if unknown := [name for name in names.values() if name not in COLUMNS]:
        told = {"names": ", ".join(map(repr, unknown)), "known": ", ".join(COLUMNS)}
        raise Invalid(_("row 1 names columns that are not known: %(names)s. Known are: %(known)s") % told)
    if "file" not in names.values():
        raise Invalid(_("row 1 names no column “file”"))
    try:
        return [(reader.line_num, _row(row, names)) for row in reader if any(row.values())]
    except csv.Error:
        raise Invalid(_("row %(n)s is no row of a table") % {"n": reader.line_num}) from None


def _row(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    if None in row:
        raise csv.Error
    return {names[name]: value or "" for name, value in row.items()}


class _Choices:
    """What topics, countries, provinces and languages there are, by every name they have; asked once."""

    def __init__(self) -> None:
        self.topics = {name.casefold(): slug for slug, title in Topic.objects.values_list("slug", "name") for name in (slug, title)}
        self.countries = _by_name(Country.objects.values_list("pk", "name_en", "name_th"))
        self.provinces = _by_name(Province.objects.values_list("pk", "name_en", "name_th"))
        self.languages = {code: code for code in NewsIndexPage.objects.values_list("locale__language_code", flat=True)}


def _by_name(rows: Any) -> dict[str, str]:
    return {str(name).casefold(): row[0] for row in rows for name in row if name}


def _told(row: Mapping[str, str], choices: _Choices) -> tuple[Told, dict[str, str]]:
    faults: dict[str, str] = {}

    def read(column: str, reader: Callable[[str], Any], empty: Any) -> Any:
        text = " ".join(row.get(column, "").split())
        try:
            return reader(text) if text else empty
        except Invalid as fault:
            faults[column] = fault.sentence
            return empty

    told = Told(
        title=read("title", _at_most(250), ""), day=read("date", parse_date, None), source=read("source", _at_most(160), ""),
        url=read("url", _address, ""), adapted=read("adapted", _at_most(250), ""), author=read("author", _at_most(160), ""),
        topics=read("topic", _among(choices.topics), ()), countries=read("country", _among(choices.countries), ()),
        provinces=read("province", _among(choices.provinces), ()), language="".join(read("language", _among(choices.languages), ())[:1]),
    )  # fmt: skip
    return told, faults


def _at_most(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise Invalid(_("is longer than %(n)s letters") % {"n": most})
        return text

    return read


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")) or len(text) > 500:
        raise Invalid(_("is no address that begins with http:// or https://"))
    return text


def _among(known: Mapping[str, str]) -> Callable[[str], tuple[str, ...]]:
    """Several names in one cell are parted by semicolons."""

    def read(text: str) -> tuple[str, ...]:
        names = [name.strip() for name in text.split(";") if name.strip()]
        if unknown := [name for name in names if name.casefold() not in known]:
            raise Invalid(_("is not known: %(names)s") % {"names": ", ".join(unknown)})
        return tuple(dict.fromkeys(known[name.casefold()] for name in names))

    return read
