"""Calling a team together: who sits in which part, who declares a conflict, who takes another's place. Declaring comes before the file opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.disclosure import end_involvement, involve
from saphan.care.persons.models import Involvement
from saphan.care.screening import procedure
from saphan.care.screening.codes import Conflict, Outcome, ResultCode
from saphan.care.screening.models import Hearing, Interview, Member, Retraction
from saphan.care.screening.reference import QuorumRule, quorum_on, team_roles, usual_role
from saphan.care.screening.states import HEARING_LIFE, HearingState, InterviewState
from saphan.core.errors import Invalid, NotFound, Outdated, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.core.sensitivity import Sensitivity

TEAM = Involvement.Relation.TEAM
LONGEST = 4000


@dataclass(frozen=True)
class Call:
    """Who is called, and for when. A part that is not named is the usual one of the member's agency."""

    members: Sequence[User]
    roles: Mapping[UUID, str] = field(default_factory=dict)
    chair: User | None = None
    recorder: User | None = None
    sits_at: datetime | None = None
    needs: str = ""

    def role_of(self, user: User) -> str:
        """The part of one member."""
        return self.roles.get(user.pk) or usual_role(user.org.kind)

    @property
    def each(self) -> list[User]:
        """Every member once."""
        return list({member.pk: member for member in self.members}.values())

    @property
    def voters(self) -> list[User]:
        """Those whose part has a vote."""
        return [member for member in self.each if team_roles()[self.role_of(member)].votes]


@transaction.atomic
def convene(*, interview_id: UUID, call: Call, services_began_on: date, by: User, at: datetime) -> Hearing:
    """The team is called together upon a completed formal interview. A hearing that wished to know more is followed by this one."""
    interview = Interview.objects.select_for_update(of=("self",)).select_related("person").filter(pk=interview_id).first()
    if interview is None:
        raise NotFound
    require(by, Action.HEARING_CONVENE, interview.person)
    if services_began_on > timezone.localdate(at):
        raise Invalid(fields={"services_began_on": _("The first day of services cannot lie in the future.")})
    refuse_unready(interview, call, at)
    first = open_question_of(interview)
    due_at = procedure.due_after(procedure.start_of(services_began_on), "temporary_shelter", interview.person_id)
    hearing = new_hearing(interview, call, services_began_on, due_at=_due_again(first) or due_at, by=by, at=at, follows=first)
    _tell_convened(hearing, by, at)
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["members", "services_began_on", "needs"])
    return hearing


def _tell_convened(hearing: Hearing, by: User, at: datetime) -> None:
    began = procedure.services_began(hearing.services_began_on, agrees=None)
    identification = procedure.tell(hearing.person, began, procedure.convened, by=by, at=at)
    if identification.services_began_on is None:
        identification.services_began_on = hearing.services_began_on
        identification.save(update_fields=["services_began_on"])


def open_question_of(interview: Interview) -> Hearing | None:
    """The person's last hearing where it wished to know more and none has followed."""
    last = Hearing.objects.filter(person=interview.person_id, state=HearingState.DECIDED).order_by("-decided_at").first()
    return last if last and last.outcome == Outcome.MORE_INFORMATION and not Hearing.objects.filter(follows=last).exists() else None


def _due_again(first: Hearing | None) -> datetime | None:
    return procedure.due_after(first.decided_at, "more_information", first.person_id) if first and first.decided_at else None


def refuse_unready(interview: Interview, call: Call, at: datetime) -> None:
    """Raises WrongState or Invalid where this team cannot hear this case."""
    if interview.state != InterviewState.COMPLETED or not interview.formal:
        raise WrongState(_("A team is convened upon a completed interview with an approved instrument."))
    if Hearing.objects.filter(person=interview.person_id, state=HearingState.CONVENED).exists():
        raise WrongState(_("A hearing is already open for this person."))
    if any(Action.HEARING_VOTE not in m.acts or not m.is_active for m in call.members):
        raise Invalid(fields={"members": _("Only members of the multidisciplinary team can be called.")})
    if any(code not in team_roles() for code in call.roles.values()):
        raise Invalid(fields={"members": _("Choose the part of each member from the list.")})
    _refuse_too_small(call, quorum_on(timezone.localdate(at)))
    if call.sits_at and call.sits_at < at - procedure.TOLERATED:
        raise Invalid(fields={"sits_at": _("The day of the sitting lies in the past.")})


def _refuse_too_small(call: Call, rule: QuorumRule) -> None:
    voters = call.voters
    if len(voters) < rule.minimum_members or len({m.org_id for m in voters}) < rule.minimum_agencies:
        told = {"members": rule.minimum_members, "agencies": rule.minimum_agencies}
        raise Invalid(fields={"members": _("Call at least %(members)d members of at least %(agencies)d agencies: fewer could never decide.") % told})
    parts = {call.role_of(member) for member in voters}
    if missing := [team_roles()[code].name for code in rule.required_roles if code not in parts]:
        raise Invalid(fields={"members": _("Without these parts the team could never decide: %(parts)s.") % {"parts": ", ".join(missing)}})
    if call.chair and call.chair.pk not in {m.pk for m in voters}:
        raise Invalid(fields={"chair": _("The chair is one of the members with a vote.")})
    if call.recorder and call.recorder.pk not in {m.pk for m in call.members}:
        raise Invalid(fields={"recorder": _("The recorder is one of the members who are called.")})


def new_hearing(
    interview: Interview, call: Call, began_on: date, *, due_at: datetime, by: User, at: datetime, review_of: Hearing | None = None, follows: Hearing | None = None,
) -> Hearing:  # fmt: skip
    """The hearing with its seats. The caller has asked the policy and writes the audit."""
    rule = quorum_on(timezone.localdate(at))
    hearing = Hearing(
        reference=new_reference("T"), person=interview.person, interview=interview, org=interview.org, convened_at=at, convened_by=by,
        services_began_on=began_on, due_at=due_at, quorum_code=rule.code, quorum_version=rule.version, review_of=review_of, follows=follows,
        sits_at=call.sits_at,
    )  # fmt: skip
    if call.needs.strip():
        seal(hearing, org=by.org_id, needs=call.needs.strip()[:LONGEST])
    hearing.save(force_insert=True)
    for user in call.each:
        seat_for(hearing, user, call.role_of(user), at=at, chair=user == (call.chair or call.voters[0]), recorder=user == call.recorder)
    return hearing


def seat_for(hearing: Hearing, user: User, role: str, *, at: datetime, chair: bool = False, recorder: bool = False) -> Member:
    """A seat, with a tie to the file that opens nothing yet: it lets the member find the hearing and declare."""
    involve(hearing.person, org=user.org, user=user, relation=TEAM, classes=[], at=at, source=hearing.reference)
    return Member.objects.create(
        hearing=hearing, user=user, agency=user.org, role_code=role, has_vote=team_roles()[role].votes, is_chair=chair, is_recorder=recorder
    )


def locked(hearing_id: UUID) -> Hearing:
    """The hearing with its person, held until the transaction ends."""
    found = Hearing.objects.select_for_update(of=("self",)).select_related("person", "interview").filter(pk=hearing_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def declare(*, hearing_id: UUID, conflict: str, by: User, at: datetime) -> Member:
    """A member says whether there is a conflict of interest. With none the minimum file opens; who has one leaves it at once and does not vote."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_VOTE, hearing)
    HEARING_LIFE.target("declare", hearing.state)
    if conflict not in (Conflict.NONE, Conflict.CONFLICT):
        raise Invalid(fields={"conflict": _("Say whether you have a conflict of interest.")})
    seat = hearing.members.get(user=by)
    known = seat.conflict
    seat.conflict, seat.declared_at = conflict, at
    seat.save(update_fields=["conflict", "declared_at"])
    record(by=by, action=Action.HEARING_VOTE, target=hearing, subject=hearing.person_id, at=at, fields=["conflict"])
    if known != conflict:
        end_involvement(hearing.person, org=by.org_id, relation=TEAM, user=by, at=at, source=hearing.reference)
    if conflict == Conflict.CONFLICT:
        seat.attendances.filter(left_at=None).update(left_at=at)
    elif known != conflict:
        involve(hearing.person, org=by.org, user=by, relation=TEAM, classes=[Sensitivity.EXPLOITATION], at=at, source=hearing.reference)
    return seat


@transaction.atomic
def take_back(*, hearing_id: UUID, seat_id: UUID, reason: str, by: User, at: datetime) -> Retraction:
    """A conflict of interest that was declared by mistake is taken back: the member may declare anew, and until then the file stays closed.

    Only another person who may convene this hearing does so: the policy lets nobody with a conflict of interest in this file convene.
    """
    hearing = locked(hearing_id)
    require(by, Action.HEARING_CONVENE, hearing)
    HEARING_LIFE.target("take_back", hearing.state)
    seat = hearing.members.filter(pk=seat_id).select_related("user__org").first()
    if seat is None:
        raise NotFound
    if seat.conflict != Conflict.CONFLICT or seat.declared_at is None:
        raise WrongState(_("No conflict of interest stands declared for this place."))
    if not reason.strip():
        raise Invalid(fields={"reason": _("Write how the mistake came about: it is kept with the hearing.")})
    seat.hearing = hearing
    taken = Retraction(member=seat, declared_at=seat.declared_at, at=at, by=by)
    seal(taken, org=by.org_id, reason=reason.strip()[:LONGEST])
    taken.save(force_insert=True)
    seat.conflict, seat.declared_at = Conflict.NOT_DECLARED, None
    seat.save(update_fields=["conflict", "declared_at"])
    if seat.left_at is None:
        involve(hearing.person, org=seat.user.org, user=seat.user, relation=TEAM, classes=[], at=at, source=hearing.reference)
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["conflict", "reason"])
    return taken


def newer_result(hearing: Hearing) -> Interview | None:
    """A formal result of this person that is newer than the one heard: the answers mended, or another interview since."""
    heard = hearing.interview
    formal = list(Interview.objects.filter(person=hearing.person_id, state=InterviewState.COMPLETED, formal=True).order_by("-ended_at", "-id"))
    mended = {one.revises_id: one for one in formal}
    newest = heard
    while newest.pk in mended:
        newest = mended[newest.pk]
    if newest.pk != heard.pk:
        return newest
    since = (one for one in formal if one.ended_at and heard.ended_at and one.ended_at > heard.ended_at)
    return next((one for one in since if one.result_code != ResultCode.PROFILE and one.pk != heard.revises_id), None)


@transaction.atomic
def take_over(*, hearing_id: UUID, interview_id: UUID, by: User, at: datetime) -> Hearing:
    """The team hears the newer result from now on; which one it heard before stays named. Votes stay: each member may change the own.

    Raises Outdated where this is not the newest result any more.
    """
    hearing = locked(hearing_id)
    require(by, Action.HEARING_CONVENE, hearing)
    HEARING_LIFE.target("take_over", hearing.state)
    newest = newer_result(hearing)
    if newest is None or newest.pk != interview_id:
        raise Outdated(_("Another result is the newest by now. Look at the hearing again."))
    hearing.interview_before, hearing.interview = hearing.interview, newest
    hearing.interview_taken_at, hearing.interview_taken_by = at, by
    hearing.save(update_fields=["interview_before", "interview", "interview_taken_at", "interview_taken_by"])
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["interview"])
    return hearing


@transaction.atomic
def replace(*, hearing_id: UUID, seat_id: UUID, to: User, role: str = "", by: User, at: datetime) -> Member:
    """Another takes a member's place before the decision. The file closes to the first; a vote already given stays on record and counts no more."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_CONVENE, hearing)
    HEARING_LIFE.target("replace", hearing.state)
    seat = hearing.members.filter(pk=seat_id, left_at=None).select_related("user__org").first()
    if seat is None:
        raise NotFound
    if Action.HEARING_VOTE not in to.acts or not to.is_active or hearing.members.filter(user=to).exists():
        raise Invalid(fields={"to": _("Choose somebody of the team who does not sit in this hearing already.")})
    part = role or seat.role_code
    if part not in team_roles():
        raise Invalid(fields={"role": _("Choose the part from the list.")})
    chair, recorder = seat.is_chair and team_roles()[part].votes, seat.is_recorder
    Member.objects.filter(pk=seat.pk).update(is_chair=False, is_recorder=False)
    successor = seat_for(hearing, to, part, at=at, chair=chair, recorder=recorder)
    Member.objects.filter(pk=seat.pk).update(left_at=at, replaced_by=successor)
    seat.attendances.filter(left_at=None).update(left_at=at)
    end_involvement(hearing.person, org=seat.agency_id, relation=TEAM, user=seat.user, at=at, source=hearing.reference)
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["members"])
    return successor


def dismiss(hearing: Hearing, at: datetime) -> None:
    """The file closes to the members: their task is done."""
    for seat in hearing.members.all():
        end_involvement(hearing.person, org=seat.agency_id, relation=TEAM, user=None, at=at, source=hearing.reference)
