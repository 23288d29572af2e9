"""Instruments of reference, loaded as often as one likes; and the demonstration's invented interviews."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from saphan.care.screening.instruments import Instrument, InstrumentVersion, Question
from saphan.care.screening.reference import rows_of
from saphan.care.screening.states import VersionState
from saphan.core.errors import Invalid

if TYPE_CHECKING:
    from saphan.access.seeds import People

WORDING = (
    *("order", "dimension", "strength", "tags", "known_from", "provenance", "confidence"),
    *("text_en", "text_th", "why_en", "why_th", "label_en", "label_th"),
)


@transaction.atomic
def load_instruments() -> int:
    """Loads every instrument of seeds/reference/instruments.csv; returns how many versions are in place. A used version is never rewritten."""
    listed = rows_of("instruments.csv")
    for row in listed:
        _load_version(row, rows_of(f"instruments/{row['code']}.csv"))
    return len(listed)


def _load_version(row: Mapping[str, str], questions: list[dict[str, str]]) -> None:
    instrument, _made = Instrument.objects.update_or_create(
        code=row["code"], defaults={"audience": row["audience"], "name_en": row["name_en"], "name_th": row["name_th"]}
    )
    version, made = InstrumentVersion.objects.get_or_create(instrument=instrument, number=int(row["number"]), defaults=_about(row))
    if not made:  # a version kept before its Thai wording existed gains it; nothing else of a version changes
        thai = {"source_th": row["source_th"], "confidence_th": row["confidence_th"]}
        InstrumentVersion.objects.filter(pk=version.pk, source_th="").update(**thai)
    if made or not _same(version, questions):
        _write_questions(version, questions)


def _about(row: Mapping[str, str]) -> dict[str, object]:
    approved_at = datetime.fromisoformat(row["approved_on"]).replace(tzinfo=UTC) if row["approved_on"] else None
    return {
        "state": VersionState(row["state"]),
        "source_en": row["source"],
        "source_th": row["source_th"],
        "rule_version": row["rule_version"],
        "confidence_en": row["confidence"],
        "confidence_th": row["confidence_th"],
        "approved_at": approved_at,
    }


def _same(version: InstrumentVersion, questions: list[dict[str, str]]) -> bool:
    kept = {q.code: tuple(str(getattr(q, name)) for name in WORDING) for q in version.questions.all()}
    return kept == {row["code"]: tuple(row[name] for name in WORDING) for row in questions}


def _write_questions(version: InstrumentVersion, questions: list[dict[str, str]]) -> None:
    if version.interviews.exists():
        raise Invalid(f"{version.instrument.code} version {version.number} has been used: give the changed questions a new number")
    version.questions.all().delete()
    Question.objects.bulk_create(
        Question(version=version, code=row["code"], child_only=row["child_only"] == "1", **{name: row[name] for name in WORDING}) for row in questions
    )


def plant(people: "People") -> None:
    """The invented story of screening, told through the services."""
    from saphan.care.screening.story import tell

    tell(people)
