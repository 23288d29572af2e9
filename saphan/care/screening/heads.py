"""What a form says of itself as an instrument: its settings, and each question as screening uses it. Pure: no database, no model."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from saphan.care.screening.codes import FIVE_VALUED, Audience, InstrumentKind
from saphan.care.screening.rules import Item
from saphan.care.screening.states import VersionState
from saphan.core.origin import in_language
from saphan.xlsform.definition import Form
from saphan.xlsform.definition import Question as Asked

DESK = ("en", "th")


@dataclass(frozen=True)
class Head:
    """What the settings sheet says of an instrument: for whom, of what kind, from where, how sure; in the two languages of the desk."""

    code: str
    audience: str
    kind: str
    state: str
    rule_version: str
    name_en: str
    name_th: str
    source_en: str
    source_th: str
    confidence_en: str
    confidence_th: str
    approved_on: str

    @property
    def approved_at(self) -> datetime | None:
        """The day of approval as it was shipped; an imported version is approved here, by a person."""
        return datetime.fromisoformat(self.approved_on).replace(tzinfo=UTC) if self.approved_on else None

    @property
    def of_instrument(self) -> dict[str, str]:
        """What holds for all versions, by field."""
        return {"audience": self.audience, "name_en": self.name_en, "name_th": self.name_th}

    @property
    def of_version(self) -> dict[str, str]:
        """What holds for this version, by field."""
        names = ("kind", "rule_version", "source_en", "source_th", "confidence_en", "confidence_th")
        return {name: getattr(self, name) for name in names}


def head_of(form: Form) -> Head:
    """Reads the settings that are ours; a form without them is a plain questionnaire for everybody, a draft."""
    setting = form.settings
    kind = _word(setting.get("sph_kind"), InstrumentKind.values, kind_by_questions(form))
    words = {
        f"{name}_{language}": form.words(_texts(setting.get(f"sph_{name}")), language).text[:most]
        for name, most in (("name", 120), ("source", 240), ("confidence", 240))
        for language in DESK
    }
    return Head(
        code=form.form_id,
        audience=_word(setting.get("sph_audience"), Audience.values, Audience.ANY),
        kind=kind,
        state=_word(setting.get("sph_state"), VersionState.values, VersionState.DRAFT),
        rule_version=str(setting.get("sph_rule_version") or "")[:40],
        approved_on=str(setting.get("sph_approved_on") or ""),
        **(words | {name: form.title[:120] for name in ("name_en", "name_th") if not words[name]}),
    )


def kind_by_questions(form: Form) -> str:
    """Indicators where any question counts in a dimension, else a form."""
    counts = any(q.extra.get("sph_dimension") for q in form.questions())
    return str(InstrumentKind.INDICATORS if counts else InstrumentKind.FORM)


def _word(value: object, known: list[str], otherwise: str) -> str:
    return str(value) if value in known else str(otherwise)


def _texts(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items() if v}
    return {"": str(value)} if value else {}


@dataclass(frozen=True)
class Row:
    """One question that a person answers, with the names of the fields under which it is kept."""

    code: str
    order: int
    kind: str
    section: str
    dimension: str
    strength: str
    tags: str
    child_only: bool
    known_from: str
    provenance: str
    confidence: str
    text_en: str
    text_th: str
    why_en: str
    why_th: str
    label_en: str
    label_th: str

    @property
    def label(self) -> str:
        """What it is called where it is evidence: its short name, else its text."""
        return in_language(self.label_en, self.label_th) or in_language(self.text_en, self.text_th)

    @property
    def item(self) -> Item:
        """The question as the rule engine sees it."""
        return Item(self.code, self.dimension, self.strength, tuple(self.tags.split()), self.child_only)


def asked_rows(form: Form) -> Iterator[Row]:
    """One row for each question that a person answers."""
    for place, asked in enumerate(form.questions(), start=1):
        around = form.ancestors(asked.code)
        yield Row(
            code=asked.code, order=place * 10, kind=_kind(asked), section=around[0].code if around else "",
            dimension=str(asked.extra.get("sph_dimension", "")), strength=str(asked.extra.get("sph_strength", "") or "none"),
            tags=str(asked.extra.get("sph_elements", "")), child_only=asked.extra.get("sph_child_only") == "1",
            known_from=str(asked.extra.get("sph_known_from", "")), provenance=str(asked.extra.get("sph_provenance", ""))[:240],
            confidence=str(asked.extra.get("sph_confidence", ""))[:20], **_words(form, asked),
        )  # fmt: skip


def _kind(asked: Asked) -> str:
    return FIVE_VALUED if asked.kind == "select_one" and asked.choices == FIVE_VALUED else asked.kind


def _words(form: Form, asked: Asked) -> dict[str, str]:
    why, short = _texts(asked.extra.get("why")), _texts(asked.extra.get("sph_short"))
    found = {}
    for language in DESK:
        found[f"text_{language}"] = form.words(asked.label, language).text
        found[f"why_{language}"] = form.words(why, language).text
        found[f"label_{language}"] = form.words(short, language).text[:160]
    return found
