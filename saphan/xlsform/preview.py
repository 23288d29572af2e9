"""Everything that a page shows of a workbook before it is taken: how much there is, how far it is translated, what stands against it."""

from collections import Counter
from dataclasses import dataclass, field

from saphan.xlsform.coverage import Share, shares
from saphan.xlsform.definition import Form, Language, Question, Repeat
from saphan.xlsform.plan import SLOTS
from saphan.xlsform.problems import Problem
from saphan.xlsform.reading import Reading


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of questions: where it stands, what it asks, which rules it has."""

    row: int
    depth: int
    code: str
    kind: str
    label: str
    language: str
    rules: tuple[tuple[str, str], ...] = ()
    choices: int = 0
    missing: tuple[str, ...] = ()  # languages in which its label lacks


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """A language of the form and how many of its texts it has."""

    language: Language
    share: Share


@dataclass(frozen=True)
class Preview:
    """A workbook as it would be taken. `usable` says whether anything stands against it."""

    title: str = ""
    form_id: str = ""
    version: str = ""
    questions: int = 0
    groups: int = 0
    repeats: int = 0
    choices: int = 0
    rules: int = 0
    kinds: tuple[tuple[str, int], ...] = ()
    languages: tuple[LanguageShare, ...] = ()
    rows: tuple[Row, ...] = ()
    media: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    missing: dict[str, tuple[Problem, ...]] = field(default_factory=dict)  # language -> texts that lack; not among the warnings

    @property
    def usable(self) -> bool:
        """Whether the workbook can be taken."""
        return not self.problems and bool(self.form_id)


def preview_of(reading: Reading, language: str) -> Preview:
    """What to show of a reading to somebody who reads this language."""
    missing: dict[str, tuple[Problem, ...]] = {}
    for warning in reading.warnings:
        if warning.code == "translation_missing":
            name = warning.arguments["language"]
            missing[name] = (*missing.get(name, ()), warning)
    others = tuple(warning for warning in reading.warnings if warning.code != "translation_missing")
    if reading.form is None:
        return Preview(problems=reading.problems, warnings=others, missing=missing)
    return _of_form(reading.form, language, others, missing)


def _of_form(form: Form, language: str, warnings: tuple[Problem, ...], missing: dict[str, tuple[Problem, ...]]) -> Preview:
    nodes = [node for node, _around in form.nodes()]
    rows = _rows(form, language)
    return Preview(
        title=form.title,
        form_id=form.form_id,
        version=form.version,
        questions=len(form.questions()),
        groups=sum(1 for node in nodes if node.node == "group"),
        repeats=sum(1 for node in nodes if isinstance(node, Repeat)),
        choices=sum(len(listed) for listed in form.choices.values()),
        rules=sum(len(row.rules) for row in rows),
        kinds=tuple(Counter(node.kind for node in nodes if isinstance(node, Question)).most_common()),
        languages=tuple(LanguageShare(form.language(share.language), share) for share in shares(form)),
        rows=rows,
        media=media_of(form),
        warnings=warnings,
        missing=missing,
    )


def _rows(form: Form, language: str) -> tuple[Row, ...]:
    found = []
    for node, around in form.nodes():
        words = form.words(node.label, language)
        found.append(
            Row(
                node.row,
                len(around),
                node.code,
                node.kind if isinstance(node, Question) else node.node,
                words.text or node.name,
                words.language,
                tuple((column, getattr(node, attribute)) for attribute, column in SLOTS.items() if getattr(node, attribute, "")),
                len(form.choices.get(node.choices, ())) if isinstance(node, Question) else 0,
                tuple(each.heading for each in form.languages if any(node.label.values()) and not node.label.get(each.code)),
            )
        )
    return tuple(found)


def media_of(form: Form) -> tuple[str, ...]:
    """The names of all files that the form shows, each once."""
    texts = [text for node, _around in form.nodes() if isinstance(node, Question) for text in node.media.values()]
    texts += [text for listed in form.choices.values() for choice in listed for text in choice.media.values()]
    return tuple(dict.fromkeys(name for text in texts for name in text.values() if name))
