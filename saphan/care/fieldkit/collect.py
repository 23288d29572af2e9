"""An instrument as ODK Collect takes it: the same questions, with the person and the safety check before them, and back to an interview."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from saphan.care.fieldkit.models import Submission
from saphan.care.fieldkit.parcels import Parcel, read_parcel
from saphan.care.fieldkit.tongues import DESK, OTHERS, spoken
from saphan.care.fieldkit.words import POINTS
from saphan.care.screening.instruments import InstrumentVersion
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.xlsform import openrosa
from saphan.xlsform.definition import Form
from saphan.xlsform.reading import read_tables
from saphan.xlsform.workbook import Tables
from saphan.xlsform.writing import headings_of, tables_of

OURS = "saphan_"
OF_INTERPRETER = ("same_village", "same_community", "sex_asked")
MET = {
    "private_place": ("yes",), "interpreter": ("present", "not_needed"), "consent": ("yes",), "may_skip": ("yes",), "referrals_ready": ("yes",),
    "person_risk": ("low", "some", "high"), "worker_risk": ("low", "some", "high"),
}  # fmt: skip
MET_WITH_INTERPRETER = {"same_village": ("no",), "same_community": ("no",), "sex_asked": ("yes",)}


def xform_of(version: InstrumentVersion) -> bytes:
    """The XForm of a version."""
    return _xform(version.pk)


@lru_cache(maxsize=32)
def _xform(version_id: UUID) -> bytes:
    return openrosa.as_xform(_tables(version_id))


@lru_cache(maxsize=32)
def _wrapped(version_id: UUID) -> Form:
    reading = read_tables(_tables(version_id))
    assert reading.form is not None, [problem.code for problem in reading.problems]
    return reading.form


def _tables(version_id: UUID) -> Tables:
    version = InstrumentVersion.objects.select_related("instrument").get(pk=version_id)
    tables = tables_of(version.form)
    words = _words(version.form)
    asked = [
        {"type": "begin_group", "name": f"{OURS}asked", "relevant": _all_met()},
        *(_for_the_app(row) for row in tables["survey"] if row),
        {"type": "end_group"},
    ]
    settings = {**tables["settings"][0], "form_id": version.instrument_id, "version": str(version.number), "form_title": version.instrument.name_en}
    return {
        "survey": _with_all_columns("survey", [*_head(words), *asked]),
        "choices": _with_all_columns("choices", [*(row for row in tables["choices"] if row), *_lists(words)]),
        "settings": [settings],
    }


def _words(form: Form) -> dict[str, Mapping[str, Any]]:
    """The part before the questions in the languages of the desk and in those of the form, by the heading that the form gives to each."""
    known = {language.code: language.heading for language in form.languages}
    desk = {known.get(code, {"en": "English (en)", "th": "Thai (th)"}[code]): spoken(code) for code in DESK}
    return desk | {known[code]: spoken(code) for code in OTHERS if code in known}


def _with_all_columns(sheet: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The first row names every column without a language: pyxform looks for them in the first hundred rows only."""
    bare = [heading for heading in headings_of(sheet, rows) if "::" not in heading]
    return [dict.fromkeys(bare, "") | rows[0], *rows[1:]]


def _for_the_app(row: dict[str, str]) -> dict[str, str]:
    """What the app shows: our own columns stay here, and why a question is asked stands where the app shows hints."""
    shown = {heading: cell for heading, cell in row.items() if not heading.startswith(("sph_", "why::"))}
    reasons = {heading.replace("why::", "hint::"): cell for heading, cell in row.items() if heading.startswith("why::") and cell}
    return reasons | shown


def _labels(words: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, str]:
    return {f"label::{heading}": str(said[name]) for heading, said in words.items()}


def _head(words: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """Who and how old, in which language, and the points of the safety check."""
    person = [("age_band", "begin.age"), ("language", "begin.language")]
    rows: list[dict[str, str]] = [{"type": "start", "name": f"{OURS}start"}, {"type": "end", "name": f"{OURS}end"}]
    rows += [{"type": f"select_one {OURS}{name}", "name": f"{OURS}{name}", "required": "yes", **_labels(words, label)} for name, label in person]
    for name in POINTS:
        only = f"${{{OURS}interpreter}} = 'present'" if name in OF_INTERPRETER else ""
        rows.append(
            {"type": f"select_one {OURS}{name}", "name": f"{OURS}{name}", "required": "yes", "relevant": only, **_labels(words, f"safety.{name}")}
        )
    rows.append({"type": "note", "name": f"{OURS}not_yet", "relevant": f"not({_all_met()})", **_labels(words, "safety.about")})
    return rows


def _all_met() -> str:
    """The expression under which the questions are asked: every point of the safety check is met."""

    def one(name: str, good: tuple[str, ...]) -> str:
        return "(" + " or ".join(f"${{{OURS}{name}}} = '{value}'" for value in good) + ")"

    with_interpreter = " and ".join(one(name, good) for name, good in MET_WITH_INTERPRETER.items())
    return " and ".join([*(one(name, good) for name, good in MET.items()), f"(${{{OURS}interpreter}} != 'present' or ({with_interpreter}))"])


def _lists(words: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    rows = []
    for name in ("age_band", "language", *POINTS):
        options = {heading: {str(pair[0]): str(pair[1]) for pair in said[f"choices.{name}"]} for heading, said in words.items()}
        rows += [
            {"list_name": f"{OURS}{name}", "name": option, **{f"label::{heading}": told[option] for heading, told in options.items()}}
            for option in next(iter(options.values()))
        ]
    return rows


def version_of(xml: bytes) -> InstrumentVersion:
    """The version that a submission names; a retired one too. Raises Malformed or Invalid."""
    form_id, number = openrosa.form_of(xml)
    found = InstrumentVersion.objects.select_related("instrument").filter(instrument=form_id)
    version = found.filter(number=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 9 else None
    if version is None:
        raise Invalid(fields={"version": _("These questions are not known here.")})
    return version


@dataclass(frozen=True)
class Filled:
    """A filled form: the interview in it, the id of this instance, and which files answer which question."""

    parcel: Parcel
    instance: UUID
    files: Mapping[str, str]  # name of the file -> place of the question


def read(xml: bytes, version: InstrumentVersion) -> Filled:
    """The interview in a submission. Raises Malformed or Invalid."""
    form = _wrapped(version.pk)
    sent = openrosa.read_submission(xml, form)
    named = set(sent.files(form))
    files = {value: str(place) for place, value in sent.values.items() if value in named}
    ours = {str(place).removeprefix(OURS): value for place, value in sent.values.items() if place.startswith(OURS)}
    theirs = {str(place): value for place, value in sent.values.items() if not place.startswith(OURS) and value not in named}
    instance = _uuid(sent.instance_id)
    first = str(_first_instance(sent.meta.get("deprecatedID", "")) or instance)
    content = {"format": 1, "id": first, "sequence": 0, "version": str(version.pk), **_asked(ours, theirs, first)}
    return Filled(read_parcel(content), instance, files)


def _asked(ours: Mapping[str, str], theirs: Mapping[str, str], key: str) -> dict[str, Any]:
    """The parts of a parcel. A form whose safety check did not pass is an interview that was stopped: nothing of it was asked."""
    points: dict[str, Any] = {name: ours.get(name) for name in (*POINTS, "language")}
    began, ended = ours.get("start") or None, ours.get("end") or None
    part: dict[str, Any] = {
        "person": {"new": key, "age_band": ours.get("age_band"), "sex": "unknown", "language": ours.get("language")},
        "safety": points, "finished_at": ended or began,
    }  # fmt: skip
    unmet = not all(points.get(name) in good for name, good in MET.items())
    if points.get("interpreter") == "present":
        unmet = unmet or not all(points.get(name) in good for name, good in MET_WITH_INTERPRETER.items())
    if unmet:
        return part | {"sittings": [], "answers": {}, "ending": "stop", "stop_reason": "unsafe"}
    sitting = {"began_at": began or ended or clock.now().isoformat(), "ended_at": ended, "present": ""}
    answers = {place: {"value": value, "note": "", "at": None} for place, value in theirs.items()}
    return part | {"sittings": [sitting], "answers": answers, "ending": "complete"}


def _uuid(instance: str) -> UUID:
    try:
        return UUID(instance.removeprefix("uuid:"))
    except ValueError:
        return uuid5(NAMESPACE_URL, f"saphan:openrosa:{instance}")


def _first_instance(deprecated: str) -> UUID | None:
    """Where an edited form began: the first instance that was received."""
    if not deprecated:
        return None
    before = Submission.objects.filter(instance_id=_uuid(deprecated)).first()
    return before.source_id if before else _uuid(deprecated)
