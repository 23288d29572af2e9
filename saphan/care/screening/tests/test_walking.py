""" "Continue" leads through every instrument from the first question to the overview, whatever is answered, and never to a page that is not there."""

import random
from typing import Any

import pytest

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.models import Person
from saphan.care.screening import results, services
from saphan.care.screening.board import board_of
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.replies import LONGEST_NOTE
from saphan.care.screening.shipped import shipped_codes
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import person_of
from saphan.care.screening.tests.test_instruments import brought, row, workbook
from tests.people import NOON, client_of

BASE = "/desk/screening/interviews/{}/"
LONG = 200
SEEN, SHARE = 8, 0.1  # the first pages are looked at too, and some of the rest: all of them would take minutes


def under_way(by: User, version: InstrumentVersion, age_band: str = Person.AgeBand.ADULT) -> Interview:
    interview = services.prepare(person=person_of(by, age_band), version=version, by=by, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=by, at=NOON)
    return services.start(interview_id=interview.pk, present="", by=by, at=NOON)


def some_answer(question: Question, version: InstrumentVersion, chance: random.Random) -> dict[str, str]:
    """What a worker might send of this question: an answer, "ask later", or nothing at all."""
    way = chance.choice(["next", "next", "next", "later", "unknown", "declined"])
    if question.is_five_valued:
        return {"answer": chance.choice(["yes", "no", "unknown", "declined"]), "then": "later" if way == "later" else "next"}
    asked = version.form.question(question.code)
    options = [one.name for one in version.form.choices.get(asked.choices, ())]
    return {f"x-{question.code}": chance.choice(options) if options else "some words", "then": way}


@pytest.mark.once
@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_instrument_is_walked_from_end_to_end(owner: User, instruments: None, code: str) -> None:
    version = InstrumentVersion.objects.filter(instrument=code).order_by("-number")[0]
    rows = {question.code: question for question in version.questions.all()}
    interview = under_way(owner, version, Person.AgeBand.CHILD if version.instrument.audience == "child" else Person.AgeBand.ADULT)
    client, chance = client_of(owner), random.Random(code)
    walked: list[str] = []
    overview = BASE.format(interview.pk)
    address = f"{overview}questions/{next(iter(rows))}/"
    while address != overview:
        assert len(walked) < LONG, walked
        place = address.rstrip("/").rpartition("/")[2]
        walked.append(place)
        sent = client.post(address, {"note": "", "seen": 0, **some_answer(rows[place], version, chance)})
        assert sent.status_code == 302, (place, sent.status_code)
        address = sent["Location"]
        if len(walked) < SEEN or chance.random() < SHARE:
            assert client.get(address).status_code == 200, address
    order = [rows[place].order for place in walked]
    assert order == sorted(set(order))  # forward only, nothing twice
    asked = {one.place for one in board_of(interview, by=owner, at=NOON).asked}
    assert set(walked) == asked  # nothing that is asked now was passed over
    assert client.get(overview).status_code == 200


@pytest.mark.parametrize(("answer", "following"), [("yes", "FR.LANGUAGE.NAME"), ("no", "FR.COMPANY")])
def test_the_answer_just_given_decides_which_question_comes(owner: User, instruments: None, answer: str, following: str) -> None:
    interview = under_way(owner, InstrumentVersion.objects.get(instrument="first_responder"))
    sent = client_of(owner).post(f"{BASE.format(interview.pk)}questions/FR.LANGUAGE/", {"answer": answer, "note": "", "seen": 0, "then": "next"})
    assert sent["Location"] == f"{BASE.format(interview.pk)}questions/{following}/"


def test_the_address_of_a_question_that_is_not_asked_now_leads_to_the_next_one(owner: User, instruments: None) -> None:
    interview = under_way(owner, InstrumentVersion.objects.get(instrument="first_responder"))
    client, base = client_of(owner), BASE.format(interview.pk)
    answer = client.get(f"{base}questions/FR.LANGUAGE.NAME/", follow=True)
    assert answer.redirect_chain == [(f"{base}questions/FR.COMPANY/", 302)]
    assert "As the answers are now, that question is not asked." in answer.content.decode()
    assert client.get(f"{base}questions/FR.NOTHING/").status_code == 404


SURVEY = [
    row("select_one answer5", "house", "Did you live there?", sph_dimension="D4", sph_strength="strong"),
    row("select_one answer5", "lock", "Was it locked?", relevant="${house} = 'yes'"),
    row("begin_repeat", "room", "A room", relevant="${house} = 'yes'"),
    row("text", "beds", "How many beds?"),
    row("text", "window", "Which window?", relevant="${beds} != 'none'"),
    {"type": "end_repeat"},
    row("begin_group", "later", "Later", relevant="${house} = 'yes'"),
    row("text", "left", "When did you leave?"),
    {"type": "end_group"},
    row("begin_group", "last", "Last"),
    row("text", "wish", "What do you wish?"),
    {"type": "end_group"},
]


@pytest.fixture
def house(people: People) -> Interview:
    return under_way(people.owner, brought(people.supervisor, workbook(SURVEY)))


def sent(by: User, interview: Interview, place: str, **data: Any) -> str:
    address = f"{BASE.format(interview.pk)}questions/{place}/"
    answer = client_of(by).post(address, {"note": "", "seen": 0, "then": "next", **data})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).removeprefix(BASE.format(interview.pk)).removeprefix("questions/").rstrip("/")


def test_turns_of_a_part_and_whole_parts_come_and_go(owner: User, house: Interview) -> None:
    assert sent(owner, house, "house", answer="no") == "wish"
    assert sent(owner, house, "house", answer="yes", seen=1) == "lock"
    assert sent(owner, house, "lock", answer="no") == "beds@1"
    assert sent(owner, house, "beds@1", **{"x-beds@1": "none"}) == "left"
    assert sent(owner, house, "beds@1", **{"x-beds@1": "two", "seen": 1}) == "window@1"


def test_a_part_that_the_answers_took_away_leads_to_the_next_part(owner: User, house: Interview) -> None:
    client, base = client_of(owner), BASE.format(house.pk)
    assert client.get(f"{base}parts/later/")["Location"] == f"{base}parts/last/"
    assert client.get(f"{base}parts/nothing/").status_code == 404


def test_what_another_window_says_to_a_hidden_question_is_kept(owner: User, house: Interview) -> None:
    sent(owner, house, "house", answer="no")
    assert sent(owner, house, "lock", answer="yes") == "wish"
    assert Reply.objects.filter(interview=house, question__code="lock").count() == 1


def test_asked_later_with_a_note_an_answer_in_words_stays(owner: User, house: Interview) -> None:
    sent(owner, house, "house", answer="yes")
    assert sent(owner, house, "beds@1", **{"x-beds@1": "two"}) == "window@1"
    sent(owner, house, "beds@1", note="she counts again", seen=1, then="later")
    assert results.said(house, by=owner, at=NOON)["beds@1"].value == "two"
    sent(owner, house, "beds@1", note="she counts again", seen=2, then="later", **{"x-beds@1": "three"})
    assert results.said(house, by=owner, at=NOON)["beds@1"].value == "three"


def test_asked_later_a_note_that_is_too_long_is_not_lost(owner: User, house: Interview) -> None:
    long = "canary " + "x" * LONGEST_NOTE
    answer = client_of(owner).post(f"{BASE.format(house.pk)}questions/house/", {"note": long, "seen": 0, "then": "later"})
    assert (answer.status_code, long in answer.content.decode()) == (422, True)
