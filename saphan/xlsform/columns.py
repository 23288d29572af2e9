"""What the headings of the sheets mean: aliases, languages, near misses.

Source: the XLSForm reference table and the header aliases of pyxform 4.5.
"""

import difflib
import re
from dataclasses import dataclass

MEDIA = frozenset({"image", "big-image", "audio", "video"})
WORDS = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message"})  # what a person reads
LOGIC = frozenset({"relevant", "constraint", "required", "calculation", "choice_filter", "repeat_count", "read_only", "default"})
SURVEY = WORDS | LOGIC | {"type", "name", "appearance", "parameters"}
UNUSED = frozenset({"trigger", "save_to", "body", "bind", "instance", "control", "autoplay", "rows", "compact_tag", "noapperrorstring"})
CHOICES = frozenset({"list_name", "name", "label"})
SETTINGS = frozenset({"form_id", "form_title", "version", "default_language"})
SETTINGS_OF_OTHERS = frozenset(
    "public_key submission_url auto_send auto_delete instance_name style namespaces allow_choice_duplicates sms_keyword prefix client_editable".split()
)
ALIASES = {
    "relevance": "relevant", "bind::relevant": "relevant", "bind::constraint": "constraint", "bind::required": "required",
    "bind::calculate": "calculation", "bind::readonly": "read_only", "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message", "calculate": "calculation", "readonly": "read_only", "caption": "label",
    "jr:constraintmsg": "constraint_message", "jr:requiredmsg": "required_message", "constraining_message": "constraint_message",
    "requiredmsg": "required_message", "count": "repeat_count", "jr:count": "repeat_count", "control::jr:count": "repeat_count",
    "body::jr:count": "repeat_count", "control::appearance": "appearance", "body::appearance": "appearance", "command": "type", "tag": "name",
    "value": "name", "guidance": "guidance_hint",
}  # fmt: skip
CHOICE_ALIASES = {"list": "list_name", "value": "name", "caption": "label"}
SETTING_ALIASES = {"set_form_id": "form_id", "id_string": "form_id", "set_form_title": "form_title", "title": "form_title"}
LANGUAGE = re.compile(r"(?P<name>.+?)\s*\((?P<code>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)")
CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ku-arab ps sd ug ur yi".split())


@dataclass(frozen=True, slots=True)
class Column:
    """What one heading stands for. `target` is a column of the standard, `media` with `part` the kind of media, or `extra` with `part` its name."""

    heading: str
    target: str
    part: str = ""
    language: str | None = None  # as written; None where the heading has no second piece


def survey_column(heading: str) -> Column:
    """The meaning of a heading of the sheet `survey`."""
    return _column(heading, SURVEY | UNUSED, ALIASES)


def choices_column(heading: str) -> Column:
    """The meaning of a heading of the sheet `choices`."""
    return _column(heading, CHOICES, CHOICE_ALIASES)


def settings_column(heading: str) -> Column:
    """The meaning of a heading of the sheet `settings`."""
    return _column(heading, SETTINGS, SETTING_ALIASES)


def _column(heading: str, known: frozenset[str], aliases: dict[str, str]) -> Column:
    pieces = [piece.strip() for piece in re.split("::", heading)]
    if len(pieces) == 1 and ":" in heading and not heading.lower().startswith("jr:"):
        first, _, rest = heading.partition(":")  # the older way to write a language; only after a known word
        pieces = [first.strip(), rest.strip()] if _snake(first) in WORDS | MEDIA | {"media"} else pieces
    first = _snake(pieces[0])
    if len(pieces) > 1 and (joined := aliases.get(f"{first}::{_snake(pieces[1])}")):
        return Column(heading, joined, language="::".join(pieces[2:]) or None)
    if first == "media" and len(pieces) > 1 and pieces[1].lower() in MEDIA:
        return Column(heading, "media", pieces[1].lower(), "::".join(pieces[2:]) or None)
    language = "::".join(pieces[1:]) or None
    if first in MEDIA:
        return Column(heading, "media", first, language)
    target = aliases.get(first, first)
    if target in known and target not in UNUSED:
        return Column(heading, target, language=language)
    return Column(heading, "extra", pieces[0], language)


def _snake(text: str) -> str:
    return "_".join(text.split()).lower()


def meant(heading: str, sheet: str) -> str:
    """The column of the standard that an unknown heading looks like, or ""."""
    first = _snake(heading.split("::")[0])
    known = {"survey": SURVEY | MEDIA, "choices": CHOICES, "settings": SETTINGS}[sheet]
    if first in known or first in UNUSED or first in SETTINGS_OF_OTHERS or first.startswith("sph_") or re.search(r"\d", first):
        return ""
    return next(iter(difflib.get_close_matches(first, known, n=1, cutoff=0.84)), "")


def language_of(written: str) -> tuple[str, str]:
    """Code and name of a language as a heading names it: `Thai (th)` -> ("th", "Thai"); `Thai` -> ("Thai", "Thai")."""
    words = " ".join(written.split())
    if found := LANGUAGE.fullmatch(words):
        return found["code"], found["name"]
    return words, words


def direction_of(code: str) -> str:
    """Which way a language is written."""
    return "rtl" if code.lower() in RIGHT_TO_LEFT or code.lower().split("-")[0] in RIGHT_TO_LEFT - {"ks", "sd"} else "ltr"
