"""Every screen of the room in a real browser, wide and narrow, judged by the accessibility rules."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from saphan.access.seeds import People
from saphan.agreements.following import departing, rebinding, services
from saphan.agreements.following.calendars import edit_day
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.kept import keep_shipped
from saphan.agreements.following.models import Binding
from saphan.agreements.following.services import Subject
from saphan.agreements.following.tests.conftest import recover
from saphan.agreements.following.tests.test_drift import newer
from saphan.core import clock
from tests.judging import at_each_screen, judged, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def traced(people: People, subject: Subject) -> Binding:
    """Forty days into tracing, a departure, a message that said too much, another version asked for."""
    now = clock.now()
    begun = now - timedelta(days=60)
    bound = services.bind(subject=subject, procedure=keep_shipped("th-la-return", begun), by=people.owner, at=begun)
    departing.depart(
        binding_id=bound.pk,
        what="check",
        name="interpreter_offered",
        role="focal_H",
        reason="No interpreter of this language.",
        by=people.supervisor,
        at=begun,
    )
    recover(bound, people.owner, begun)
    services.enter(binding_id=bound.pk, stage="tracing", role="focal_H", by=people.owner, at=begun + timedelta(days=1))
    services.note_message(binding_id=bound.pk, message="trace_request", fields=["given_name", "photo"], by=people.owner, at=begun + timedelta(days=2))
    look_at_promises(now)
    edit_day(country="LA", day=now.date(), works=False, name="given by the government", by=people.agreement_officer, at=now)
    rebinding.ask(binding_id=bound.pk, after=newer(bound), by=people.supervisor, at=now)
    return bound


@at_each_screen
def test_screens_are_accessible(browser: Browser, live_server: Any, people: People, traced: Binding, width: int, language: str) -> None:
    site, wrong = live_server.url, []
    page = signed_in(browser, site, people.supervisor, width=width, language=language)
    visits = [
        ("procedure", reverse("following:procedure", args=[traced.pk])),
        ("promises", reverse("following:promises") + "?whose=all&times=on&show=all"),
        ("drift", reverse("following:drift")),
    ]
    for name, address in visits:
        answer = page.goto(site + address)
        assert answer is not None
        assert answer.status == 200
        wrong += judged(page, f"{name}-{language}")
    officer = signed_in(browser, site, people.agreement_officer, width=width, language=language)
    officer.goto(site + reverse("following:calendar"))
    wrong += judged(officer, f"calendar-{language}")
    assert wrong == []
