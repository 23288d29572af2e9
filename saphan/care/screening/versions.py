"""A version of an instrument made of an XLSForm: its questions as rows, and what of it is kept whole."""

from collections.abc import Iterator

from saphan.care.screening.codes import ELEMENT_LABELS, ELEMENT_NAMES, FIVE_VALUED
from saphan.care.screening.heads import asked_rows
from saphan.care.screening.instruments import InstrumentVersion, Question, Questionnaire
from saphan.care.screening.rules import PLAN_DIMENSIONS
from saphan.core.errors import Invalid
from saphan.xlsform.definition import Form

STRENGTHS = tuple(Question.Strength.values)


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
    """One row of this version for each question that a person answers."""
    return (Question(version=version, **vars(row)) for row in asked_rows(form))
