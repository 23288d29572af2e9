"""What is known already goes along: of the interviews that wait for this worker, the answers that need not be asked again. A device reads it sealed to itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from saphan.access.actions import Action
from saphan.access.policy import check
from saphan.audit.services import record
from saphan.care.fieldkit.models import Device
from saphan.care.screening.known import known_answers
from saphan.care.screening.models import Interview
from saphan.care.screening.replies import Given
from saphan.care.screening.states import InterviewState
from saphan.core.errors import Refused
from saphan.core.orgkeys import KeyMissing

TAKEN_ALONG = 50


@dataclass(frozen=True)
class Waiting:
    """An interview that was prepared at the desk, with what is known to its questions."""

    interview: Interview
    known: list[Given]

    def as_json(self) -> dict[str, Any]:
        """As the device keeps it: by place the answer, the reply that it is, and the interview in which it was given."""
        return {
            "interview": str(self.interview.pk),
            "person": str(self.interview.person_id),
            "version": str(self.interview.version_id),
            "known": [_named(one) for one in self.known],
        }


def _named(one: Given) -> dict[str, str]:
    assert one.known_from is not None
    place = f"{one.question.code}@{one.instance}" if one.instance else one.question.code
    return {"place": place, "value": one.value, "reply": str(one.known_from.pk), "reference": one.known_from.interview.reference}


def waiting_for(device: Device, versions: Collection[UUID], *, at: datetime) -> list[Waiting]:
    """The interviews with these questions that its worker holds prepared and may begin now, the newest first.

    Who prepares an interview decides that what is known to it may travel; of nobody else anything goes along. Opening it is on record as it is
    at the desk, and once more as taken along by this device. Answers that are being mended stay at the desk, and ODK Collect gets nothing.
    """
    worker = device.worker
    if device.kind != Device.Kind.BROWSER:
        return []
    held = Interview.objects.visible_to(worker).filter(interviewer=worker, org=worker.org_id, state=InterviewState.PREPARED, revises=None)
    found = held.filter(version__in=versions).select_related("person", "version").order_by("-prepared_at", "-id")[:TAKEN_ALONG]
    return [
        Waiting(interview, _known(device, interview, at))
        for interview in found
        if check(worker, Action.INTERVIEW_ANSWER, interview) and check(worker, Action.INTERVIEW_START, interview.person)
    ]


def _known(device: Device, interview: Interview, at: datetime) -> list[Given]:
    try:
        known = known_answers(interview, by=device.worker, at=at)
    except (Refused, KeyMissing):
        return []
    if known:
        record(by=device.worker, action=Action.FIELDKIT_LIST, target=device, subject=interview.person_id, at=at, fields=["value"], purpose="care")
    return known
