"""Meetings of the parties, and what somebody took on there."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.models import ActionPoint, Meeting
from saphan.agreements.registering import locked
from saphan.agreements.states import MEETING
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated, WrongState


@dataclass(frozen=True)
class Told:
    """What is written of a meeting."""

    title: str
    held_on: date
    place: str = ""
    present: str = ""
    agenda: str = ""
    minutes: str = ""
    decisions: str = ""


@transaction.atomic
def plan_meeting(*, agreement_id: UUID, told: Told, by: User, at: datetime) -> Meeting:
    """Puts a meeting of the parties into the register."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_MEET, agreement)
    meeting = Meeting.objects.create(agreement=agreement, **asdict(told))
    record(by=by, action=Action.AGREEMENT_MEET, target=meeting, at=at, fields=sorted(asdict(told)))
    return meeting


@transaction.atomic
def write_meeting(*, meeting_id: UUID, told: Told, seen: int, by: User, at: datetime) -> Meeting:
    """Writes agenda, minutes and decisions. Raises Outdated when somebody else was faster."""
    meeting = _locked(meeting_id, by)
    if meeting.version != seen:
        raise Outdated(_("Somebody else has written on this meeting since you opened it. Nothing of yours was saved."))
    changed = sorted(name for name, value in asdict(told).items() if getattr(meeting, name) != value)
    for name in changed:
        setattr(meeting, name, getattr(told, name))
    meeting.version += 1
    meeting.save()
    record(by=by, action=Action.AGREEMENT_MEET, target=meeting, at=at, fields=changed)
    return meeting


@transaction.atomic
def hold_meeting(*, meeting_id: UUID, by: User, at: datetime) -> Meeting:
    """The meeting took place."""
    meeting = _locked(meeting_id, by)
    if meeting.held_on > timezone.localdate(at):
        raise Invalid(_("The day of this meeting has not come yet."))
    return _moved(meeting, "hold", by, at)


@transaction.atomic
def cancel_meeting(*, meeting_id: UUID, by: User, at: datetime) -> Meeting:
    """The meeting will not take place."""
    return _moved(_locked(meeting_id, by), "cancel", by, at)


@transaction.atomic
def take_on(*, meeting_id: UUID, text: str, owner: str, due_on: date, by: User, at: datetime) -> ActionPoint:
    """Writes down what an office took on in the meeting, by when."""
    meeting = _locked(meeting_id, by)
    point = ActionPoint.objects.create(meeting=meeting, text=text, owner=owner, due_on=due_on)
    record(by=by, action=Action.AGREEMENT_MEET, target=point, at=at, fields=["text", "owner", "due_on"])
    return point


@transaction.atomic
def finish_point(*, point_id: UUID, by: User, at: datetime) -> ActionPoint:
    """What was taken on is done."""
    meeting_id = ActionPoint.objects.filter(pk=point_id).values_list("meeting", flat=True).first()
    if meeting_id is None:
        raise NotFound
    _locked(meeting_id, by)
    point = ActionPoint.objects.select_for_update().get(pk=point_id)
    if point.done_at is not None:
        raise WrongState(_("This is done already."))
    point.done_at, point.done_by = at, by
    point.save(update_fields=["done_at", "done_by"])
    record(by=by, action=Action.AGREEMENT_MEET, target=point, at=at, fields=["done_at"])
    return point


def _locked(meeting_id: UUID, by: User) -> Meeting:
    found = Meeting.objects.filter(pk=meeting_id).values_list("agreement", flat=True).first()
    if found is None:
        raise NotFound
    agreement = locked(found)
    require(by, Action.AGREEMENT_MEET, agreement)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    meeting.agreement = agreement
    return meeting


def _moved(meeting: Meeting, verb: str, by: User, at: datetime) -> Meeting:
    meeting.state, meeting.version = MEETING.target(verb, meeting.state), meeting.version + 1
    meeting.save(update_fields=["state", "version"])
    record(by=by, action=Action.AGREEMENT_MEET, target=meeting, at=at, purpose=verb)
    return meeting
