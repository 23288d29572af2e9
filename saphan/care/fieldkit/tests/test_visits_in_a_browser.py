"""The screens of a visit and the question that it answers, in a real browser, wide and narrow, English and Thai."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.fieldkit import devices, visits
from saphan.care.fieldkit.models import Device, Submission
from saphan.care.fieldkit.parcels import read_parcel
from saphan.care.fieldkit.receiving import Delivery, receive
from saphan.care.fieldkit.seeds import DAY
from saphan.care.fieldkit.tests.conftest import parcel_of
from saphan.care.fieldkit.tests.test_older_kits import sat
from saphan.care.fieldkit.tests.test_site_facts import KEPT, KIT, TOLD
from saphan.care.persons.services import Facts
from saphan.care.screening import services
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import SAFE
from tests.judging import at_each_screen, judged, signed_in
from tests.people import NOON

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def noon() -> None:
    """The site answers in its own thread, by the real clock: people sign in by it too."""


def screens(owner: User) -> dict[str, str]:
    load_instruments()
    visit = visits.record_visit(visited_on=NOON.date(), facts=TOLD | {"papers_kept": "yes", "hours_long": "no"}, by=owner, at=NOON)
    person = visits.add_person(visit_id=visit.pk, facts=Facts(age_band="adult", sex="female", language="lo"), by=owner, at=NOON)
    made = services.prepare(person=person, version=InstrumentVersion.objects.get(instrument="adult_labour"), by=owner, at=NOON)
    services.check_safety(interview_id=made.pk, points=SAFE, by=owner, at=NOON)
    services.start(interview_id=made.pk, present="", by=owner, at=NOON)
    return {
        "new": f"{KIT}visits/new/", "visit": f"{KIT}visits/{visit.pk}/", "correct": f"{KIT}visits/{visit.pk}/correct/",
        "offer": f"/desk/screening/interviews/{made.pk}/questions/{KEPT}/",
        "unchecked": f"/desk/screening/interviews/{sent_by_an_older_kit(owner).pk}/", "list": "/desk/screening/",
    }  # fmt: skip


def sent_by_an_older_kit(owner: User) -> Interview:
    """An interview of two days that went on without the safety check made again."""
    made = devices.enrol(kind=Device.Kind.BROWSER, alias="old telephone", by=owner, at=NOON - 4 * DAY)
    parcel = parcel_of(made, InstrumentVersion.objects.get(instrument="adult_labour"), sittings=sat(3, 2))
    return receive(device_id=made.device.pk, delivery=Delivery(read_parcel(parcel), Submission.Way.NETWORK, None), at=NOON).submission.interview


@at_each_screen
def test_every_screen_of_a_visit_is_clean(live_server: Any, browser: Browser, people: People, width: int, language: str) -> None:
    wrong: list[Any] = []
    page = signed_in(browser, live_server.url, people.owner, width=width, language=language)
    for name, path in screens(people.owner).items():
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        wrong += judged(page, f"visit-{name}-{language}-{width}")
    page.context.close()
    assert wrong == []
