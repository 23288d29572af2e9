"""Acts of the team: vote with a reason, decide, cancel. Nobody decides alone, and nothing but the majority can be written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.screening import procedure, quorum
from saphan.care.screening.codes import Ballot, CancelReason, Conflict, Heard, Outcome
from saphan.care.screening.models import Hearing, Interview, Member, TeamSession, Vote
from saphan.care.screening.quorum import Count, Lack, Seat
from saphan.care.screening.reference import QuorumRule, quorum_rules, team_roles
from saphan.care.screening.states import HEARING_LIFE
from saphan.care.screening.teams import LONGEST, dismiss, locked, newer_result
from saphan.core.errors import Invalid, WrongState
from saphan.core.sealing import seal


@dataclass(frozen=True)
class Tally:
    """The latest vote of each member, as the rule of the hearing counts it, and what still stands against deciding."""

    rule: QuorumRule
    count: Count
    why_not_yet: tuple[str, ...]

    @property
    def may_decide(self) -> bool:
        return not self.why_not_yet

    @property
    def majority(self) -> str:
        return self.count.majority

    @property
    def voted(self) -> int:
        return self.count.counted

    @property
    def counts(self) -> Mapping[str, int]:
        return self.count.counts


def rule_of(hearing: Hearing) -> QuorumRule:
    """The version of the quorum rule under which this hearing was convened."""
    return quorum_rules()[hearing.quorum_code, hearing.quorum_version]


def tally_of(hearing: Hearing) -> Tally:
    """Counts the votes by the hearing's quorum rule: the last vote of each member counts; who has a conflict, must declare anew, or was replaced has none."""
    rule = rule_of(hearing)
    seats = [seat for seat in hearing.members.prefetch_related("votes") if seat.counts]
    there = present_in_last(hearing)
    found = quorum.count((_as_seat(seat, there) for seat in seats), rule)
    return Tally(rule, found, (*_sitting_lacks(hearing, rule), *(lack_said(lack, found) for lack in found.lacks)))


def _as_seat(seat: Member, there: Mapping[UUID, bool]) -> Seat:
    votes = list(seat.votes.all())
    choice = votes[-1].choice if votes else ""
    return Seat(str(seat.agency_id), seat.role_code, seat.has_vote, choice, seat.pk in there, there.get(seat.pk, False), seat.is_chair)


def present_in_last(hearing: Hearing) -> dict[UUID, bool]:
    """The seats that were present in the last sitting, and whether from afar. Who came into the room at any time counts as in the room."""
    last = last_session(hearing)
    there: dict[UUID, bool] = {}
    for one in last.attendances.all() if last else ():
        there[one.member_id] = one.remote and there.get(one.member_id, True)
    return there


def last_session(hearing: Hearing) -> TeamSession | None:
    """The newest sitting; a page that has fetched the sittings asks the database no more."""
    return next(reversed(list(hearing.sessions.all())), None)


def _sitting_lacks(hearing: Hearing, rule: QuorumRule) -> list[str]:
    if not rule.sitting:
        return []
    last = last_session(hearing)
    if last is None:
        return [_("No sitting has been held yet.")]
    if last.ended_at is None:
        return [_("The sitting is still open: end it with its minutes.")]
    if last.heard == Heard.NOT_YET:
        return [_("The person has not been heard yet: hold another sitting.")]
    return []


def lack_said(lack: Lack, found: Count) -> str:
    """What is still needed, in the reader's language."""
    if lack.code == "members":
        return ngettext("%(n)d more member must vote.", "%(n)d more members must vote.", lack.number) % {"n": lack.number}
    if lack.code == "agencies":
        return _("Members of at least %(n)d agencies must have voted.") % {"n": lack.number}
    if lack.code == "roles":
        return _("Somebody in each of these parts must be present and vote: %(parts)s.") % {
            "parts": ", ".join(team_roles()[c].name for c in lack.names)
        }
    if lack.code == "remote":
        told = {"share": lack.number, "remote": found.remote, "counted": found.counted}
        return _("At most %(share)d percent of those who count may take part from afar: now %(remote)d of %(counted)d do.") % told
    if lack.code == "chair":
        return _("The chair was not present in the sitting.")
    if lack.code == "tie":
        return _("The votes are even: no decision. Talk again; each member may change the vote, or more members may be called.")
    return _("No outcome has more than half of the votes: no decision. Talk again; each member may change the vote.")


@transaction.atomic
def vote(*, hearing_id: UUID, choice: str, reason: str, by: User, at: datetime) -> Vote:
    """A member votes, or abstains, with a reason. Until the decision the vote may be changed; the earlier one is kept."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_VOTE, hearing)
    HEARING_LIFE.target("vote", hearing.state)
    seat = hearing.members.get(user=by)
    if not seat.has_vote:
        raise WrongState(_("Your part in this hearing has no vote."))
    if seat.conflict == Conflict.NOT_DECLARED:
        raise WrongState(_("Say first whether you have a conflict of interest."))
    _refuse_unfit_vote(hearing, choice, reason)
    given = Vote(member=seat, seq=seat.votes.count() + 1, choice=str(choice), at=at)
    seat.hearing = hearing
    seal(given, org=by.org_id, reason=reason.strip()[:LONGEST])
    given.save(force_insert=True)
    record(by=by, action=Action.HEARING_VOTE, target=hearing, subject=hearing.person_id, at=at, fields=["choice", "reason"])
    return given


def _refuse_unfit_vote(hearing: Hearing, choice: str, reason: str) -> None:
    wrong = {}
    if choice not in Ballot.values:  # an outcome has the same value as its ballot
        wrong["choice"] = _("Choose one of the outcomes.")
    elif choice == Ballot.CHILD_PROCEDURE and not hearing.person.counts_as_child:
        wrong["choice"] = _("The file says that this person is an adult. Correct the age there first.")
    if not reason.strip():
        wrong["reason"] = _("Give your reason: it is kept with the decision, also when you stand alone.")
    if wrong:
        raise Invalid(fields=wrong)


@dataclass(frozen=True)
class Written:
    """What is written down with the majority: the reasons; what must be known first and by when; why the earlier of two results was decided on."""

    summary: str
    missing: str = ""
    information_by: date | None = None
    earlier: UUID | None = None  # the newer result that was known and is not taken over
    why_earlier: str = ""


@transaction.atomic
def decide(
    *, hearing_id: UUID, summary: str, missing: str = "", information_by: date | None = None, earlier: UUID | None = None, why_earlier: str = "",
    by: User, at: datetime,
) -> Hearing:  # fmt: skip
    """The supervisor writes down what the team decided: the majority is the outcome, nothing else can be written.

    Where the team wishes to know more, `missing` says what and `information_by` by when: another hearing follows.
    Where a newer result is there and was not taken over, `earlier` names it and `why_earlier` says why the team decided without it.
    """
    hearing = locked(hearing_id)
    require(by, Action.HEARING_DECIDE, hearing)
    target = HEARING_LIFE.target("decide", hearing.state)
    tally = tally_of(hearing)
    if not tally.may_decide:
        raise WrongState(_("The team cannot decide yet.") + " " + " ".join(tally.why_not_yet))
    written, newer = Written(summary, missing, information_by, earlier, why_earlier), newer_result(hearing)
    _refuse_unfit_decision(tally.majority, written, newer, timezone.localdate(at))
    hearing.state, hearing.outcome, hearing.decided_at, hearing.decided_by = target, tally.majority, at, by
    hearing.review_until = procedure.due_after(at, "not_identified", hearing.person_id)
    _write_down(hearing, written, newer, by, at)
    procedure.tell(hearing.person, procedure.decided(hearing.outcome), by=by, at=at)
    dismiss(hearing, at)
    return hearing


def _write_down(hearing: Hearing, written: Written, newer: Interview | None, by: User, at: datetime) -> None:
    more = hearing.outcome == Outcome.MORE_INFORMATION
    hearing.information_by, hearing.newer_left_out = written.information_by if more else None, newer
    sealed = {
        "summary": written.summary.strip()[:LONGEST],
        "missing": written.missing.strip()[:LONGEST] if more else None,
        "why_earlier": written.why_earlier.strip()[:LONGEST] if newer else None,
    }
    seal(hearing, org=by.org_id, **sealed)
    plain = ["state", "outcome", "decided_at", "decided_by", "review_until", "information_by", "newer_left_out"]
    hearing.save(update_fields=[*plain, *sealed])
    told = ["outcome", *(name for name, value in sealed.items() if value is not None)]
    record(by=by, action=Action.HEARING_DECIDE, target=hearing, subject=hearing.person_id, at=at, fields=told)


def _refuse_unfit_decision(outcome: str, written: Written, newer: Interview | None, today: date) -> None:
    wrong = {}
    if not written.summary.strip():
        wrong["summary"] = _("Write the reasons of the decision in a few sentences: they are read out to the person.")
    if outcome == Outcome.MORE_INFORMATION:
        if not written.missing.strip():
            wrong["missing"] = _("Say what the team must know: which questions, which papers.")
        if written.information_by is None or written.information_by < today:
            wrong["information_by"] = _("Say by which day, today or later.")
    if newer and written.earlier != newer.pk:
        wrong["earlier"] = _("There is a newer result. Take it over, or say that the team decided on the earlier one.")
    if newer and not written.why_earlier.strip():
        wrong["why_earlier"] = _("Say why the team decided on the earlier result: it is kept with the decision.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def cancel(*, hearing_id: UUID, reason: str, by: User, at: datetime) -> Hearing:
    """The hearing will not take place, for a reason; the file closes to its members."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_CONVENE, hearing)
    hearing.state = HEARING_LIFE.target("cancel", hearing.state)
    if hearing.sessions.filter(ended_at=None).exists():
        raise WrongState(_("A sitting is open: end it first, so that its minutes are kept."))
    if reason not in CancelReason:
        raise Invalid(fields={"reason": _("Say why the hearing does not take place.")})
    hearing.cancel_reason = reason
    hearing.save(update_fields=["state", "cancel_reason"])
    record(by=by, action=Action.HEARING_CONVENE, target=hearing, subject=hearing.person_id, at=at, fields=["state", "cancel_reason"])
    dismiss(hearing, at)
    return hearing
