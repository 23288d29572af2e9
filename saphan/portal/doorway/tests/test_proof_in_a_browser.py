"""The script that solves the challenge, in Chromium: its answers are right, and a form sent early waits and then goes by itself."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from playwright.sync_api import Browser, Page, Route

from saphan.portal.doorway import proofs
from saphan.portal.doorway.open_forms import OpenForm

pytestmark = pytest.mark.journey
SCRIPT = Path(__file__).resolve().parents[3] / "static" / "js" / "proof.js"
HOME = "http://doorway.example/"


class Note(OpenForm):
    purpose = "test.browser"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def laid_out(page: Page, forms: list[Note]) -> list[str]:
    """Shows a page with these forms; what is sent is collected."""
    sent: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            route.fulfill(body="thanks", content_type="text/html")
        elif route.request.url.endswith(".js"):
            route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        else:
            parts = [f"<form method=post>{render_to_string('doorway/_proof.html', {'form': form})}<button>Send</button></form>" for form in forms]
            route.fulfill(body="<!doctype html><title>x</title>" + "".join(parts), content_type="text/html; charset=utf-8")

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(HOME)
    return sent


def note() -> Note:
    return Note(request=RequestFactory().get("/"))


def test_every_form_of_the_page_gets_a_right_answer(page: Page) -> None:
    forms = [note() for _ in range(6)]
    laid_out(page, forms)
    page.wait_for_function("[...document.querySelectorAll('[name=answer]')].every(a => a.value)", timeout=60_000)
    answers = page.eval_on_selector_all("[name=answer]", "all => all.map(a => a.value)")
    assert [proofs.is_answered(form.challenge, answer) for form, answer in zip(forms, answers, strict=True)] == [True] * 6


@override_settings(DOORWAY_SECONDS=2)
def test_a_form_that_is_sent_early_says_so_waits_and_goes_once_by_itself(page: Page) -> None:
    form = note()
    sent = laid_out(page, [form])
    page.click("button")
    assert "no program" in page.inner_text("[role=status]")
    page.wait_for_function("document.body.innerText === 'thanks'", timeout=60_000)
    [told] = [parse_qs(words) for words in sent]
    age = proofs.age_of("test.browser", told["challenge"][0], at=datetime.fromtimestamp(time.time(), tz=UTC))
    assert age is not None
    assert age >= 2
    assert proofs.is_answered(told["challenge"][0], told["answer"][0])
