"""`saphan translations`: gathers the strings of code and templates, says which lack a translation, and compiles the catalogues.

Works where gettext is not installed: Babel reads and writes the catalogues, Django turns a template into what Babel can read.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Any

import django
import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from saphan.commands import app

PACKAGE = Path(__file__).resolve().parent.parent
LOCALES = PACKAGE / "locale"
WHOLE = ["th"]  # English is the source; the desk and the public pages speak Thai as well
PUBLIC = ["lo", "km", "my", "vi"]  # the public pages and the errors of their forms
COMPLETE = [*WHOLE, *PUBLIC]  # a string of theirs without translation fails the check
NEEDS_REVIEW = "needs review"  # comment on a translation that a machine made and no person has checked
# Where the strings of the public pages stand, as patterns below the package; those of the editors' system do not belong to them.
PUBLIC_PLACES = [
    "portal/*", "templates/*.html", "templates/parts/*", "core/forms.py", "core/dates.py", "core/paging.py", "core/attachments.py", "core/inspection/*",
    "core/errors.py", "core/templates/*", "directory/models.py", "directory/languages.py",
]  # fmt: skip
STAFF_PLACES = [
    "portal/editors/*", "portal/*/policies.py", "portal/*/desk*.py", "portal/*/templates/*/desk/*", "portal/*/issue*.py", "portal/*/subscriber*.py",
    "portal/*/edition_views.py", "portal/*/editing.py", "portal/*/drafting.py", "portal/*/readiness.py", "portal/*/scheduling.py", "portal/*/testing.py",
    "portal/*/exporting.py", "portal/*/answering.py", "portal/*/office_views.py", "portal/*/publishing.py", "portal/*/figures.py", "portal/*/hearing.py",
    "portal/*/chain.py", "portal/*/hubs.py", "portal/*/needs.py", "portal/*/offers.py", "portal/*/wording.py", "portal/*/campaigns.py",
    "portal/*/ledger*.py", "portal/*/funds*.py", "portal/*/matching*", "portal/*/blocks.py", "portal/*/wagtail_hooks.py", "portal/*/importing.py", "portal/*/commands.py",
    "portal/news/reading.py", "portal/news/listing.py", "core/gallery.py", "templates/parts/gallery.html", "templates/parts/conflict.html", "templates/desk.html", "templates/confirm.html", "templates/stop.html", "templates/account/*", "templates/mfa/*",
]  # fmt: skip
# Sentences of Django's forms, which Django itself does not have in all of these languages.
DJANGO_FORMS = ["forms/fields.py", "forms/forms.py", "forms/formsets.py", "forms/models.py", "forms/widgets.py", "core/validators.py"]
KEYWORDS: dict[str, Any] = {
    name: spec
    for name, spec in {
        "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
        "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
    }.items()
}  # fmt: skip

translations = typer.Typer(no_args_is_help=True, help="Catalogues of the interface: gather, check, compile.")
app.add_typer(translations, name="translations")


@translations.command()
def gather() -> None:
    """Brings every catalogue up to date with the strings in code and templates; new ones are empty, gone ones removed."""
    everything = strings()
    for language in COMPLETE:
        template, catalogue = scope(everything, language), load(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        save(catalogue, language)
        typer.echo(f"{language}: {len(catalogue)} strings, {len(missing(catalogue))} without translation")


@translations.command()
def check() -> None:
    """Fails when a string has no translation, or a catalogue does not match the code."""
    everything = strings()
    problems = [line for language in COMPLETE for line in problems_of(language, everything)]
    for line in problems[:40]:
        typer.echo(line)
    if problems:
        typer.echo(f"{len(problems)} problems. `saphan translations gather`, then fill the empty ones.")
        raise typer.Exit(1)
    typer.echo("Every string is translated.")


@translations.command(name="missing")
def missing_command(language: Annotated[str, typer.Argument(help="For example lo.")]) -> None:
    """Prints the strings that lack a translation, as JSON for a translator: each with its place, plural strings as a pair."""
    rows = [{"id": m.id, "context": m.context or "", "text": ""} for m in missing(load(language))]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))


@translations.command()
def fill(
    language: Annotated[str, typer.Argument(help="For example lo.")],
    file: Annotated[Path, typer.Argument(help="What `missing` printed, with `text` filled in.")],
    reviewed: Annotated[bool, typer.Option("--reviewed", help="A person has checked them; otherwise they are marked for review.")] = False,
) -> None:
    """Enters translations. What a person has written before stays as it is."""
    catalogue = load(language)
    done = 0
    for row in json.loads(file.read_text(encoding="utf-8")):
        key = tuple(row["id"]) if isinstance(row["id"], list) else row["id"]
        message = catalogue.get(key, context=row["context"] or None)
        if message is None or translated(message) or not row["text"]:
            continue
        message.string = _every_form(row["text"], catalogue.num_plurals) if isinstance(key, tuple) else row["text"]
        message.user_comments = [] if reviewed else [NEEDS_REVIEW]
        done += 1
    save(catalogue, language)
    typer.echo(f"{language}: {done} entered, {len(missing(catalogue))} without translation")


def _every_form(text: str | list[str], forms: int) -> tuple[str, ...]:
    texts = [text] if isinstance(text, str) else text
    return tuple(texts[min(number, len(texts) - 1)] for number in range(forms))


@translations.command(name="compile")
def compile_command() -> None:
    """Writes the compiled catalogues that the site reads."""
    typer.echo(f"{compile_catalogues()} compiled")


def compile_catalogues() -> int:
    """Compiles each catalogue that is newer than its compiled form; answers how many."""
    done = 0
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        buffer = BytesIO()
        write_mo(buffer, catalogue)
        part = target.with_suffix(".part")
        part.write_bytes(buffer.getvalue())
        part.replace(target)
        done += 1
    return done


def problems_of(language: str, everything: Catalog) -> Iterator[str]:
    """One line per string without translation, with lost placeholders, or not in the catalogue."""
    template, catalogue = scope(everything, language), load(language)
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, context=message.context)
        where = ", ".join(f"{path}:{line}" for path, line in message.locations[:2])
        text = message.id if isinstance(message.id, str) else message.id[0]
        if known is None or not translated(known):
            yield f"{language}: no translation of “{text[:80]}” ({where})"
        elif any(placeholders(text) != placeholders(form) for form in forms(known.string)):
            yield f"{language}: other placeholders in “{text[:80]}” ({where})"


def forms(string: Any) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def translated(message: Any) -> bool:
    return bool(message.string) and all(forms(message.string)) and not message.fuzzy


def placeholders(text: str) -> set[str]:
    """Names in %(name)s and {name}; a plural form may leave the number out."""
    import re

    return set(re.findall(r"%\((\w+)\)", text)) - {"count", "counter", "number", "n"}


def missing(catalogue: Catalog) -> list[Any]:
    return [m for m in catalogue if m.id and not translated(m)]


def load(language: str) -> Catalog:
    """The catalogue of a language, empty when there is none yet."""
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language, project="saphan", header_comment=f"# Saphan in {language}. Apache-2.0 like the program.", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def save(catalogue: Catalog, language: str) -> None:
    path = LOCALES / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, no_location=True, omit_header=False, include_previous=False)


def strings() -> Catalog:
    """Every string of the package, from Python and from templates."""
    from saphan.commands import start_django

    start_django()
    catalogue = Catalog(project="saphan")
    method_map = [("**/tests/**", "ignore"), ("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", f"{__name__}:extract_template"),
                  ("**/templates/**.txt", f"{__name__}:extract_template")]  # fmt: skip
    found = extract_from_dir(str(PACKAGE), method_map, keywords=KEYWORDS)
    for path, line, message, _comments, context in found:
        catalogue.add(message, None, [(path, line)], context=context)
    for sentence in _sentences_of_rules():
        catalogue.add(sentence, None, [("agreements/procedures/rules", 1)])
    return catalogue


def _sentences_of_rules() -> Iterator[str]:
    """What the check of procedures says. Its rules know no framework, so they mark nothing for translation."""
    from saphan.agreements.procedures.findings import FAULTS
    from saphan.agreements.procedures.rules import RULES

    yield from FAULTS.values()
    for rule in RULES.values():
        yield rule.sentence


def scope(everything: Catalog, language: str) -> Catalog:
    """The strings that a language must have: all, or those of the public pages with the errors of their forms."""
    if language in WHOLE:
        return everything
    chosen = Catalog(project="saphan")
    for message in everything:
        if message.id and any(is_public(path) for path, _line in message.locations):
            chosen.add(message.id, None, message.locations, context=message.context)
    for path in DJANGO_FORMS:
        with (Path(django.__file__).parent / path).open("rb") as file:
            for line, _function, words, _comments in extract_python(file, KEYWORDS, [], {}):
                _add_plain(chosen, words, f"django/{path}", line)
    return chosen


def _add_plain(catalogue: Catalog, message: Any, path: str, line: int) -> None:
    texts = [part for part in (message if isinstance(message, tuple) else [message]) if isinstance(part, str)]
    if texts:
        catalogue.add(tuple(texts[:2]) if len(texts) > 1 else texts[0], None, [(path, line)])


def is_public(path: str) -> bool:
    """Whether a file of the package speaks to readers of the public pages."""
    return any(fnmatch(path, place) for place in PUBLIC_PLACES) and not any(fnmatch(path, place) for place in STAFF_PLACES)


def extract_template(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Any:
    """Babel's view of a Django template: Django rewrites it as Python calls of gettext."""
    from django.utils.translation.template import templatize

    code = templatize(file.read().decode(), origin=getattr(file, "name", ""))
    return extract_python(BytesIO(code.encode()), keywords, comment_tags, options | {"encoding": "utf-8"})
