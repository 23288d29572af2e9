"""The questions as a device takes them along: from the form of a version when it has one, else from its rows."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import override

from saphan.care.screening.codes import ANSWER_LABELS, DIMENSION_LABELS
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.rules import Answer
from saphan.care.screening.states import VersionState

ASKED = (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.DECLINED)
ROW_LANGUAGES = ("en", "th")
ANSWERS = "answer5"


def offered() -> list[InstrumentVersion]:
    """The versions that a device takes along: of each instrument the newest approved one, and newer drafts for training."""
    found: list[InstrumentVersion] = []
    formal: set[str] = set()
    for version in InstrumentVersion.objects.exclude(state=VersionState.RETIRED).select_related("instrument").order_by("instrument", "-number"):
        if version.instrument_id not in formal:
            found.append(version)
        if version.is_formal:
            formal.add(version.instrument_id)
    return found


def taken_along(version: InstrumentVersion) -> dict[str, Any]:
    """One version as JSON for a device."""
    head = {
        "version": str(version.pk),
        "code": version.instrument_id,
        "number": version.number,
        "audience": version.instrument.audience,
        "formal": version.is_formal,
        "name": {"en": version.instrument.name_en, "th": version.instrument.name_th},
    }
    return head | _from_rows(version)


def _from_rows(version: InstrumentVersion) -> dict[str, Any]:
    questions = list(version.questions.all())
    return {
        "languages": list(ROW_LANGUAGES),
        "sections": [{"code": code, "label": _in_languages(DIMENSION_LABELS.get(code, code))} for code in _ordered(q.dimension for q in questions)],
        "questions": [_row(question) for question in questions],
        "choices": {ANSWERS: [{"name": str(answer), "label": _in_languages(ANSWER_LABELS[answer])} for answer in ASKED]},
    }


def _ordered(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _in_languages(label: Any) -> dict[str, str]:
    found = {}
    for language in ROW_LANGUAGES:
        with override(language):
            found[language] = str(label)
    return found


def _row(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "section": question.dimension,
        "kind": "select_one",
        "choices": ANSWERS,
        "label": {"en": question.text_en, "th": question.text_th},
        "why": {"en": question.why_en, "th": question.why_th},
        "child_only": question.child_only,
        "relevant": None,
    }
