"""One interview that the office cannot take does not hold up the others: the sending of the kit in Chromium, the office played by the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.once
SCRIPTS = settings.PACKAGE / "static" / "js" / "fieldkit"
FILL = """async (ids) => {
  await kitStore.put("meta", {reference: "K-1", sending_token: "t", state: "active"}, "device");
  for (const [n, id] of ids.entries()) await kitStore.put("outbox", {id, record: "r" + id, sequence: n + 1, state: "waiting", sealed: new TextEncoder().encode(id).buffer});
}"""
HELD = "() => kitStore.all('outbox').then((all) => Object.fromEntries(all.map((e) => [e.id, e.held ? 'held' : e.state])))"


class Office:
    """Answers each interview as the test says, and remembers in which order they came."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.came: list[str] = []

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://kit.test/")
        if path.endswith(".js"):
            return route.fulfill(body=(SCRIPTS / path).read_text(), content_type="text/javascript")
        if not path.startswith("fieldkit/"):
            return route.fulfill(body='<!doctype html><script src="/db.js"></script><script src="/sending.js"></script>', content_type="text/html")
        sent = (route.request.post_data_buffer or b"").decode()
        self.came.append(sent)
        answer = self.answers.get(sent, 200)
        if answer == "lost":
            return route.abort()
        if answer == "refused":
            return route.fulfill(status=422, json={"outcome": "refused", "reason": "No.", "field": ""})
        if answer != 200:
            return route.fulfill(status=answer, body="<h1>broken</h1>", content_type="text/html")
        return route.fulfill(json={"outcome": "accepted", "reference": f"S-{sent}", "received_at": "2026-11-23T05:00:00Z"})


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.route("http://kit.test/**", office.serve)
    page.goto("http://kit.test/kit")
    page.evaluate(FILL, ["a", "b", "c", "d"])
    yield page
    context.close()


def send(page: Page, office: Office) -> tuple[str, list[str]]:
    office.came.clear()
    outcome: str = page.evaluate("() => kitSending.send()")
    return outcome, office.came


def test_what_the_office_cannot_take_is_marked_and_the_others_go_on(page: Page, office: Office) -> None:
    office.answers = {"a": 500, "b": "refused", "c": 503}
    assert send(page, office) == ("later", ["a", "b", "c", "d"])
    assert page.evaluate(HELD) == {"a": "held", "b": "refused", "c": "held", "d": "received"}
    office.answers = {}
    assert send(page, office) == ("done", ["a", "c"])
    assert page.evaluate(HELD) == {"a": "received", "b": "refused", "c": "received", "d": "received"}


def test_a_lost_line_ends_the_round_and_the_next_one_begins_behind_it(page: Page, office: Office) -> None:
    office.answers = {"b": "lost"}
    assert send(page, office) == ("later", ["a", "b"])
    assert page.evaluate(HELD) == {"a": "received", "b": "waiting", "c": "waiting", "d": "waiting"}
    assert send(page, office) == ("later", ["c", "d", "b"])


@pytest.mark.parametrize(("status", "outcome"), [(410, "revoked"), (401, "unknown")])
def test_an_ended_device_ends_the_round(page: Page, office: Office, status: int, outcome: str) -> None:
    office.answers = {"a": status}
    assert send(page, office) == (outcome, ["a"])
    assert page.evaluate(HELD)["a"] == "waiting"
