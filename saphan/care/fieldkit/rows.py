"""The form of an instrument that was kept as rows, before instruments were forms."""

from functools import lru_cache
from uuid import UUID

from django.utils.translation import override

from saphan.care.screening.codes import ANSWER_LABELS, DIMENSION_LABELS
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.rules import Answer
from saphan.xlsform.definition import Form
from saphan.xlsform.reading import read_tables

COLUMNS = {"en": "English (en)", "th": "Thai (th)"}


def form_of_rows(version: InstrumentVersion) -> Form:
    """The same form for the same version, whose rows never change once used."""
    return _form(version.pk)


@lru_cache(maxsize=16)
def _form(version_id: UUID) -> Form:
    version = InstrumentVersion.objects.select_related("instrument").get(pk=version_id)
    questions = list(version.questions.all())
    survey: list[dict[str, str]] = []
    for dimension in dict.fromkeys(q.dimension for q in questions):
        survey.append({"type": "begin_group", "name": f"group_{dimension}", **_labels("label", DIMENSION_LABELS.get(dimension, dimension))})
        survey += [_row(q) for q in questions if q.dimension == dimension]
        survey.append({"type": "end_group"})
    choices = [{"list_name": "answer5", "name": str(a), **_labels("label", ANSWER_LABELS[a])} for a in Answer if a != Answer.NOT_ASKED]
    settings = [
        {
            "form_id": version.instrument_id,
            "form_title": version.instrument.name_en,
            "version": str(version.number),
            "default_language": COLUMNS["en"],
        }
    ]
    reading = read_tables({"survey": survey, "choices": choices, "settings": settings})
    assert reading.form is not None, [str(problem) for problem in reading.problems]
    return reading.form


def _labels(column: str, label: object) -> dict[str, str]:
    found = {}
    for code, name in COLUMNS.items():
        with override(code):
            found[f"{column}::{name}"] = str(label)
    return found


def _row(question: Question) -> dict[str, str]:
    return {
        "type": "select_one answer5", "name": question.code, "label::English (en)": question.text_en, "label::Thai (th)": question.text_th,
        "why::English (en)": question.why_en, "why::Thai (th)": question.why_th, "sph_child_only": "1" if question.child_only else "",
    }  # fmt: skip
