"""A hearing under acts in any order: what is written down always had its sitting, its quorum and its majority; the file is open to those who declared only."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from saphan.access.seeds import People
from saphan.care.persons.disclosure import readable_classes
from saphan.care.screening import decisions, services, sessions, teams
from saphan.care.screening.codes import Conflict
from saphan.care.screening.models import Hearing, Interview, Retraction, Vote
from saphan.care.screening.states import HearingState
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import convene
from saphan.core.errors import DomainError
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON

MEMBERS = st.integers(0, 4)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("declare"), MEMBERS, st.sampled_from(["none", "none", "none", "conflict"])),
        st.tuples(st.just("vote"), MEMBERS, st.sampled_from(["identified", "identified", "not_identified", "abstain"])),
        st.tuples(st.just("sit"), st.lists(MEMBERS, min_size=1, unique=True), st.sampled_from(["room", "room", "remote"])),
        st.tuples(st.just("end"), st.just(0), st.sampled_from(["person", "person", "not_yet"])),
        st.tuples(st.just("replace"), MEMBERS, MEMBERS),
        st.tuples(st.just("take_back"), MEMBERS, st.just("")),
        st.tuples(st.just("mend"), st.just(0), st.just("")),
        st.tuples(st.just("take_over"), st.just(0), st.just("")),
        st.tuples(st.just("decide"), st.just(0), st.sampled_from(["", "", "earlier", "unsaid", "stale"])),
        st.tuples(st.just("cancel"), st.just(0), st.just("")),
    ),
    min_size=8,
    max_size=24,
)

FOUR = range(4)
READY: list[Any] = [
    *[("declare", n, "none") for n in FOUR], ("sit", list(FOUR), "room"), ("end", 0, "person"), *[("vote", n, "identified") for n in FOUR],
]  # fmt: skip


def act(people: People, hearing: Hearing, what: str, who: Any, how: Any) -> None:
    seats = {seat.user_id: seat.pk for seat in hearing.members.all()}
    if what == "declare":
        teams.declare(hearing_id=hearing.pk, conflict=how, by=people.mdt[who], at=NOON)
    elif what == "vote":
        decisions.vote(hearing_id=hearing.pk, choice=how, reason="so", by=people.mdt[who], at=NOON)
    elif what == "sit":
        there = {seats[people.mdt[n].pk]: how if n else "room" for n in who if people.mdt[n].pk in seats}
        sessions.open_session(hearing_id=hearing.pk, present=there, by=people.supervisor, at=NOON)
    elif what == "end":
        ended = {"heard": how, "language": "lo", "interpreter": "present", "told": "yes", "minutes": "so"}
        sessions.end_session(hearing_id=hearing.pk, **ended, by=people.supervisor, at=NOON)
    elif what == "replace":
        seat = seats.get(people.mdt[who].pk)
        teams.replace(hearing_id=hearing.pk, seat_id=seat or hearing.pk, to=people.mdt[how], by=people.owner, at=NOON)
    elif what == "take_back":
        seat = seats.get(people.mdt[who].pk)
        teams.take_back(hearing_id=hearing.pk, seat_id=seat or hearing.pk, reason="so", by=people.owner, at=NOON)
    elif what == "mend":
        mend(people, hearing)
    elif what == "take_over":
        newer = teams.newer_result(hearing)
        teams.take_over(hearing_id=hearing.pk, interview_id=newer.pk if newer else hearing.pk, by=people.owner, at=NOON)
    elif what == "decide":
        decisions.decide(hearing_id=hearing.pk, summary="so", **on_the_earlier(hearing, how), by=people.supervisor, at=NOON)
    else:
        decisions.cancel(hearing_id=hearing.pk, reason="team", by=people.owner, at=NOON)


def mend(people: People, hearing: Hearing) -> None:
    """The newest result of this hearing is mended: from now on there is a newer one."""
    old = teams.newer_result(hearing) or hearing.interview
    again = services.revise(interview_id=old.pk, by=people.owner, at=NOON)
    services.check_safety(interview_id=again.pk, points=SAFE, by=people.owner, at=NOON)
    services.start(interview_id=again.pk, present="", by=people.owner, at=NOON)
    services.complete(interview_id=again.pk, by=people.owner, at=NOON)


def on_the_earlier(hearing: Hearing, how: str) -> dict[str, Any]:
    """What is said of an earlier result: nothing, all of it, no reason, or a reason against a result that is not the newest."""
    newer = teams.newer_result(hearing)
    said = {"earlier": newer.pk if newer else None, "why_earlier": "so"}
    return {"": {}, "earlier": said, "unsaid": said | {"why_earlier": " "}, "stale": said | {"earlier": hearing.interview_id}}[how]


@pytest.mark.once
@settings(max_examples=20)
@given(ACTS)
@example([*READY, ("mend", 0, ""), ("decide", 0, ""), ("decide", 0, "unsaid"), ("decide", 0, "stale"), ("decide", 0, "earlier")])
@example([*READY, ("mend", 0, ""), ("take_over", 0, ""), ("decide", 0, "")])
@example([*READY, ("declare", 1, "conflict"), ("take_back", 1, ""), ("declare", 1, "none"), ("decide", 0, "")])
def test_whatever_happens_a_decision_had_all_it_needs(people: People, completed: Interview, acts: list[tuple[str, Any, Any]]) -> None:
    with transaction.atomic():
        hearing = convene(people, completed, members=people.mdt[:4])
        for one in acts:
            before, newer = Vote.objects.count(), teams.newer_result(hearing)
            was_open = hearing.state == HearingState.CONVENED
            try:
                with transaction.atomic():
                    act(people, hearing, *one)
            except DomainError:
                assert Vote.objects.count() == before  # no half act
            hearing.refresh_from_db()
            holds(people, hearing)
            if was_open:  # whoever decides with a newer result at hand has named it, with the reason
                left_out = newer if hearing.state == HearingState.DECIDED else None
                assert (hearing.newer_left_out, hearing.why_earlier is not None) == (left_out, left_out is not None)
        transaction.set_rollback(True)


def holds(people: People, hearing: Hearing) -> None:
    seats = list(hearing.members.select_related("user"))
    for seat in seats:
        open_file = Sensitivity.EXPLOITATION in readable_classes(seat.user, hearing.person)
        assert open_file == (hearing.state == HearingState.CONVENED and seat.left_at is None and seat.conflict == Conflict.NONE)
    assert sum(seat.is_chair for seat in seats) <= 1
    assert hearing.sessions.filter(ended_at=None).count() <= 1
    for taken in Retraction.objects.filter(member__hearing=hearing).select_related("member"):
        assert taken.by_id not in (None, taken.member.user_id)
    if hearing.state == HearingState.DECIDED:
        tally = decisions.tally_of(hearing)
        assert tally.may_decide
        assert tally.majority == hearing.outcome
        last = hearing.sessions.last()
        assert last is not None
        assert (last.ended_at, last.heard) == (NOON, "person")
