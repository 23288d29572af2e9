"""A team decides with votes and reasons; nobody decides alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.disclosure import readable_classes, relations
from saphan.care.persons.services import Told, record_report
from saphan.care.screening import decisions, selectors, sessions, teams
from saphan.care.screening.codes import Conflict, Outcome
from saphan.care.screening.models import Hearing, Interview, Member, Reflection, Vote
from saphan.care.screening.states import HearingState
from saphan.care.screening.story import VOTES, cast, declare_all, sit
from saphan.care.screening.tests.conftest import BEGAN_ON, cast_votes, convene
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON


def decide(hearing: Hearing, by: User, **more: Any) -> Hearing:
    return decisions.decide(hearing_id=hearing.pk, summary="The three elements are there.", by=by, at=NOON, **more)


def test_members_get_the_minimum_file_and_lose_it_with_the_decision(people: People, hearing: Hearing) -> None:
    guest = people.mdt[2]
    assert readable_classes(guest, hearing.person) == frozenset()
    teams.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=guest, at=NOON)
    assert readable_classes(guest, hearing.person) == {Sensitivity.EXPLOITATION}
    cast_votes(people, hearing)
    decide(hearing, people.supervisor)
    assert relations(guest, hearing.person) == frozenset()
    assert not Hearing.objects.visible_to(guest).exists()


def test_the_majority_is_the_decision_and_dissent_is_kept(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decided = decide(hearing, people.supervisor)
    assert decided.outcome == Outcome.IDENTIFIED
    assert Vote.objects.filter(member__hearing=hearing, choice=Outcome.MORE_INFORMATION).count() == 1
    latest = selectors.latest_outcome(hearing.person_id)
    assert latest == selectors.LatestOutcome("identified", NOON, hearing.pk)


def test_the_clock_of_fifteen_days_runs_from_the_start_of_services(hearing: Hearing) -> None:
    assert timedelta(days=15) > hearing.due_at - NOON > timedelta(days=11)


@pytest.mark.parametrize("votes", [0, 1, 2])
def test_without_quorum_nothing_is_decided_and_the_reason_is_said(people: People, hearing: Hearing, votes: int) -> None:
    cast_votes(people, hearing, votes)
    with pytest.raises(WrongState) as refusal:
        decide(hearing, people.supervisor)
    assert "must vote" in refusal.value.sentence
    hearing.refresh_from_db()
    assert hearing.state == HearingState.CONVENED


def test_votes_of_one_agency_are_no_quorum(people: People, hearing: Hearing) -> None:
    Member.objects.filter(hearing=hearing).update(agency=people.ministry)
    cast_votes(people, hearing)
    with pytest.raises(WrongState) as refusal:
        decide(hearing, people.supervisor)
    assert "agencies" in refusal.value.sentence


def test_without_a_majority_nothing_is_decided(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing, 0)
    for member, choice in zip(people.mdt[:4], ["identified", "not_identified", "identified", "not_identified"], strict=True):
        decisions.vote(hearing_id=hearing.pk, choice=choice, reason="so I see it", by=member, at=NOON)
    with pytest.raises(WrongState) as refusal:
        decide(hearing, people.supervisor)
    assert "even" in refusal.value.sentence
    decisions.vote(hearing_id=hearing.pk, choice="abstain", reason="I was not sure", by=people.mdt[1], at=NOON)
    assert decide(hearing, people.supervisor).outcome == Outcome.IDENTIFIED


def test_more_information_says_what_and_by_when_and_another_hearing_follows(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing, 0)
    for member in people.mdt[:3]:
        decisions.vote(hearing_id=hearing.pk, choice="more_information", reason="the debt is not clear", by=member, at=NOON)
    for missing, by_when in (("", BEGAN_ON + timedelta(days=20)), ("Who lent the money?", None), ("Who lent the money?", BEGAN_ON)):
        with pytest.raises(Invalid):
            decide(hearing, people.supervisor, missing=missing, information_by=by_when)
    decided = decide(hearing, people.supervisor, missing="Who lent the money?", information_by=BEGAN_ON + timedelta(days=20))
    assert decided.information_by == BEGAN_ON + timedelta(days=20)
    again = convene(people, hearing.interview)
    assert again.follows == hearing
    assert timedelta(days=16) > again.due_at - NOON > timedelta(days=15)


def test_a_vote_counts_only_from_the_sitting(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    cast(people, hearing, NOON)
    assert decisions.tally_of(hearing).why_not_yet[0] == "No sitting has been held yet."
    chair, other = hearing.members.get(user=people.mdt[0]), hearing.members.get(user=people.mdt[2])
    sessions.open_session(hearing_id=hearing.pk, present={chair.pk: "room", other.pk: "remote"}, by=people.mdt[0], at=NOON)
    tally = decisions.tally_of(hearing)
    assert (tally.voted, tally.count.remote, tally.count.not_present) == (2, 1, 3)
    assert "still open" in tally.why_not_yet[0]


def test_who_was_not_called_has_no_vote_whoever_convened(people: People, hearing: Hearing) -> None:
    for outsider in (people.owner, people.supervisor, people.colleague, people.stranger):
        with pytest.raises(Refused):
            decisions.vote(hearing_id=hearing.pk, choice="identified", reason="because", by=outsider, at=NOON)


def test_members_cannot_write_down_the_decision(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    for nobody in (people.mdt[0], people.owner, people.stranger):
        with pytest.raises(Refused):
            decide(hearing, nobody)


def test_a_changed_vote_counts_once_and_the_earlier_one_is_kept(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decisions.vote(hearing_id=hearing.pk, choice="not_identified", reason="I think again", by=people.mdt[0], at=NOON)
    tally = decisions.tally_of(hearing)
    assert (tally.voted, sum(tally.counts.values())) == (5, 5)
    assert Vote.objects.filter(member__user=people.mdt[0]).count() == 2


def test_a_vote_needs_a_reason_a_known_outcome_and_a_declaration(people: People, hearing: Hearing) -> None:
    member = people.mdt[0]
    with pytest.raises(WrongState):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="because", by=member, at=NOON)
    teams.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=member, at=NOON)
    for choice, reason in (("identified", "  "), ("perhaps", "because"), ("child_procedure", "because")):
        with pytest.raises(Invalid):
            decisions.vote(hearing_id=hearing.pk, choice=choice, reason=reason, by=member, at=NOON)


def test_a_conflict_of_interest_closes_the_file_and_takes_the_vote(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    teams.declare(hearing_id=hearing.pk, conflict=Conflict.CONFLICT, by=people.mdt[2], at=NOON)
    assert decisions.tally_of(hearing).voted == 4
    assert relations(people.mdt[2], hearing.person) == frozenset()
    with pytest.raises(Refused):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="because", by=people.mdt[2], at=NOON)


def test_no_vote_after_the_decision(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decide(hearing, people.supervisor)
    with pytest.raises(WrongState):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="late", by=people.mdt[0], at=NOON)
    with pytest.raises(WrongState):
        decide(hearing, people.supervisor)


def test_the_database_itself_refuses_a_decision_without_its_time(hearing: Hearing) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Hearing.objects.filter(pk=hearing.pk).update(state="decided", outcome="identified")


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["identified", "not_identified", "more_information"])), max_size=8),
    st.sets(st.integers(0, 4)),
)
def test_a_decision_always_has_its_quorum_and_its_majority(
    people: People, hearing: Hearing, acts: list[tuple[int, str]], conflicted: set[int]
) -> None:
    with transaction.atomic():
        declare_all(people, hearing, NOON)
        sit(people, hearing, NOON, remote=())
        for seat, choice in acts:
            decisions.vote(hearing_id=hearing.pk, choice=choice, reason="so I see it", by=people.mdt[seat], at=NOON)
        for seat in conflicted:
            teams.declare(hearing_id=hearing.pk, conflict=Conflict.CONFLICT, by=people.mdt[seat], at=NOON)
        last = {seat: choice for seat, choice in acts if seat not in conflicted}
        agencies = {people.mdt[seat].org_id for seat in last}
        most = max((list(last.values()).count(c) for c in last.values()), default=0)
        workers = {hearing.members.get(user=people.mdt[seat]).role_code for seat in last}
        chaired = 0 not in conflicted
        expected = len(last) >= 3 and len(agencies) >= 2 and most * 2 > len(last) and "social_worker" in workers and chaired
        assert decisions.tally_of(hearing).may_decide is expected
        transaction.set_rollback(True)


def test_the_story_is_told_through_the_services(people: People) -> None:
    from saphan.care.screening.seeds import plant

    plant(people)
    assert Hearing.objects.filter(state="decided", outcome="not_identified").count() == 1
    assert Vote.objects.count() == len(VOTES) * 2
    assert Interview.objects.filter(state="paused").count() == 1
    decided = Hearing.objects.get(state="decided", outcome="identified")
    assert decided.handovers.count() == 1
    assert Reflection.objects.get().state == "running"
    assert [str(e.label) for e in selectors.timeline(decided.person_id)] == [
        "Interview began",
        "Interview completed",
        "Team convened",
        "The team decided",
    ]
    assert len(selectors.interviews_waiting(people.owner)) == 1
    assert len(selectors.hearings_waiting(people.mdt[2])) == 1


def test_a_hearing_and_a_report_never_share_the_first_letter_of_their_references(hearing: Hearing, intake: User) -> None:
    report = record_report(told=Told(danger="no"), by=intake, at=NOON)
    assert (hearing.reference[:2], report.reference[:2]) == ("T-", "H-")
