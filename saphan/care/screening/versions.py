"""A version of an instrument made of an XLSForm: its questions as rows, and what of it is kept whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from saphan.care.screening.codes import ELEMENT_LABELS, ELEMENT_NAMES
from saphan.care.screening.instruments import FIVE_VALUED, Instrument, InstrumentVersion, Question, Questionnaire
from saphan.care.screening.rules import PLAN_DIMENSIONS
from saphan.care.screening.states import VersionState
from saphan.core.errors import Invalid
from saphan.xlsform.definition import Form
from saphan.xlsform.definition import Question as Asked

DESK = ("en", "th")
STRENGTHS = tuple(Question.Strength.values)


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
    kind = _word(setting.get("sph_kind"), InstrumentVersion.Kind.values, kind_by_questions(form))
    words = {
        f"{name}_{language}": form.words(_texts(setting.get(f"sph_{name}")), language).text[:most]
        for name, most in (("name", 120), ("source", 240), ("confidence", 240))
        for language in DESK
    }
    return Head(
        code=form.form_id,
        audience=_word(setting.get("sph_audience"), Instrument.Audience.values, Instrument.Audience.ANY),
        kind=kind,
        state=_word(setting.get("sph_state"), VersionState.values, VersionState.DRAFT),
        rule_version=str(setting.get("sph_rule_version") or "")[:40],
        approved_on=str(setting.get("sph_approved_on") or ""),
        **(words | {name: form.title[:120] for name in ("name_en", "name_th") if not words[name]}),
    )


def kind_by_questions(form: Form) -> str:
    """Indicators where any question counts in a dimension, else a form."""
    counts = any(q.extra.get("sph_dimension") for q in form.questions())
    return str(InstrumentVersion.Kind.INDICATORS if counts else InstrumentVersion.Kind.FORM)


def _word(value: object, known: list[str], otherwise: str) -> str:
    return str(value) if value in known else str(otherwise)


def _texts(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items() if v}
    return {"": str(value)} if value else {}


def refuse_unfit_indicators(form: Form) -> dict[str, str]:
    """What our own columns say that no rule knows, by the code of the question."""
    wrong = {}
    for question in form.questions():
        dimension, strength = question.extra.get("sph_dimension", ""), question.extra.get("sph_strength", "") or "none"
        if dimension and dimension not in PLAN_DIMENSIONS:
            wrong[question.code] = f"sph_dimension: {dimension}"
        elif strength not in STRENGTHS:
            wrong[question.code] = f"sph_strength: {strength}"
        elif dimension and (question.choices != FIVE_VALUED or form.repeats_around(question.code)):
            wrong[question.code] = f"type: select_one {FIVE_VALUED}"
        elif unknown := [word for word in str(question.extra.get("sph_elements", "")).split() if not _is_element(word)]:
            wrong[question.code] = f"sph_elements: {' '.join(unknown)}"
    return wrong


def _is_element(word: str) -> bool:
    element, _sign, name = word.partition(":")
    return element in ELEMENT_LABELS and name in ELEMENT_NAMES


def keep_form(version: InstrumentVersion, form: Form) -> None:
    """Writes the questions of a version. Raises Invalid when it has been used: a used version is never rewritten."""
    kept = Questionnaire.objects.filter(version=version).first()
    rows = list(rows_of_form(version, form))
    same = _same_words(version, rows)
    if kept and kept.digest == form.digest and same:
        return
    if version.interviews.exists():
        if not same:
            raise Invalid(f"{version.instrument_id} version {version.number} has been used: give the changed questions a new number")
        _add_what_was_missing(version, rows)
    else:
        version.questions.all().delete()
        Question.objects.bulk_create(rows)
    Questionnaire.objects.update_or_create(version=version, defaults={"definition": form.as_json(), "digest": form.digest})


WORDING = ("dimension", "strength", "tags", "child_only", "text_en", "text_th", "why_en", "why_th", "label_en", "label_th")


def _same_words(version: InstrumentVersion, rows: list[Question]) -> bool:
    kept = {q.code: tuple(getattr(q, name) for name in WORDING) for q in version.questions.all()}
    return kept == {q.code: tuple(getattr(q, name) for name in WORDING) for q in rows}


def _add_what_was_missing(version: InstrumentVersion, rows: list[Question]) -> None:
    """A version that was used before its form was kept gains where each question stands in it; its words stay."""
    for row in rows:
        version.questions.filter(code=row.code).update(section=row.section, order=row.order, kind=row.kind)


def rows_of_form(version: InstrumentVersion, form: Form) -> Iterator[Question]:
    """One row for each question that a person answers."""
    for place, asked in enumerate(form.questions(), start=1):
        around = form.ancestors(asked.code)
        yield Question(
            version=version, code=asked.code, order=place * 10, kind=_kind(asked), section=around[0].code if around else "",
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
