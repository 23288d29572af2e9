"""From replies to a result: opening the replies (one audit event), evaluating them, keeping the result with its basis. It is read aloud in `aloud`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.care.persons.disclosure import reveal, reveal_many
from saphan.care.screening.aloud import Basis, as_json
from saphan.care.screening.asking import counted_items, standing_of
from saphan.care.screening.codes import (
    ResultCode,
)
from saphan.care.screening.models import InstrumentVersion, Interview, Reply
from saphan.care.screening.rules import Answer, Branch, Result
from saphan.care.screening.skipping import Standing, result_of_standing
from saphan.core.errors import WrongState

LONGEST_CODE = max(len(a) for a in Answer)


class NotApproved(WrongState):
    """A draft version was asked for a formal result."""


@dataclass(frozen=True)
class Said:
    """The latest reply to a question, and how many there were; `known_from` names the earlier interview in which it was said."""

    value: str
    note: str
    seq: int
    at: datetime | None
    by: str
    known_from: str = ""


UNSAID = Said("", "", 0, None, "")


def padded(value: str) -> str:
    """An answer at one length, so that the length of what is sealed does not tell it."""
    return value.ljust(LONGEST_CODE)


def said(interview: Interview, *, by: User, at: datetime) -> dict[str, Said]:
    """The latest reply to each question by its place; one audit event."""
    found = Reply.objects.filter(interview=interview).select_related("question", "by", "known_from__interview").order_by("seq")
    latest = {place_of(reply): reply for reply in found}
    for reply in latest.values():
        reply.interview = interview
    opened = reveal_many(list(latest.values()), "value", "note", by=by, at=at, purpose="care")
    return {
        place: Said((values["value"] or "").strip(), values["note"] or "", reply.seq, reply.at, reply.by.name, _earlier(reply))
        for (place, reply), values in zip(latest.items(), opened, strict=True)
    }


def place_of(reply: Reply) -> str:
    """The key of its answer: the code of the question, and the turn of a repeated part behind an at-sign."""
    return f"{reply.question.code}@{reply.instance}" if reply.instance else reply.question.code


def _earlier(reply: Reply) -> str:
    return reply.known_from.interview.reference if reply.known_from else ""


def evaluate(interview: Interview, *, by: User, at: datetime) -> Result:
    """The result of the replies as they stand."""
    return result_from(interview, said(interview, by=by, at=at))


def result_from(interview: Interview, replies: Mapping[str, Said], stood: Standing | None = None) -> Result:
    """The result of replies already opened: of the questions that are asked as they stand. What skip logic hides counts neither as said nor as open."""
    stood = stood or standing_of(interview, replies)
    answers = {place: one.value for place, one in replies.items()}
    return result_of_standing(stood, counted_items(interview.version), answers, Branch(interview.branch))


def code_of(version: InstrumentVersion, found: Result) -> str:
    """The code of the result; a version that is not made of indicators gives none."""
    if version.kind != InstrumentVersion.Kind.INDICATORS:
        return str(ResultCode.PROFILE)
    return found.classification or str(ResultCode.UNDETERMINED)


def basis_of(version: InstrumentVersion) -> Basis:
    """Instrument, version, source and rule version of a result."""
    return Basis(
        version.instrument_id,
        version.number,
        version.source_en,
        version.source_th,
        version.rule_version,
        version.confidence_en,
        version.is_formal,
    )


def conclude(result: Result, basis: Basis) -> dict[str, Any]:
    """The formal result as it is kept. Raises NotApproved for a version that is not approved."""
    if not basis.formal:
        raise NotApproved(_("This version of the instrument is not approved: it may be used for training and for informal results only."))
    return as_json(result, basis)


def stored(interview: Interview, *, by: User, at: datetime) -> dict[str, Any]:
    """The kept result of a completed interview; one audit event."""
    text = reveal(interview, "result", by=by, at=at, purpose="care")["result"]
    kept: dict[str, Any] = json.loads(text or "{}")
    return kept
