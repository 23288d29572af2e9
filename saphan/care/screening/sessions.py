"""Acts of a sitting: it is opened with those who are there, members come and go, it ends with whom it heard and with its minutes."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.codes import Language
from saphan.care.screening import procedure
from saphan.care.screening.codes import Conflict, Heard, Interpreter, YesNo
from saphan.care.screening.models import Attendance, Hearing, Member, TeamSession
from saphan.care.screening.states import HEARING_LIFE
from saphan.care.screening.teams import locked
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.sealing import seal

ROOM, REMOTE = "room", "remote"
LONGEST_MINUTES = 20000


@transaction.atomic
def open_session(*, hearing_id: UUID, present: Mapping[UUID, str], by: User, at: datetime) -> TeamSession:
    """The team sits: `present` says of each seat by its id whether the member is in the room or takes part from afar."""
    hearing = _to_sit(hearing_id, by)
    if hearing.sessions.filter(ended_at=None).exists():
        raise WrongState(_("A sitting of this hearing is already open."))
    there = {seat: present[seat.pk] for seat in _sitting_members(hearing) if present.get(seat.pk) in (ROOM, REMOTE)}
    if not there:
        raise Invalid(fields={"present": _("Say who is present: in the room, or from afar.")})
    _refuse_undeclared(list(there))
    session = TeamSession.objects.create(hearing=hearing, seq=hearing.sessions.count() + 1, began_at=at, opened_by=by)
    Attendance.objects.bulk_create(Attendance(session=session, member=seat, remote=how == REMOTE, came_at=at) for seat, how in there.items())
    record(by=by, action=Action.HEARING_SIT, target=hearing, subject=hearing.person_id, at=at, fields=["session", "present"])
    procedure.tell(hearing.person, procedure.sat, by=by, at=at)
    return session


def _to_sit(hearing_id: UUID, by: User) -> Hearing:
    hearing = locked(hearing_id)
    require(by, Action.HEARING_SIT, hearing)
    HEARING_LIFE.target("sit", hearing.state)
    return hearing


def _sitting_members(hearing: Hearing) -> list[Member]:
    return [seat for seat in hearing.members.select_related("user") if seat.takes_part]


def _refuse_undeclared(there: list[Member]) -> None:
    if silent := [seat.user.name for seat in there if seat.conflict == Conflict.NOT_DECLARED]:
        told = {"names": ", ".join(silent)}
        raise Invalid(fields={"present": _("Not declared yet whether there is a conflict of interest: %(names)s. Declaring comes first.") % told})


@transaction.atomic
def note_arrival(*, hearing_id: UUID, seat_id: UUID, remote: bool, by: User, at: datetime) -> Attendance:
    """A member comes into the open sitting, in the room or from afar."""
    hearing = _to_sit(hearing_id, by)
    session, seat = _open_session(hearing), _seat(hearing, seat_id)
    _refuse_undeclared([seat])
    if session.attendances.filter(member=seat, left_at=None).exists():
        raise WrongState(_("This member is present already."))
    came = Attendance.objects.create(session=session, member=seat, remote=remote, came_at=at)
    record(by=by, action=Action.HEARING_SIT, target=hearing, subject=hearing.person_id, at=at, fields=["present"])
    return came


@transaction.atomic
def note_leaving(*, hearing_id: UUID, seat_id: UUID, by: User, at: datetime) -> None:
    """A member leaves the open sitting. The time in it stays on record, and the vote counts."""
    hearing = _to_sit(hearing_id, by)
    session = _open_session(hearing)
    if not session.attendances.filter(member=seat_id, left_at=None).update(left_at=at):
        raise NotFound
    record(by=by, action=Action.HEARING_SIT, target=hearing, subject=hearing.person_id, at=at, fields=["present"])


def _open_session(hearing: Hearing) -> TeamSession:
    session = hearing.sessions.filter(ended_at=None).first()
    if session is None:
        raise WrongState(_("No sitting of this hearing is open."))
    return session


def _seat(hearing: Hearing, seat_id: UUID) -> Member:
    seat = hearing.members.select_related("user").filter(pk=seat_id).first()
    if seat is None or not seat.takes_part:
        raise NotFound
    return seat


@transaction.atomic
def end_session(*, hearing_id: UUID, heard: str, language: str, interpreter: str, told: str, minutes: str, by: User, at: datetime) -> TeamSession:
    """The sitting ends: whom the team heard, in which language and through whom, whether the rights were told; the minutes are sealed."""
    hearing = _to_sit(hearing_id, by)
    session = _open_session(hearing)
    _refuse_incomplete(heard, language, interpreter, told, minutes)
    session.heard, session.language, session.interpreter, session.told = heard, language, interpreter, told
    session.ended_at, session.ended_by = at, by
    session.hearing = hearing
    seal(session, org=by.org_id, minutes=minutes.strip()[:LONGEST_MINUTES])
    session.save()
    session.attendances.filter(left_at=None).update(left_at=at)
    record(by=by, action=Action.HEARING_SIT, target=hearing, subject=hearing.person_id, at=at, fields=["session", "heard", "minutes"])
    procedure.tell(hearing.person, procedure.heard(heard), by=by, at=at)
    return session


def _refuse_incomplete(heard: str, language: str, interpreter: str, told: str, minutes: str) -> None:
    wrong = {
        name: _("Choose one of the answers.")
        for name, value, known in (("heard", heard, Heard), ("language", language, Language), ("interpreter", interpreter, Interpreter), ("told", told, YesNo))
        if value not in known.values
    }  # fmt: skip
    if not minutes.strip():
        wrong["minutes"] = _("Write down in a few sentences what was said and asked.")
    if not wrong and heard in (Heard.PERSON, Heard.PERSON_WITH_SUPPORT) and interpreter == Interpreter.MISSING:
        wrong["interpreter"] = _("Nobody is heard without understanding: get an interpreter, or say that the person is not heard yet.")
    if wrong:
        raise Invalid(fields=wrong)
