"""Acts of the team: convene, declare a conflict, vote with a reason, decide, ask for a review. Nobody decides alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.disclosure import end_involvement, involve
from saphan.care.persons.models import Involvement
from saphan.care.screening.codes import Conflict, Outcome
from saphan.care.screening.models import Hearing, Interview, Member, Vote
from saphan.care.screening.reference import STANDARD_QUORUM, QuorumRule, quorum_rules
from saphan.care.screening.states import HEARING_LIFE, HearingState, InterviewState
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.core.sensitivity import Sensitivity

TEAM = Involvement.Relation.TEAM
LONGEST_REASON = 4000


@dataclass(frozen=True)
class Tally:
    """The latest vote of each member without conflict, and what still stands against deciding."""

    members: int
    agencies: int
    counts: dict[str, int]
    voted: int
    rule: QuorumRule
    majority: str
    why_not_yet: tuple[str, ...]

    @property
    def may_decide(self) -> bool:
        return not self.why_not_yet


def tally_of(hearing: Hearing) -> Tally:
    """Counts the votes by the hearing's quorum rule: the last vote of each member counts, a conflict has none."""
    rule = quorum_rules()[hearing.quorum_code]
    seats = [m for m in hearing.members.prefetch_related("votes") if m.conflict != Conflict.CONFLICT]
    last = {seat.pk: seat.votes.all()[len(seat.votes.all()) - 1].choice for seat in seats if seat.votes.all()}
    agencies = len({seat.agency_id for seat in seats if seat.pk in last})
    counts = Counter(last.values())
    ahead, most = counts.most_common(1)[0] if counts else ("", 0)
    majority = ahead if most * 2 > len(last) else ""
    return Tally(len(seats), agencies, dict(counts), len(last), rule, majority, tuple(_why_not_yet(len(last), agencies, majority, rule)))


def _why_not_yet(voted: int, agencies: int, majority: str, rule: QuorumRule) -> list[str]:
    reasons = []
    if voted < rule.minimum_members:
        missing = rule.minimum_members - voted
        reasons.append(ngettext("%(n)d more member must vote.", "%(n)d more members must vote.", missing) % {"n": missing})
    if agencies < rule.minimum_agencies:
        reasons.append(_("Members of at least %(n)d agencies must have voted.") % {"n": rule.minimum_agencies})
    if voted and not majority:
        reasons.append(_("No outcome has more than half of the votes."))
    return reasons


@transaction.atomic
def convene(*, interview_id: UUID, members: Sequence[User], services_began_on: date, by: User, at: datetime) -> Hearing:
    """The team is called together upon a completed formal interview; each member gets a tie to the file that opens the minimum."""
    interview = Interview.objects.select_for_update(of=("self",)).select_related("person").filter(pk=interview_id).first()
    if interview is None:
        raise NotFound
    require(by, Action.HEARING_CONVENE, interview.person)
    _refuse_unready(interview, members, services_began_on, at)
    hearing = _new_hearing(interview, services_began_on, by, at)
    _call(hearing, members, at)
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["members", "services_began_on"])
    return hearing


def _refuse_unready(interview: Interview, members: Sequence[User], began_on: date, at: datetime) -> None:
    if interview.state != InterviewState.COMPLETED or not interview.formal:
        raise WrongState(_("A team is convened upon a completed interview with an approved instrument."))
    if Hearing.objects.filter(person=interview.person_id, state=HearingState.CONVENED).exists():
        raise WrongState(_("A hearing is already open for this person."))
    rule = quorum_rules()[STANDARD_QUORUM]
    if len({m.pk for m in members}) < rule.minimum_members or len({m.org_id for m in members}) < rule.minimum_agencies:
        told = {"members": rule.minimum_members, "agencies": rule.minimum_agencies}
        raise Invalid(fields={"members": _("Call at least %(members)d members of at least %(agencies)d agencies: fewer could never decide.") % told})
    if any(Action.HEARING_VOTE not in m.acts or not m.is_active for m in members):
        raise Invalid(fields={"members": _("Only members of the multidisciplinary team can be called.")})
    if began_on > timezone.localdate(at):
        raise Invalid(fields={"services_began_on": _("The first day of services cannot lie in the future.")})


def _new_hearing(interview: Interview, began_on: date, by: User, at: datetime, review_of: Hearing | None = None) -> Hearing:
    began_at = timezone.make_aware(datetime.combine(began_on, time()))
    return Hearing.objects.create(
        reference=new_reference("T"), person=interview.person, interview=interview, org=interview.org, convened_at=at, convened_by=by,
        services_began_on=began_on, due_at=clock_of("mdt_hearing").due(began_at), quorum_code=STANDARD_QUORUM, review_of=review_of,
    )  # fmt: skip


def _call(hearing: Hearing, members: Sequence[User], at: datetime) -> None:
    for user in {m.pk: m for m in members}.values():
        Member.objects.create(hearing=hearing, user=user, agency=user.org)
        involve(hearing.person, org=user.org, user=user, relation=TEAM, classes=[Sensitivity.EXPLOITATION], at=at, source=hearing.reference)


def locked(hearing_id: UUID) -> Hearing:
    """The hearing with its person, held until the transaction ends."""
    found = Hearing.objects.select_for_update(of=("self",)).select_related("person", "interview").filter(pk=hearing_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def declare(*, hearing_id: UUID, conflict: str, by: User, at: datetime) -> Member:
    """A member says whether there is a conflict of interest. Who has one leaves the file at once and does not vote."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_VOTE, hearing)
    HEARING_LIFE.target("declare", hearing.state)
    if conflict not in (Conflict.NONE, Conflict.CONFLICT):
        raise Invalid(fields={"conflict": _("Say whether you have a conflict of interest.")})
    seat = hearing.members.get(user=by)
    seat.conflict, seat.declared_at = conflict, at
    seat.save(update_fields=["conflict", "declared_at"])
    record(by=by, action=Action.HEARING_VOTE, target=hearing, subject=hearing.person_id, at=at, fields=["conflict"])
    if conflict == Conflict.CONFLICT:
        end_involvement(hearing.person, org=by.org_id, relation=TEAM, user=by, at=at, source=hearing.reference)
    return seat


@transaction.atomic
def vote(*, hearing_id: UUID, choice: str, reason: str, by: User, at: datetime) -> Vote:
    """A member votes with a reason. Until the decision the vote may be changed; the earlier one is kept."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_VOTE, hearing)
    HEARING_LIFE.target("vote", hearing.state)
    seat = hearing.members.get(user=by)
    if seat.conflict == Conflict.NOT_DECLARED:
        raise WrongState(_("Say first whether you have a conflict of interest."))
    _refuse_unfit_vote(hearing, choice, reason)
    given = Vote(member=seat, seq=seat.votes.count() + 1, choice=choice, at=at)
    seat.hearing = hearing
    seal(given, org=by.org_id, reason=reason.strip()[:LONGEST_REASON])
    given.save(force_insert=True)
    record(by=by, action=Action.HEARING_VOTE, target=hearing, subject=hearing.person_id, at=at, fields=["choice", "reason"])
    return given


def _refuse_unfit_vote(hearing: Hearing, choice: str, reason: str) -> None:
    if choice not in Outcome:
        raise Invalid(fields={"choice": _("Choose one of the outcomes.")})
    if not reason.strip():
        raise Invalid(fields={"reason": _("Give your reason: a vote without a reason does not count.")})
    if choice == Outcome.CHILD_PROCEDURE and not hearing.person.counts_as_child:
        raise Invalid(fields={"choice": _("The file says that this person is an adult. Correct the age first if that is in doubt.")})


@transaction.atomic
def decide(*, hearing_id: UUID, summary: str, by: User, at: datetime) -> Hearing:
    """The team's majority becomes the decision. Refused without quorum or majority; nobody can write down anything else."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_DECIDE, hearing)
    target = HEARING_LIFE.target("decide", hearing.state)
    tally = tally_of(hearing)
    if not tally.may_decide:
        raise WrongState(_("The team cannot decide yet.") + " " + " ".join(tally.why_not_yet))
    if not summary.strip():
        raise Invalid(fields={"summary": _("Write the reasons of the decision in a few sentences: they are read out to the person.")})
    hearing.state, hearing.outcome, hearing.decided_at, hearing.decided_by = target, tally.majority, at, by
    hearing.review_until = clock_of("decision_review").due(at)
    seal(hearing, org=by.org_id, summary=summary.strip()[:LONGEST_REASON])
    hearing.save(update_fields=["state", "outcome", "decided_at", "decided_by", "review_until", "summary"])
    record(by=by, action=Action.HEARING_DECIDE, target=hearing, subject=hearing.person_id, at=at, fields=["outcome", "summary"])
    _dismiss(hearing, at)
    return hearing


def _dismiss(hearing: Hearing, at: datetime) -> None:
    """The file closes to the members: their task is done."""
    for seat in hearing.members.all():
        end_involvement(hearing.person, org=seat.agency_id, relation=TEAM, user=None, at=at, source=hearing.reference)


@transaction.atomic
def cancel(*, hearing_id: UUID, by: User, at: datetime) -> Hearing:
    """The hearing will not take place; the file closes to its members."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_CONVENE, hearing)
    hearing.state = HEARING_LIFE.target("cancel", hearing.state)
    hearing.save(update_fields=["state"])
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["state"])
    _dismiss(hearing, at)
    return hearing


@transaction.atomic
def review(*, hearing_id: UUID, members: Sequence[User], by: User, at: datetime) -> Hearing:
    """The person asks for a review within its time: a team hears the case again; the first decision stands until then."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_REVIEW, hearing)
    HEARING_LIFE.target("review", hearing.state)
    if hearing.review_until is None or at > hearing.review_until:
        raise WrongState(_("The time for a review is over. With new facts the team can be convened again at any time."))
    if Hearing.objects.filter(review_of=hearing).exists():
        raise WrongState(_("A review of this decision was already asked for."))
    _refuse_unready(hearing.interview, members, hearing.services_began_on, at)
    again = _new_hearing(hearing.interview, timezone.localdate(at), by, at, review_of=hearing)
    _call(again, members, at)
    record(by=by, action=Action.HEARING_REVIEW, target=hearing, subject=hearing.person_id, at=at, fields=["review"])
    return again
