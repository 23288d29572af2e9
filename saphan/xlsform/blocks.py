"""What the templates of a page show: headings of groups, instances of repeats, questions, each with its words in one or two languages."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from saphan.xlsform.columns import CODE, direction_of
from saphan.xlsform.definition import Wording

BOLD = re.compile(r"\*\*(\S(?:.{0,500}?\S)?)\*\*")
HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
TAGS = re.compile(r"</?(?:span|font|b|i|u|strong|em|big|small|center|p|div)\b[^<>]{0,200}>", re.IGNORECASE)  # forms made for ODK carry these


def marked_up(text: str) -> SafeString:
    """A text of the form as HTML: escaped, `**bold**` strong, tags of other programs left out."""
    bare = HEADING.sub("", TAGS.sub("", text))
    escaped = str(conditional_escape(bare))
    return mark_safe(BOLD.sub(r"<strong>\1</strong>", escaped).replace("\n", "<br>"))  # noqa: S308  # escaped the line above


@dataclass(frozen=True, slots=True)
class Words:
    """Words with the language they are in: `lang` and `dir` as HTML has them, empty where the sheet names no language by a code."""

    text: str
    lang: str = ""
    dir: str = ""

    @staticmethod
    def of(wording: Wording) -> "Words":
        """The words of the form for HTML."""
        code = wording.language if CODE.fullmatch(wording.language) else ""
        return Words(wording.text, code, direction_of(code) if code else "")

    @property
    def html(self) -> SafeString:
        """A span with its language; `**bold**` as in ODK, line ends as line ends, everything else as it is written."""
        if not self.lang:
            return format_html("<span>{}</span>", marked_up(self.text))
        return format_html('<span lang="{}" dir="{}">{}</span>', self.lang, self.dir or "ltr", marked_up(self.text))

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture, sound or film that belongs to a text; `address` is where the host keeps it, empty where it has none."""

    kind: str
    address: str
    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered."""

    id: str
    value: str
    words: Words
    second: Words
    chosen: bool
    media: tuple[Medium, ...] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on a page. `kind`: group, instance, repeat, question; a question's `control` says which template draws it."""

    kind: str
    words: Words
    second: Words = field(default_factory=lambda: Words(""))
    hint: Words = field(default_factory=lambda: Words(""))
    second_hint: Words = field(default_factory=lambda: Words(""))
    guidance: Words = field(default_factory=lambda: Words(""))
    why: Words = field(default_factory=lambda: Words(""))
    media: tuple[Medium, ...] = ()
    control: str = ""
    place: str = ""
    number: int = 0
    can_remove: bool = False
    can_add: bool = False
    needed: bool = False
    value: str = ""
    bound: Any = None
    id: str = ""
    name: str = ""
    described_by: str = ""
    errors: tuple[Words, ...] = ()
    options: tuple[Option, ...] = ()
    ranks: tuple[tuple[Option, ...], ...] = ()
    children: tuple["Block", ...] = ()
    limit: str = ""
    example: str = ""

    @property
    def in_fieldset(self) -> bool:
        """Whether several controls belong to the question, so that its words are a legend and not a label."""
        return self.control in ("radios", "checks", "rank", "tick")

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"xlsform/_{'question' if self.kind == 'question' else self.kind}.html"

    @property
    def control_template(self) -> str:
        """The template that draws the control of a question."""
        return f"xlsform/controls/{self.control}.html"
