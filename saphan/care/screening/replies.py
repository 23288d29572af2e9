"""Writing replies: sealed with one look at the key, put down in one statement, whether one answer comes or a whole interview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saphan.access.models import User
from saphan.care.screening.instruments import Question
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.results import padded
from saphan.core.sealing import seal_many

LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Given:
    """What is to be kept of one question: the value, a note, which reply to it this is, and the earlier one from which it is known.

    `at` is the moment at which it was given, where that is another one than that of keeping it.
    """

    question: Question
    value: str
    instance: str = ""
    note: str = ""
    seq: int = 1
    known_from: Reply | None = None
    at: datetime | None = None


def keep_replies(interview: Interview, given: Sequence[Given], *, by: User, at: datetime) -> list[Reply]:
    """Keeps them. The caller holds the interview, has asked the policy and writes the audit."""
    rows = [
        Reply(interview=interview, question=one.question, instance=one.instance, seq=one.seq, at=one.at or at, by=by, known_from=one.known_from)
        for one in given
    ]
    values = [{"value": padded(one.value), "note": one.note[:LONGEST_NOTE] or None} for one in given]
    seal_many(list(zip(rows, values, strict=True)), org=by.org_id)
    return Reply.objects.bulk_create(rows)
