"""`saphan site links`: the links that lead nowhere, for whoever keeps the site. The other verbs of `saphan site` belong to the room below."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from saphan.portal.site.commands import site

__all__ = ["site"]


@site.command()
def links(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="First ask other sites that were not asked for a week; needs SAPHAN_CHECK_LINKS=1.")] = False,
) -> None:
    """Lists the links of public pages that lead nowhere; exit code 1 when there are any, 2 when asking is not allowed."""
    from django.conf import settings

    from saphan.core import clock
    from saphan.portal.editors.asking import ask_due, keep_the_list
    from saphan.portal.editors.links import broken_links

    if ask and not settings.CHECK_OUTSIDE_LINKS:
        typer.echo("Other sites are asked only with SAPHAN_CHECK_LINKS=1.", err=True)
        raise typer.Exit(2)
    asked = 0
    if ask:
        keep_the_list(clock.now())
        asked = ask_due(clock.now())
    broken = broken_links()
    if as_json:
        typer.echo(json.dumps({"asked": asked, "broken": [{**asdict(b.link), "fault": b.fault, "told": b.told} for b in broken]}, ensure_ascii=False))
    else:
        for found in broken:
            target = found.link.address or (f"page {found.link.page_id}" if found.link.page_id else f"document {found.link.document_id}")
            typer.echo(
                f"{found.link.language}  {found.link.page_title} (page {found.link.on_page}, {found.link.field}): {target}: {found.fault} {found.told}".rstrip()
            )
        typer.echo(f"{len(broken)} broken." if broken else "Every link that is known leads somewhere.")
    if broken:
        raise typer.Exit(1)
