"""The translation board: each text of the site against each of its languages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page

from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.origins import Standing, Version, original_among, standing_of

HOME_DEPTH, SECTION_DEPTH, STEP = 2, 3, 4  # depths in the page tree; letters of a path for each


@dataclass(frozen=True)
class Cell:
    """One text in one language; without a page where it is missing."""

    language: str
    standing: Standing
    page_id: int | None = None
    newer_draft: bool = False


@dataclass(frozen=True)
class Row:
    """One text of the site: its title in the language it was written in, the part of the site it stands in, and its versions."""

    title: str
    section: str
    page_id: int
    path: str
    cells: list[Cell]


@dataclass(frozen=True)
class Board:
    """What the board shows, after its filters, with the numbers of everything."""

    rows: list[Row]
    sections: dict[str, str]
    counts: dict[str, dict[str, int]]
    chosen: dict[str, str]


COLUMNS = (
    "pk", "translation_key", "locale_id", "live", "first_published_at", "last_published_at", "path", "depth", "draft_title", "has_unpublished_changes",
)  # fmt: skip


def board(asked: Mapping[str, Any]) -> Board:
    """Three queries, whatever the number of pages; rows in the order of the site's tree."""
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    pages = list(Page.objects.filter(depth__gte=HOME_DEPTH).order_by("path").values(*COLUMNS))
    marks = {mark.page_id: mark for mark in TranslationMark.objects.all()}
    texts: dict[Any, list[dict[str, Any]]] = {}
    for page in pages:
        texts.setdefault(page["translation_key"], []).append(page)
    titles = {page["path"]: page["draft_title"] for page in pages if page["depth"] <= SECTION_DEPTH}
    rows = [_row(versions, marks, languages, titles) for versions in texts.values()]
    sections = {row.section: titles[row.section] for row in rows if row.section in titles}
    chosen = _chosen(asked, sections)
    counts = {
        code: dict(Counter(str(cell.standing) for row in rows for cell in row.cells if cell.language == code)) for code, _n in settings.LANGUAGES
    }
    return Board([row for row in rows if _wanted(row, chosen)], sections, counts, chosen)


def _row(versions: list[dict[str, Any]], marks: dict[int, TranslationMark], languages: dict[int, str], titles: dict[str, str]) -> Row:
    known = {v["pk"]: Version(v["pk"], v["locale_id"], v["live"], v["first_published_at"], v["last_published_at"]) for v in versions}
    original = original_among(known.values(), marks)
    first = next((v for v in versions if original and v["pk"] == original.pk), versions[0])
    by_language = {languages[v["locale_id"]]: v for v in versions}
    cells = []
    for code, _name in settings.LANGUAGES:
        version = by_language.get(code)
        if version is None:
            cells.append(Cell(code, Standing.MISSING))
            continue
        standing = standing_of(known[version["pk"]], original, marks.get(version["pk"]))
        cells.append(Cell(code, standing, version["pk"], version["live"] and version["has_unpublished_changes"]))
    section = first["path"][: SECTION_DEPTH * STEP]
    return Row(first["draft_title"], section if section in titles else "", first["pk"], first["path"], cells)


def _chosen(asked: Mapping[str, Any], sections: Mapping[str, str]) -> dict[str, str]:
    """What is asked and can be answered; the rest is left aside."""
    choices: dict[str, Mapping[Any, Any]] = {"language": dict(settings.LANGUAGES), "state": dict(Standing.choices), "section": sections}
    return {name: str(asked[name]) for name, known in choices.items() if asked.get(name) in known}


def _wanted(row: Row, chosen: Mapping[str, str]) -> bool:
    if chosen.get("section") and row.section != chosen["section"]:
        return False
    cells = [cell for cell in row.cells if chosen.get("language") in (None, cell.language)]
    return not chosen.get("state") or any(cell.standing == chosen["state"] for cell in cells)
