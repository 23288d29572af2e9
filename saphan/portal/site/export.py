"""Writes the whole public site as files: for a stick, for any web server, for the day when nobody keeps this one any more."""

import json
import posixpath
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan import __version__
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.portal.opendata.dump import write_dump
from saphan.portal.site.export_crawl import Copy, crawl
from saphan.portal.site.export_names import link
from saphan.portal.site.export_pages import PageOfCopy, write_addresses
from saphan.portal.site.export_search import write_search

MARK = ".saphan-copy.json"  # a folder with this file is a copy of ours, and may be written anew
START = "index.html"
DATA = "data"
SPOKEN_OF = (".rss", ".atom", ".json", ".xml", ".txt")


@dataclass(frozen=True)
class Report:
    """What a copy holds, how long it took, and which links inside lead nowhere (with the page that named each)."""

    files: int
    bytes: int
    pages: int
    findable: dict[str, int]
    data: dict[str, int]
    seconds: float
    broken: dict[str, str]


def write_site(target: Path, base_url: str = "") -> Report:
    """Writes a copy beside the target and puts it in its place when it is whole. Raises Invalid when the target holds something else."""
    refuse_foreign(target)
    began, made_at = time.perf_counter(), clock.now()
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    copy = crawl(part)
    for address, name in list(copy.pages()):
        for lost in PageOfCopy(copy, address, name, base_url).write(made_at):
            copy.broken.setdefault(lost, address)
    for address, name in copy.files.items():
        if name.endswith(SPOKEN_OF):
            write_addresses(copy, address, name, base_url)
    findable = write_search(copy)
    data = write_dump(part / DATA)
    write_start(copy, made_at)
    (part / MARK).write_text(json.dumps({"saphan": __version__, "made_at": made_at.isoformat(), "site": settings.SITE_URL}))
    files = [path for path in part.rglob("*") if path.is_file()]
    size, pages = sum(path.stat().st_size for path in files), sum(1 for _page in copy.pages())
    put_in_place(part, target)
    return Report(len(files), size, pages, findable, data, round(time.perf_counter() - began, 1), copy.broken)


def refuse_foreign(target: Path) -> None:
    """A copy replaces an earlier copy or an empty folder, never anything else."""
    if target.is_mount():
        raise Invalid(_("%(folder)s is a whole medium. Name a folder on it.") % {"folder": target})
    if target.exists() and not target.is_dir():
        raise Invalid(_("%(folder)s is a file. Name a folder.") % {"folder": target})
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        raise Invalid(_("%(folder)s is not empty and holds no copy of this site. Nothing was changed.") % {"folder": target})


def put_in_place(part: Path, target: Path) -> None:
    """The new copy takes the place of the old one; a stop in between leaves one of them whole under its own name."""
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def write_start(copy: Copy, made_at: datetime) -> None:
    """The first page: the languages, the open data, and what this folder is."""
    homes = [(code, name, link(START, home)) for code, name in settings.LANGUAGES if (home := copy.file(f"/{code}/"))]
    sheets = sorted(name for name in copy.files.values() if name.endswith(".css") and "print" not in name)
    order = ("tokens", "base", "parts", "public", "portal")
    chosen = [sheet for part in order for sheet in sheets if posixpath.basename(sheet).startswith(part)]
    mark = next((name for name in copy.files.values() if posixpath.basename(name).startswith("mark.")), "")
    context = {"homes": homes, "sheets": chosen, "mark": mark, "data": list(data_files(copy.folder)), "made_at": made_at, "site": settings.SITE_URL}
    with override(settings.LANGUAGE_CODE):
        (copy.folder / START).write_text(render_to_string("site/copy_start.html", context), encoding="utf-8")


def data_files(folder: Path) -> Iterator[str]:
    """The files of the open data, as the first page lists them."""
    for path in sorted((folder / DATA).rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()
