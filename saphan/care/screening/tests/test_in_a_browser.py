"""The screens of instruments, of an interview part by part and of the figures in a real browser, wide and narrow, English and Thai."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.models import Person
from saphan.care.screening import instrument_acts, services, teams
from saphan.care.screening.models import Interview
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import FACTORY, SAFE, begin, cast, declare_all
from saphan.care.screening.tests.conftest import convene, person_of
from saphan.care.screening.tests.test_instruments import SURVEY, brought, row, workbook
from saphan.care.screening.tests.test_newer_result import mended
from tests.judging import Fault, at_each_screen, judged, signed_in
from tests.people import NOON

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
D = "/desk/screening"


@pytest.fixture(autouse=True)
def noon() -> None:
    """The site answers in its own thread, by the real clock: people sign in by it too."""


def begun(owner: User, version: Any) -> Interview:
    interview = services.prepare(person=person_of(owner), version=version, by=owner, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=owner, at=NOON)
    return services.start(interview_id=interview.pk, present="", by=owner, at=NOON)


def screens(people: People) -> list[tuple[User, str, str]]:
    """Who opens which address, by a name."""
    load_instruments()
    owner, supervisor = people.owner, people.supervisor
    first = brought(supervisor, workbook())
    second = brought(supervisor, workbook([*SURVEY, row("text", "more", "Is there more that you wish to say?")]))
    waiting = instrument_acts.look_at(file_name="next.xlsx", content=workbook([*SURVEY, row("date", "day", "Since when?")]), by=supervisor, at=NOON)
    labour = begin(owner, person_of(owner), FACTORY, NOON)
    done = services.complete(interview_id=labour.pk, by=owner, at=NOON)
    own = begun(owner, first)
    services.answer(interview_id=own.pk, code="hours", value="yes", note="", seen=0, by=owner, at=NOON)
    under_way = begin(owner, person_of(owner), {"D4.HOURS": ("yes", "")}, NOON)
    part = f"{D}/interviews/{under_way.pk}/parts/{under_way.version.questions.all()[3].section}/"
    return [
        (supervisor, "instruments", f"{D}/instruments/"),
        (supervisor, "bring", f"{D}/instruments/bring/"),
        (supervisor, "preview", f"{D}/instruments/bring/{waiting.pk}/"),
        (supervisor, "version", f"{D}/instruments/versions/{second.pk}/"),
        (people.second_supervisor, "approve", f"{D}/instruments/versions/{first.pk}/"),
        (supervisor, "figures", f"{D}/figures/"),
        (owner, "blank", f"{D}/instruments/adult_labour/print/?left=lo&right=my"),
        (owner, "part", part),
        (owner, "part-own", f"{D}/interviews/{own.pk}/parts/work/"),
        (owner, "question-number", f"{D}/interviews/{own.pk}/questions/days/"),
        (owner, "question-choice", f"{D}/interviews/{own.pk}/questions/kind/"),
        (owner, "overview", f"{D}/interviews/{own.pk}/"),
        (owner, "completed", f"{D}/interviews/{done.pk}/"),
        (owner, "filled", f"{D}/interviews/{done.pk}/print/?left=th&right=lo"),
    ]


@at_each_screen
def test_every_screen_is_clean(live_server: Any, browser: Browser, people: People, width: int, language: str) -> None:
    look_at_all(live_server, browser, screens(people), width, language)


def look_at_all(live_server: Any, browser: Browser, shown: list[tuple[User, str, str]], width: int, language: str) -> None:
    """Each address is there, and clean."""
    wrong: list[Fault] = []
    pages: dict[Any, Page] = {}
    for who, name, path in shown:
        if who.pk not in pages:
            pages[who.pk] = signed_in(browser, live_server.url, who, width=width, language=language)
        page = pages[who.pk]
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        assert page.url.endswith(path), (name, page.url)
        wrong += judged(page, f"screening-{name}-{language}")
    for page in pages.values():
        page.context.close()
    assert wrong == []


def screens_of_the_team(people: People) -> list[tuple[User, str, str]]:
    """What a mended result, a doubt about the age, a long pause and an open hearing look like."""
    load_instruments()
    owner = people.owner
    heard = begin(owner, person_of(owner), FACTORY, NOON)
    services.complete(interview_id=heard.pk, by=owner, at=NOON)
    hearing = convene(people, heard)
    declare_all(people, hearing, NOON)
    cast(people, hearing, NOON)
    first = mended(people, heard)
    teams.take_over(hearing_id=hearing.pk, interview_id=first.pk, by=owner, at=NOON)
    second = mended(people, first)
    doubtful = begin(owner, person_of(owner), {"D4.HOURS": ("yes", "")}, NOON)
    paused = begin(owner, person_of(owner), {"D4.HOURS": ("yes", "")}, NOON)
    services.pause(interview_id=paused.pk, by=owner, at=NOON)
    fresh = begin(owner, person_of(owner), {"D4.HOURS": ("yes", "")}, timezone.now())
    services.pause(interview_id=fresh.pk, by=owner, at=timezone.now())
    for person in (doubtful.person_id, heard.person_id):
        Person.objects.filter(pk=person).update(age_band=Person.AgeBand.DOUBT)
    return [
        (owner, "list-found", f"{D}/?find=adult"),
        (owner, "hearings-found", f"{D}/hearings/?find={hearing.reference}"),
        (owner, "newer-result", f"{D}/hearings/{hearing.pk}/"),
        (people.mdt[0], "newer-result-member", f"{D}/hearings/{hearing.pk}/"),
        (owner, "mended-leads-on", f"{D}/interviews/{second.pk}/"),
        (owner, "convene-beside", f"{D}/interviews/{second.pk}/convene/"),
        (owner, "age-doubt", f"{D}/interviews/{doubtful.pk}/"),
        (owner, "paused-another-day", f"{D}/interviews/{paused.pk}/"),
        (owner, "paused-today", f"{D}/interviews/{fresh.pk}/"),
        (owner, "safety-again", f"{D}/interviews/{paused.pk}/safety/"),
    ]


@at_each_screen
def test_every_screen_of_the_team_is_clean(live_server: Any, browser: Browser, people: People, width: int, language: str) -> None:
    look_at_all(live_server, browser, screens_of_the_team(people), width, language)
