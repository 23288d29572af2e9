"""The search of a copy: the words of the index in plain files that a small script reads, also from a stick."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from saphan.core.templatetags.dates import long_day
from saphan.portal.search.breaking.spelling import PAIRS
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.sources import KINDS
from saphan.portal.site.export_crawl import Copy
from saphan.portal.site.export_names import link

FOLDER = "search"
SCRIPT = f"{FOLDER}/copy-search.js"
SHARD = 300_000  # letters of one file: a telephone reads the next while the page lives
SUMMARY = 240


def write_search(copy: Copy) -> dict[str, int]:
    """The index of each language, and its search page with a list of everything for readers without script; answers how many entries each has."""
    (copy.folder / FOLDER).mkdir(exist_ok=True)
    script = finders.find("js/copy-search.js")
    (copy.folder / SCRIPT).write_bytes(Path(str(script)).read_bytes())
    written: dict[str, int] = {}
    shards: dict[str, list[str]] = {}
    entries = {code: list(_entries(copy, code)) for code, _name in settings.LANGUAGES}
    for code, found in entries.items():
        shards[code] = _write_index(copy, code, found)
        written[code] = len(found)
    for code, found in entries.items():
        _write_page(copy, code, found, shards)
    return written


def _entries(copy: Copy, language: str) -> Iterator[tuple[str, SearchEntry]]:
    """What can be found in a language and lies in the copy."""
    order = SearchEntry.objects.filter(language=language, cut__isnull=False).select_related("cut").order_by("kind", "-published_on", "title")
    for entry in order.iterator():
        if name := copy.file(entry.url):
            yield name, entry


def _write_index(copy: Copy, language: str, found: list[tuple[str, SearchEntry]]) -> list[str]:
    """Files of entries, then files of words with the numbers of the entries that hold them, each small enough for a telephone."""
    with override(language):
        told = [[name, entry.title, entry.summary[:SUMMARY], str(KINDS.get(entry.kind, entry.kind)), *_days(entry)] for name, entry in found]
    postings: dict[str, list[int]] = defaultdict(list)
    titles: dict[str, list[int]] = defaultdict(list)
    for number, (_name, entry) in enumerate(found):
        cut = entry.cut
        for word in set(f"{cut.title_words} {cut.summary_words} {cut.names_words} {cut.words} {cut.folded}".split()):
            postings[word].append(number)
        for word in set(cut.title_words.split()):
            titles[word].append(number)
    lines = [[word, _steps(numbers), _steps(titles.get(word, []))] for word, numbers in sorted(postings.items())]
    parts = [*(("entries", part) for part in _parted(told)), *(("words", part) for part in _parted(lines))]
    names = []
    for number, (kind, part) in enumerate(parts):
        names.append(f"{FOLDER}/{language}-{number}.js")
        call = f"copySearch.take({json.dumps(language)},{json.dumps(kind)},{_compact(part)});\n"
        (copy.folder / names[-1]).write_text(call, encoding="utf-8")
    return names


def _days(entry: SearchEntry) -> tuple[str, str]:
    """The day of an entry for sorting and for reading."""
    return (entry.published_on.isoformat(), long_day(entry.published_on)) if entry.published_on else ("", "")


def _parted(rows: list[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    size = 0
    for row in rows:
        part.append(row)
        size += len(_compact(row))
        if size > SHARD:
            yield part
            part, size = [], 0
    if part:
        yield part


def _steps(numbers: list[int]) -> str:
    """Rising numbers as the steps between them, in letters: most are small."""
    return ".".join(format(after - before, "x") for before, after in zip([0, *numbers], numbers, strict=False))


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _write_page(copy: Copy, language: str, found: list[tuple[str, SearchEntry]], shards: dict[str, list[str]]) -> None:
    """The search page: the form as it was, then results by script, then everything by kind without any."""
    name = copy.file(f"/{language}/search/")
    if name is None:
        return
    page = BeautifulSoup((copy.folder / name).read_text(encoding="utf-8"), "html.parser")
    form = page.select_one("main form[role=search]")
    if form is None:
        return
    for sibling in form.find_next_siblings():
        sibling.extract()
    for script in page.find_all("script", src=True):
        if "exit" not in str(script["src"]):
            script.decompose()
    order = [language, *(code for code in shards if code != language)]
    with override(language):
        kinds: dict[str, list[Any]] = defaultdict(list)
        for file, entry in found:
            kinds[str(KINDS.get(entry.kind, entry.kind))].append({"title": entry.title, "url": link(name, file), "published_on": entry.published_on})
        context = {
            "kinds": dict(kinds),
            "languages": [(code, spoken, link(name, other)) for code, spoken in settings.LANGUAGES if (other := copy.file(f"/{code}/search/"))],
            "language": language,
            "files": " ".join(f"{code}:{link(name, file)}" for code in order for file in shards[code]),
            "root": link(name, "index.html").removesuffix("index.html"),
            "script": link(name, SCRIPT),
            "pairs": json.dumps(PAIRS, ensure_ascii=False),
        }
        told = render_to_string("site/copy_search.html", context)
    form.insert_after(BeautifulSoup(told, "html.parser"))
    (copy.folder / name).write_text(page.decode(formatter="html5"), encoding="utf-8")
