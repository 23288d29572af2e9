"""`saphan news`: brings saved pages into the news."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from saphan.portal.news.importing import FoundArticle

news = typer.Typer(no_args_is_help=True, help="News & Updates.")


@news.callback()
def room() -> None:
    """News & Updates."""


@news.command("import")
def import_pages(
    files: Annotated[list[Path], typer.Argument(help="Saved pages (HTML) or text files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what was found; change nothing.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once instead of leaving drafts for the editors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    locale: Annotated[str, typer.Option(help="Language of the pages: en or th.")] = "en",
) -> None:
    """Finds title, date, text and source of each page, and enters it as a draft. A page imported before is left alone.

    If any file is wrong nothing at all is changed, and the exit code is 2.
    """
    from saphan.core.errors import Invalid
    from saphan.portal.news.importing import article_in
    from saphan.portal.news.services import index_of

    found, faults = [], {}
    for path in files:
        try:
            found.append((path, article_in(path)))
        except Invalid as fault:
            faults[str(path)] = fault.sentence
    try:
        index_of(locale)
    except Invalid as fault:
        faults[locale] = fault.sentence
    if faults:
        _tell_faults(faults, as_json)
        raise typer.Exit(2)
    rows = [{**_described(path, article), "outcome": _outcome(article, locale, dry_run, publish)} for path, article in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            _show(row)


def _outcome(article: "FoundArticle", locale: str, dry_run: bool, publish: bool) -> str:
    from saphan.core import clock
    from saphan.portal.news.services import import_and_publish, import_as_draft, known

    before = known(article, locale)
    if before is not None and not (publish and not before.live):
        return "in place since an earlier import"
    if dry_run:
        return "would be published" if publish else "would be entered as a draft"
    enter = import_and_publish if publish else import_as_draft
    enter(found=article, language=locale, by=None, at=clock.now())
    return "published" if publish else "entered as a draft"


def _described(path: Path, found: "FoundArticle") -> dict[str, Any]:
    source = found.attribution
    return {
        "file": str(path),
        "title": found.title,
        "date": found.published_on.isoformat(),
        "paragraphs": sum(line.kind in ("p", "h") for line in found.body),
        "points": sum(line.kind in ("li", "ol") for line in found.body),
        "body": [{"kind": line.kind, "text": line.text} for line in found.body],
        "adapted_from": {"title": source.title, "source": source.source, "url": source.url, "date": source.on.isoformat() if source.on else ""},
        "furniture": found.furniture,
    }


def _show(row: dict[str, Any]) -> None:
    table = Table(title=row["file"], show_header=False, title_justify="left", expand=True)
    table.add_column(style="bold", width=14)
    table.add_column(overflow="fold")
    source = row["adapted_from"]
    table.add_row("title", row["title"])
    table.add_row("date", row["date"])
    table.add_row("text", f"{row['paragraphs']} paragraphs, {row['points']} list points")
    for line in row["body"]:
        table.add_row("", ("• " if line["kind"] in ("li", "ol") else "") + _shortened(line["text"]))
    table.add_row("adapted from", ", ".join(part for part in (source["title"], source["source"], source["date"], source["url"]) if part) or "—")
    for n, line in enumerate(row["furniture"]):
        table.add_row("left out" if n == 0 else "", _shortened(line), style="dim")
    table.add_row("outcome", row["outcome"])
    Console().print(table, markup=False)


def _shortened(text: str) -> str:
    return text if len(text) <= 110 else text[:107] + "…"


def _tell_faults(faults: dict[str, str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([{"file": file, "fault": sentence} for file, sentence in faults.items()], ensure_ascii=False))
    for file, sentence in faults.items():
        typer.echo(f"{file}: {sentence}", err=True)
    typer.echo("Nothing was changed.", err=True)
