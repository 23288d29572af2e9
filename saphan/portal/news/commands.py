"""`saphan news`: brings saved pages into the news."""

import json
from collections import Counter
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
    files: Annotated[list[Path], typer.Argument(help="Saved pages (HTML or text), folders of them, or lists (CSV) that name them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what was found; change nothing.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once instead of leaving drafts for the editors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    locale: Annotated[str, typer.Option(help="Language of the pages where a list does not say it: en, th, lo, km, my or vi.")] = "en",
) -> None:
    """Finds title, date, text and source of each page, and enters it as a draft. A page imported before is left alone.

    If any file or row is wrong nothing at all is changed, and the exit code is 2. What the check before publication stops stays a draft.
    """
    from saphan.core.errors import Invalid
    from saphan.portal.news.bringing import articles_in, bring
    from saphan.portal.news.listing import listing_of

    listing = listing_of(files)
    found, faults = articles_in(listing.entries, locale)
    faults = {**listing.faults, **faults}
    try:
        brought = bring(found, publish=publish, dry_run=dry_run) if not faults else []
    except Invalid as fault:
        faults = {locale: fault.sentence}
    if faults:
        _tell_faults(faults, as_json)
        raise typer.Exit(2)
    rows = [{**_described(one.entry.path, one.found), "language": one.language, "outcome": outcome} for one, outcome in brought]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _tell(rows, listing.left_aside, dry_run)


def _tell(rows: list[dict[str, Any]], left_aside: int, dry_run: bool) -> None:
    """Everything about each page in a dry run, else one line each; then the numbers."""
    for row in rows:
        if dry_run:
            _show(row)
        else:
            typer.echo(f"{row['file']}: {row['title']}: {row['outcome']}")
    numbers = Counter(row["outcome"] for row in rows)
    typer.echo(
        "; ".join(f"{count} {outcome}" for outcome, count in numbers.items()) + (f"; {left_aside} other files left aside" if left_aside else "")
    )


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
