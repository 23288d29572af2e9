"""Every screen of the room in a real browser, wide and narrow, judged by the accessibility rules."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from saphan.access.seeds import People
from saphan.care.cases.models import Case, Consent
from saphan.care.referrals import services
from saphan.care.referrals.models import Referral
from saphan.care.referrals.tests.conftest import SHARED
from saphan.core import clock
from saphan.directory.models import Service
from tests.judging import Fault, judged, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def begun() -> datetime:
    """A real hour and a half ago: the site asks the real clock, and a draft of high risk is late by then."""
    return clock.now() - timedelta(minutes=90)


def story(people: People, case: Case, sent: Referral, consent: Consent, service: Service, at: datetime) -> dict[str, Referral]:
    """One referral in each state that has a screen of its own."""

    def another(risk: str, note: str = "") -> Referral:
        referral = services.draft(case_id=case.pk, request=services.Request(service.pk, risk, note), by=people.owner, at=at)
        return services.send(referral_id=referral.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=at)

    made = {"sent": sent, "accepted": another("medium", "She sleeps badly."), "declined": another("low"), "completed": another("medium")}
    made["draft"] = services.draft(case_id=case.pk, request=services.Request(service.pk, "high"), by=people.owner, at=at)
    for name in ("accepted", "completed"):
        services.accept(referral_id=made[name].pk, by=people.receiver, at=at + timedelta(minutes=20))
    services.start(referral_id=made["completed"].pk, by=people.receiver, at=at + timedelta(minutes=30))
    services.complete(referral_id=made["completed"].pk, outcome="delivered", by=people.receiver, at=at + timedelta(minutes=60))
    services.decline(referral_id=made["declined"].pk, reason="full", by=people.receiver, at=at + timedelta(minutes=40))
    return made


@pytest.mark.parametrize("width", [390, 1280])
def test_every_screen_keeps_the_rules(
    browser: Browser, live_server: Any, people: People, case: Case, trauma_care: Service, counselling: Service,
    sent: Referral, consent: Consent, begun: datetime, width: int,
) -> None:  # fmt: skip
    made = story(people, case, sent, consent, trauma_care, begun)
    lone = services.draft(case_id=case.pk, request=services.Request(counselling.pk, "low"), by=people.owner, at=begun)
    screens = {
        "list-out": "?box=out",
        "of-case": f"case/{case.pk}/",
        "compose-1": f"new/{case.pk}/",
        "compose-2": f"new/{case.pk}/?need=trauma_care&risk=high",
        "why-not": f"{lone.pk}/",
    }
    screens |= {f"sender-{name}": f"{referral.pk}/" for name, referral in made.items()} | {"print": f"{sent.pk}/print/"}
    replies = {"list-in": "", "list-all": "?show=all", "list-empty": "?show=over&risk=high"} | {
        f"receiver-{name}": f"{made[name].pk}/" for name in ("sent", "accepted", "completed", "declined")
    }
    wrong: list[Fault] = []
    for user, paths in ((people.owner, screens), (people.receiver, replies)):
        page = signed_in(browser, live_server.url, user, width=width)
        for name, path in paths.items():
            answer = page.goto(f"{live_server.url}/desk/referrals/{path}")
            assert answer is not None
            assert answer.status == 200, name
            wrong += judged(page, name)
        page.context.close()
    assert wrong == []


def test_the_way_from_need_to_acceptance_by_keyboard_and_mouse(
    browser: Browser, live_server: Any, people: People, case: Case, trauma_care: Service, consent: Consent
) -> None:
    page = signed_in(browser, live_server.url, people.owner)
    page.goto(f"{live_server.url}/desk/referrals/case/{case.pk}/")
    page.get_by_role("link", name="Refer", exact=True).click()
    page.get_by_label("What does the person need?").select_option("trauma_care")
    page.get_by_role("button", name="Who could help?").click()
    page.get_by_label("Trauma care").check()
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("button", name="Send", exact=True).click()
    reference = page.get_by_role("heading", level=1).inner_text()
    there = signed_in(browser, live_server.url, people.receiver, width=390)
    there.goto(f"{live_server.url}/desk/referrals/")
    there.get_by_role("link", name=reference).click()
    assert case.person.alias not in there.content()
    there.get_by_role("button", name="Accept").click()
    there.get_by_role("link", name="Open the file").click()
    assert case.person.alias in there.content()
    page.context.close()
    there.context.close()
