"""May this worker ask, read, convene, vote, decide: and why not."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.access.roles import Role
from saphan.care.persons.disclosure import SUPERVISOR, readable_classes, relations
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Conflict
from saphan.care.screening.hearings import AT_HOME
from saphan.care.screening.models import Hearing, InstrumentVersion, Interview, Member
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation

rule(Action.INSTRUMENT_LIST, Action.INTERVIEW_LIST, Action.HEARING_LIST, Action.SCREENING_FIGURES)(role_is_enough)

CONVENERS = frozenset({"lead", "co_worker", "supervisor"})
RECORDERS = CONVENERS | {"intake"}


CONFLICT = _("You declared a conflict of interest: this file is closed to you.")


def has_conflict(user: User, person: Person) -> bool:
    """Whether this worker has declared a conflict of interest in a hearing of this person: then supervising opens nothing of it either."""
    return Member.objects.filter(user=user, conflict=Conflict.CONFLICT, hearing__person=person).exists()


@rule(Action.INSTRUMENT_IMPORT, Action.INSTRUMENT_RETIRE)
def the_ministry_keeps_the_instruments(user: User, version: InstrumentVersion | None) -> Verdict:  # noqa: ARG001  # a rule's shape
    """Instruments are the same for all offices of an installation; the ministry's supervisors bring and retire them."""
    return Verdict(user.org.kind == Organisation.Kind.MINISTRY, _("Instruments are kept by the ministry."))


@rule(Action.INSTRUMENT_APPROVE)
def a_second_person_approves(user: User, version: InstrumentVersion | None) -> Verdict:
    """Whoever brought a version does not approve it."""
    if version is not None and version.imported_by_id == user.pk:
        return Verdict(False, _("You brought this version. Another person approves it."))
    return the_ministry_keeps_the_instruments(user, version)


@rule(Action.INTERVIEW_START)
def those_who_work_with_the_person_interview(user: User, person: Person | None) -> Verdict:
    """Whoever may read what happened to the person may ask about it; in the person's own organisation only."""
    if person is None:
        return Verdict(True, "")
    if person.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this file may interview."))
    if has_conflict(user, person):
        return Verdict(False, CONFLICT)
    return Verdict(Sensitivity.EXPLOITATION in readable_classes(user, person), _("This file is not among yours. Say why you need it first."))


@rule(Action.INTERVIEW_READ)
def an_interview_is_read_by_those_who_may_know_what_happened(user: User, interview: Interview) -> Verdict:
    """The class of the answers decides, by role and tie; whoever declared a conflict of interest reads only what the own interview holds."""
    if interview.interviewer_id != user.pk and has_conflict(user, interview.person):
        return Verdict(False, CONFLICT)
    return Verdict(Sensitivity.EXPLOITATION in readable_classes(user, interview.person), _("Your tie to this file does not open the interview."))


@rule(Action.INTERVIEW_ANSWER, Action.INTERVIEW_COMPLETE)
def one_worker_at_a_time_asks(user: User, interview: Interview) -> Verdict:
    """The person is asked by one worker; a colleague takes over only when it is handed over."""
    if interview.interviewer_id != user.pk:
        return Verdict(False, _("Another worker holds this interview. Ask for it to be handed to you."))
    return an_interview_is_read_by_those_who_may_know_what_happened(user, interview)


@rule(Action.INTERVIEW_STOP, Action.INTERVIEW_HAND_OVER)
def the_interviewer_or_the_supervisor_ends_a_hold(user: User, interview: Interview) -> Verdict:
    """Nobody waits for a worker who is away: the supervisor of the organisation may stop the interview or give it to a colleague."""
    supervises = Role.CASE_SUPERVISOR in user.roles and interview.org_id == user.org_id
    return Verdict(supervises or interview.interviewer_id == user.pk, _("Another worker holds this interview."))


@rule(Action.IDENTIFICATION_READ)
def an_identification_is_read_by_those_tied_to_the_file(user: User, person: Person | None) -> Verdict:
    """Its stages and clocks tell what the team decided: for those who work with the person at home, or whose consented scope opens that class."""
    if person is None:
        return Verdict(True, "")
    if has_conflict(user, person):
        return Verdict(False, CONFLICT)
    at_home = person.org_id == user.org_id and bool(relations(user, person) & {*AT_HOME, SUPERVISOR})
    opened = at_home or Sensitivity.EXPLOITATION in readable_classes(user, person)
    return Verdict(opened, _("This file is not among yours. Say why you need it first."))


@rule(Action.IDENTIFICATION_RECORD)
def the_workers_of_the_file_record_its_days(user: User, person: Person | None) -> Verdict:
    """Whoever works with the person in the organisation that leads the file."""
    if person is None:
        return Verdict(True, "")
    if person.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this file may record this."))
    if has_conflict(user, person):
        return Verdict(False, CONFLICT)
    return Verdict(bool(relations(user, person) & RECORDERS), _("This file is not among yours. Say why you need it first."))


@rule(Action.LETTER_HAND_OVER, Action.REVIEW_TAKE_IN)
def the_workers_of_the_file_speak_with_the_person(user: User, hearing: Hearing) -> Verdict:
    """The letter goes out, and a request for review comes in, through those who work with the person."""
    return the_workers_of_the_file_record_its_days(user, hearing.person)


@rule(Action.NOTE_NON_PUNISHMENT)
def a_note_is_made_by_those_who_may_know_what_happened(user: User, interview: Interview) -> Verdict:
    """It names elements of the result, so that must be open; and it speaks for the organisation that leads the file."""
    if interview.person.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this file may record this."))
    return an_interview_is_read_by_those_who_may_know_what_happened(user, interview)


@rule(Action.HEARING_SIT)
def the_chair_or_the_recorder_keeps_the_sitting(user: User, hearing: Hearing) -> Verdict:
    """The chair and the recorder, once they have declared that they have no conflict; or those who convene."""
    seats = list(Member.objects.filter(hearing__person=hearing.person_id, user=user))
    if any(seat.conflict == Conflict.CONFLICT for seat in seats):
        return Verdict(False, CONFLICT)
    own = (seat for seat in seats if seat.hearing_id == hearing.pk and seat.left_at is None and seat.conflict == Conflict.NONE)
    if any(seat.is_chair or seat.is_recorder for seat in own):
        return Verdict(True, "")
    convenes = hearing.person.org_id == user.org_id and bool(relations(user, hearing.person) & CONVENERS)
    return Verdict(convenes, _("The chair or the recorder keeps the sitting."))


@rule(Action.HEARING_CONVENE)
def the_workers_of_the_file_convene(user: User, target: Person | Hearing | None) -> Verdict:
    """The lead, a co-worker or the supervisor of the person's organisation calls the team together."""
    if target is None:
        return Verdict(True, "")
    person = target if isinstance(target, Person) else target.person
    if person.org_id != user.org_id:
        return Verdict(False, _("Only the organisation that leads this file may convene the team."))
    if has_conflict(user, person):
        return Verdict(False, CONFLICT)
    return Verdict(bool(relations(user, person) & CONVENERS), _("Only the lead, a co-worker or the supervisor may convene the team."))


@rule(Action.HEARING_READ)
def a_hearing_is_read_by_its_team_and_the_workers_of_the_file(user: User, hearing: Hearing) -> Verdict:
    """Members always find their hearing; others by their tie to the file."""
    return Verdict(Hearing.objects.visible_to(user).filter(pk=hearing.pk).exists(), _("You were not called to this hearing."))


@rule(Action.HEARING_VOTE)
def only_members_without_conflict_vote(user: User, hearing: Hearing) -> Verdict:
    """Who was not called has no vote, whoever convened or records; a member with a conflict of interest has none either."""
    seat = Member.objects.filter(hearing=hearing, user=user).first()
    if seat is None:
        return Verdict(False, _("You were not called to this hearing, so you have no vote in it."))
    if seat.left_at is not None:
        return Verdict(False, _("Another sits in your place, so you have no vote in this hearing."))
    return Verdict(seat.conflict != Conflict.CONFLICT, _("You declared a conflict of interest, so you have no vote in this hearing."))


@rule(Action.HEARING_DECIDE, Action.HEARING_REVIEW)
def the_supervisor_records_what_the_team_decided(user: User, hearing: Hearing) -> Verdict:
    """The supervisor of the leading organisation writes down the team's majority; the service takes nothing but that majority."""
    if has_conflict(user, hearing.person):
        return Verdict(False, CONFLICT)
    return Verdict(hearing.org_id == user.org_id, _("Only the organisation that leads this file may record the decision."))
