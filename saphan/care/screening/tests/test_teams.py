"""Calling a team together, declaring, replacing; sittings; reviews; letters: who may, who may not, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from saphan.access.seeds import People
from saphan.care.persons.disclosure import readable_classes, relations
from saphan.care.screening import decisions, letters, reviews, sessions, teams
from saphan.care.screening.codes import Conflict
from saphan.care.screening.letter_texts import letter_words, note_words, tongue_for, tongues
from saphan.care.screening.models import Attendance, Hearing, Interview, Member, TeamSession
from saphan.care.screening.reference import open_services_in, rows_of
from saphan.care.screening.story import cast, declare_all, sit
from saphan.care.screening.tests.conftest import BEGAN_ON, cast_votes, convene
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from tests.people import NOON

DAY = timedelta(days=1)
ENDED: dict[str, Any] = {"heard": "person", "language": "lo", "interpreter": "present", "told": "yes", "minutes": "She told it."}


@pytest.fixture
def decided(people: People, hearing: Hearing) -> Hearing:
    cast_votes(people, hearing)
    return decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)


def test_a_team_too_small_to_decide_is_not_convened(people: People, completed: Interview) -> None:
    for members in ([], people.mdt[:2], [people.mdt[0], people.mdt[1], people.mdt[1]], [*people.mdt[:3], people.owner]):
        with pytest.raises(Invalid):
            convene(people, completed, members=members, chair=None, recorder=None)


def test_a_team_without_a_social_worker_or_with_too_few_votes_is_not_convened(people: People, completed: Interview) -> None:
    for roles in ({m.pk: "police" for m in people.mdt}, {m.pk: "interpreter" for m in people.mdt[1:]}, {people.mdt[0].pk: "king"}):
        with pytest.raises(Invalid):
            convene(people, completed, roles=roles)


def test_the_chair_has_a_vote_and_the_day_lies_ahead(people: People, completed: Interview) -> None:
    for wrong in (
        {"chair": people.owner},
        {"chair": people.mdt[4], "roles": {people.mdt[4].pk: "interpreter"}},
        {"recorder": people.owner},
        {"sits_at": NOON - DAY},
    ):
        with pytest.raises(Invalid):
            convene(people, completed, **wrong)


def test_an_informal_or_unfinished_interview_calls_no_team(people: People, interview: Interview) -> None:
    with pytest.raises(WrongState):
        convene(people, interview)


def test_intake_and_strangers_do_not_convene(people: People, completed: Interview) -> None:
    for nobody in (people.intake, people.stranger, people.colleague):
        with pytest.raises(Refused):
            teams.convene(interview_id=completed.pk, call=teams.Call(people.mdt), services_began_on=BEGAN_ON, by=nobody, at=NOON)


def test_an_interpreter_sits_in_the_team_without_a_vote(people: People, completed: Interview) -> None:
    hearing = convene(people, completed, roles={people.mdt[4].pk: "interpreter"})
    declare_all(people, hearing, NOON)
    with pytest.raises(WrongState):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="x", by=people.mdt[4], at=NOON)


def test_who_takes_a_members_place_declares_anew_and_the_vote_of_the_first_counts_no_more(people: People, completed: Interview) -> None:
    hearing = convene(people, completed, members=people.mdt[:4])
    declare_all_of(people, hearing)
    sit(people, hearing, NOON, remote=())
    cast(people, hearing, NOON, [("identified", "x")] * 4)
    seat = hearing.members.get(user=people.mdt[0])
    successor = teams.replace(hearing_id=hearing.pk, seat_id=seat.pk, to=people.mdt[4], by=people.owner, at=NOON)
    assert (successor.is_chair, successor.conflict) == (True, Conflict.NOT_DECLARED)
    assert relations(people.mdt[0], hearing.person) == frozenset()
    assert readable_classes(people.mdt[4], hearing.person) == frozenset()
    assert decisions.tally_of(hearing).voted == 3
    with pytest.raises(Refused):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="x", by=people.mdt[0], at=NOON)
    with pytest.raises(NotFound):
        teams.replace(hearing_id=hearing.pk, seat_id=seat.pk, to=people.mdt[4], by=people.owner, at=NOON)


def declare_all_of(people: People, hearing: Hearing) -> None:
    for seat in hearing.members.select_related("user"):
        teams.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=seat.user, at=NOON)


def test_nobody_is_present_who_has_not_declared(people: People, hearing: Hearing) -> None:
    seats = {seat.pk: "room" for seat in hearing.members.all()}
    with pytest.raises(Invalid):
        sessions.open_session(hearing_id=hearing.pk, present=seats, by=people.supervisor, at=NOON)
    assert TeamSession.objects.count() == 0


def test_only_the_chair_the_recorder_and_those_who_convene_keep_the_sitting(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    seats = {seat.pk: "room" for seat in hearing.members.all()}
    for nobody in (people.mdt[3], people.stranger, people.intake, people.colleague):
        with pytest.raises(Refused):
            sessions.open_session(hearing_id=hearing.pk, present=seats, by=nobody, at=NOON)
    sessions.open_session(hearing_id=hearing.pk, present=seats, by=people.mdt[1], at=NOON)
    with pytest.raises(WrongState):
        sessions.open_session(hearing_id=hearing.pk, present=seats, by=people.mdt[0], at=NOON)
    with pytest.raises(WrongState):
        decisions.cancel(hearing_id=hearing.pk, reason="team", by=people.owner, at=NOON)
    for name in ENDED:
        with pytest.raises(Invalid):
            sessions.end_session(hearing_id=hearing.pk, **{**ENDED, name: ""}, by=people.mdt[1], at=NOON)
    with pytest.raises(Invalid):
        sessions.end_session(hearing_id=hearing.pk, **{**ENDED, "interpreter": "missing"}, by=people.mdt[1], at=NOON)
    ended = sessions.end_session(hearing_id=hearing.pk, **ENDED, by=people.mdt[1], at=NOON + timedelta(hours=1))
    assert Attendance.objects.filter(session=ended, left_at=NOON + timedelta(hours=1)).count() == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT minutes FROM care_screening_teamsession")
        assert b"She told it." not in bytes(cursor.fetchone()[0])


def test_a_sitting_in_which_nobody_was_heard_yet_is_no_ground_to_decide(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    cast(people, hearing, NOON)
    sessions.open_session(hearing_id=hearing.pk, present={s.pk: "room" for s in hearing.members.all()}, by=people.mdt[0], at=NOON)
    sessions.end_session(hearing_id=hearing.pk, **{**ENDED, "heard": "not_yet"}, by=people.mdt[0], at=NOON)
    assert "not been heard" in decisions.tally_of(hearing).why_not_yet[0]


def test_who_came_from_afar_and_then_into_the_room_counts_as_in_the_room(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    first, second = hearing.members.get(user=people.mdt[0]), hearing.members.get(user=people.mdt[1])
    sessions.open_session(hearing_id=hearing.pk, present={first.pk: "room", second.pk: "remote"}, by=people.mdt[0], at=NOON)
    assert decisions.present_in_last(hearing)[second.pk] is True
    sessions.note_leaving(hearing_id=hearing.pk, seat_id=second.pk, by=people.mdt[0], at=NOON)
    sessions.note_arrival(hearing_id=hearing.pk, seat_id=second.pk, remote=False, by=people.mdt[0], at=NOON)
    assert decisions.present_in_last(hearing)[second.pk] is False
    with pytest.raises(WrongState):
        sessions.note_arrival(hearing_id=hearing.pk, seat_id=second.pk, remote=False, by=people.mdt[0], at=NOON)


def test_a_review_is_heard_once_and_both_decisions_stay(people: People, decided: Hearing) -> None:
    taken = reviews.take_in(
        hearing_id=decided.pk, asked_by="person", form="spoken", reason="why", received_at=NOON + DAY, by=people.owner, at=NOON + DAY
    )
    assert not taken.late
    again = reviews.review(hearing_id=decided.pk, call=teams.Call(people.mdt), by=people.supervisor, at=NOON + DAY)
    assert (again.review_of, again.due_at) == (decided, taken.due_at)
    with pytest.raises(WrongState):
        reviews.take_in(hearing_id=decided.pk, asked_by="person", form="spoken", reason="x", received_at=NOON + DAY, by=people.owner, at=NOON + DAY)
    assert {m.pk for m in reviews.sat_before(decided, people.mdt)} == {m.pk for m in people.mdt}
    cast_votes(people, again)
    decisions.decide(hearing_id=again.pk, summary="again so", by=people.supervisor, at=NOON + DAY)
    decided.refresh_from_db()
    assert (decided.state, decided.outcome) == ("decided", "identified")


def test_a_request_after_its_time_is_taken_in_and_marked(people: People, decided: Hearing) -> None:
    late = reviews.take_in(
        hearing_id=decided.pk, asked_by="lawyer", form="written", reason="why", received_at=NOON + 60 * DAY, by=people.owner, at=NOON + 60 * DAY
    )
    assert late.late
    assert reviews.review(hearing_id=decided.pk, call=teams.Call(people.mdt), by=people.supervisor, at=NOON + 60 * DAY).review_of == decided


def test_who_may_take_in_a_request_and_who_convenes_its_team(people: People, decided: Hearing) -> None:
    asked: dict[str, Any] = {"hearing_id": decided.pk, "asked_by": "person", "form": "spoken", "reason": "why", "received_at": NOON, "at": NOON}
    for nobody in (people.colleague, people.stranger, people.mdt[0]):
        with pytest.raises(Refused):
            reviews.take_in(by=nobody, **asked)
    for wrong in ({"asked_by": "king"}, {"form": "song"}, {"reason": " "}, {"received_at": NOON - DAY}, {"received_at": NOON + DAY}):
        with pytest.raises(Invalid):
            reviews.take_in(by=people.owner, **{**asked, **wrong})
    taken = reviews.take_in(by=people.owner, **asked)
    with pytest.raises(Refused):
        reviews.review(hearing_id=decided.pk, call=teams.Call(people.mdt), by=people.owner, at=NOON)
    reviews.withdraw(request_id=taken.pk, by=people.owner, at=NOON)
    with pytest.raises(WrongState):
        reviews.review(hearing_id=decided.pk, call=teams.Call(people.mdt), by=people.supervisor, at=NOON)
    reviews.take_in(by=people.owner, **asked)  # it can be made again


def test_a_letter_is_handed_over_by_the_workers_of_the_file(people: People, decided: Hearing) -> None:
    given: dict[str, Any] = {"hearing_id": decided.pk, "how": "read_aloud", "read_by": "interpreter", "language": "lo", "handed_at": NOON, "at": NOON}
    for nobody in (people.colleague, people.stranger, people.mdt[0]):
        with pytest.raises(Refused):
            letters.hand_over(by=nobody, **given)
    for wrong in ({"how": "song"}, {"read_by": "nobody"}, {"language": "xx"}, {"handed_at": NOON + DAY}, {"handed_at": NOON - DAY}):
        with pytest.raises(Invalid):
            letters.hand_over(by=people.owner, **{**given, **wrong})
    assert letters.hand_over(by=people.owner, **given).at == NOON


@pytest.mark.parametrize("language", sorted(tongues()))
def test_letters_and_notes_are_whole_in_every_language(language: str) -> None:
    for table in (letter_words, note_words):
        assert table(language).keys() == table("en").keys()
        assert all(text.strip() for text in table(language).values())
        for code, text in table("en").items():
            assert [text.count(hole) for hole in ("{by}", "{until}")] == [table(language)[code].count(hole) for hole in ("{by}", "{until}")], code
    assert all(open_services_in(language))


def test_the_language_of_a_letter_is_the_persons_else_the_readers() -> None:
    assert tongue_for("", "lo", "th").code == "lo"
    assert tongue_for("", "zh", "th").code == "th"
    assert tongue_for("en", "lo", "th").code == "en"
    assert tongue_for("xx", "shn", "de").code == "en"


def test_every_language_but_the_source_is_marked_until_a_person_has_checked_it() -> None:
    assert {row["code"] for row in rows_of("decision_letters/languages.csv") if row["review"] != "machine"} == {"en"}


def test_a_letter_holds_nothing_that_was_sealed(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decided = decisions.decide(hearing_id=hearing.pk, summary="canary-cormorant", by=people.supervisor, at=NOON)
    said = repr(letters.letter_of(decided, tongues()["my"]))
    assert "canary-cormorant" not in said
    assert hearing.person.alias not in said
    assert all(member.user.name not in said for member in Member.objects.filter(hearing=hearing).select_related("user"))
