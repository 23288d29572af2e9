"""Everything public as files that outlive this program: CSV for tables, JSON for programs, with licence and checksums."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from ninja import Schema

from saphan.core import clock
from saphan.core.spreadsheet import safe_cell
from saphan.directory.models import Country, Province
from saphan.portal.feeds.selectors import Wanted, entries
from saphan.portal.news.models import Topic
from saphan.portal.opendata import records, shapes
from saphan.portal.opendata.licence import LICENCE, attribution
from saphan.portal.places.directory import PublicService

TOGETHER = 200  # records read at a time
BETWEEN = "; "  # between the values of one cell


@dataclass(frozen=True)
class Table:
    """One kind of public thing: where it is read, how it is told, and the shape it has."""

    name: str
    told: str
    shape: type[Schema]
    rows: Callable[[], "QuerySet[Any, Any]"]
    write: Callable[[Sequence[Any]], Sequence[Schema]]


TABLES = [
    Table("news", "Articles of News & Updates.", shapes.News, lambda: entries(Wanted(kind="news")), records.news_of),
    Table("library", "Documents of the library. The files themselves are not in here; each has its address.", shapes.Document, lambda: entries(Wanted(kind="document")), records.documents_of),
    Table("countries", "Countries by ISO 3166-1.", shapes.Country, lambda: Country.objects.order_by("pk"), records.countries_of),
    Table("provinces", "Provinces by ISO 3166-2.", shapes.Province, lambda: Province.objects.order_by("pk"), records.provinces_of),
    Table("services", "Services for people in need. No address is in here.", shapes.Service, lambda: PublicService.objects.order_by("pk"), records.services_of),
    Table("topics", "Topics.", shapes.Topic, lambda: Topic.objects.order_by("slug").values_list("slug", flat=True).distinct(), records.topics_of),
]  # fmt: skip


def write_dump(folder: Path) -> dict[str, int]:
    """Writes the open data into a folder that may exist; answers how many records of each kind there are."""
    folder.mkdir(parents=True, exist_ok=True)
    counts, resources = {}, []
    for table in TABLES:
        counts[table.name] = _write_json(folder / f"{table.name}.json", _records(table))
        _write_csv(folder / f"{table.name}.csv", table.shape, _records(table))
        resources += [_resource(folder, table, ending) for ending in ("csv", "json")]
    package = {
        "profile": "data-package",
        "name": "saphan-open-data",
        "title": "Saphan: open data",
        "created": clock.now().replace(microsecond=0).isoformat(),
        "licenses": [LICENCE],
        "sources": [{"title": attribution()}],
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    (folder / "README.md").write_text(_readme(counts), encoding="utf-8")
    return counts


def _records(table: Table) -> Iterator[dict[str, Any]]:
    """Every record of a table, a few hundred in memory at a time."""
    rows = table.rows()
    for start in range(0, rows.count(), TOGETHER):
        for record in table.write(list(rows[start : start + TOGETHER])):
            yield record.model_dump(mode="json")


def _write_json(path: Path, found: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for record in found:
            file.write(",\n" if count else "\n")
            file.write(json.dumps(record, ensure_ascii=False))
            count += 1
        file.write("\n]\n")
    return count


def _write_csv(path: Path, shape: type[Schema], found: Iterable[dict[str, Any]]) -> None:
    """With a mark of UTF-8 at the front, without which a spreadsheet spoils Thai and Khmer; no cell begins a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(shape.model_fields)
        for record in found:
            writer.writerow([safe_cell(cell(record[name])) for name in shape.model_fields])


def cell(value: Any) -> str:
    """A value as one cell: lists of words with semicolons, what has parts of its own as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return BETWEEN.join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _resource(folder: Path, table: Table, ending: str) -> dict[str, Any]:
    content = (folder / f"{table.name}.{ending}").read_bytes()
    return {
        "name": f"{table.name}-{ending}",
        "path": f"{table.name}.{ending}",
        "title": table.told,
        "format": ending,
        "mediatype": "text/csv" if ending == "csv" else "application/json",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **({"schema": {"fields": [{"name": name, "type": "string"} for name in table.shape.model_fields]}} if ending == "csv" else {}),
    }


def _readme(counts: dict[str, int]) -> str:
    lines = [f"| {table.name}.csv, {table.name}.json | {counts[table.name]} | {table.told} |" for table in TABLES]
    return "\n".join([
        "# Open data of Saphan", "",
        f"From {attribution()}, written on {clock.now():%Y-%m-%d}.", "",
        "| files | records | what |", "|---|---|---|", *lines, "",
        "The fields are those of the public API (`/api/v1/openapi.json`). In CSV, lists of words are parted by semicolons, and what has",
        "parts of its own stands as JSON in its cell. A cell that a spreadsheet could take for a formula has an apostrophe in front.",
        "`datapackage.json` holds the SHA-256 of each file.", "",
        "## Licence", "",
        f"Texts and descriptions of our own: {LICENCE['title']}, {LICENCE['path']}. Name the source as: {attribution()}.",
        "Each document of the library carries its own licence in the field `licence`, which goes before. Texts adapted from others name",
        "their source in `adapted_from`.", "",
        "## Please", "",
        "No address of a shelter is in this data. Do not put places where survivors live on a map, and do not try to find them.", "",
    ])  # fmt: skip
