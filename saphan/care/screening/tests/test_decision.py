"""A team decides with votes and reasons; nobody decides alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.disclosure import readable_classes, relations
from saphan.care.persons.services import Told, record_report
from saphan.care.screening import decisions, selectors, teams
from saphan.care.screening.codes import Conflict, Outcome
from saphan.care.screening.models import Hearing, Interview, Member, Vote
from saphan.care.screening.states import HearingState
from saphan.care.screening.story import VOTES
from saphan.care.screening.tests.conftest import BEGAN_ON, cast_votes
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON


def decide(hearing: Hearing, by: User) -> Hearing:
    return decisions.decide(hearing_id=hearing.pk, summary="The three elements are there.", by=by, at=NOON)


def test_members_get_the_minimum_file_and_lose_it_with_the_decision(people: People, hearing: Hearing) -> None:
    guest = people.mdt[2]
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
    for member, choice in zip(people.mdt[:4], ["identified", "not_identified", "identified", "not_identified"], strict=True):
        decisions.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=member, at=NOON)
        decisions.vote(hearing_id=hearing.pk, choice=choice, reason="so I see it", by=member, at=NOON)
    with pytest.raises(WrongState):
        decide(hearing, people.supervisor)


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
    decisions.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=member, at=NOON)
    for choice, reason in (("identified", "  "), ("perhaps", "because"), ("child_procedure", "because")):
        with pytest.raises(Invalid):
            decisions.vote(hearing_id=hearing.pk, choice=choice, reason=reason, by=member, at=NOON)


def test_a_conflict_of_interest_closes_the_file_and_takes_the_vote(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decisions.declare(hearing_id=hearing.pk, conflict=Conflict.CONFLICT, by=people.mdt[2], at=NOON)
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


def test_a_team_too_small_to_decide_is_not_convened(people: People, completed: Interview) -> None:
    for members in ([], people.mdt[:2], [people.mdt[0], people.mdt[1], people.mdt[1]], [*people.mdt[:3], people.owner]):
        with pytest.raises(Invalid):
            decisions.convene(interview_id=completed.pk, members=members, services_began_on=BEGAN_ON, by=people.owner, at=NOON)


def test_an_informal_or_unfinished_interview_calls_no_team(people: People, interview: Interview) -> None:
    with pytest.raises(WrongState):
        decisions.convene(interview_id=interview.pk, members=people.mdt, services_began_on=BEGAN_ON, by=people.owner, at=NOON)


def test_intake_and_strangers_do_not_convene(people: People, completed: Interview) -> None:
    for nobody in (people.intake, people.stranger, people.colleague):
        with pytest.raises(Refused):
            decisions.convene(interview_id=completed.pk, members=people.mdt, services_began_on=BEGAN_ON, by=nobody, at=NOON)


def test_a_review_is_heard_within_its_time_only_and_once(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decide(hearing, people.supervisor)
    with pytest.raises(WrongState):
        decisions.review(hearing_id=hearing.pk, members=people.mdt, by=people.supervisor, at=NOON + timedelta(days=16))
    again = decisions.review(hearing_id=hearing.pk, members=people.mdt, by=people.supervisor, at=NOON + timedelta(days=14))
    assert again.review_of == hearing
    with pytest.raises(WrongState):
        decisions.review(hearing_id=hearing.pk, members=people.mdt, by=people.supervisor, at=NOON + timedelta(days=14))


def test_the_database_itself_refuses_a_decision_without_its_time(hearing: Hearing) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Hearing.objects.filter(pk=hearing.pk).update(state="decided", outcome="identified")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["identified", "not_identified", "more_information"])), max_size=8),
    st.sets(st.integers(0, 4)),
)
def test_a_decision_always_has_its_quorum_and_its_majority(
    people: People, hearing: Hearing, acts: list[tuple[int, str]], conflicted: set[int]
) -> None:
    with transaction.atomic():
        for seat in range(5):
            decisions.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=people.mdt[seat], at=NOON)
        for seat, choice in acts:
            decisions.vote(hearing_id=hearing.pk, choice=choice, reason="so I see it", by=people.mdt[seat], at=NOON)
        for seat in conflicted:
            decisions.declare(hearing_id=hearing.pk, conflict=Conflict.CONFLICT, by=people.mdt[seat], at=NOON)
        last = {seat: choice for seat, choice in acts if seat not in conflicted}
        agencies = {people.mdt[seat].org_id for seat in last}
        most = max((list(last.values()).count(c) for c in last.values()), default=0)
        expected = len(last) >= 3 and len(agencies) >= 2 and most * 2 > len(last)
        assert decisions.tally_of(hearing).may_decide is expected
        transaction.set_rollback(True)


def test_the_story_is_told_through_the_services(people: People) -> None:
    from saphan.care.screening.seeds import plant

    plant(people)
    assert Hearing.objects.filter(state="decided", outcome="identified").count() == 1
    assert Vote.objects.count() == len(VOTES)
    assert Interview.objects.filter(state="paused").count() == 1
    decided = Hearing.objects.get(state="decided")
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
