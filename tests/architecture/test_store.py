"""Nothing personal is ever in the store of rendered pages, and nothing in it costs a question."""

import gzip
import os
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.portal.conftest import people, planted, portal, store  # noqa: F401  # fixtures
from saphan.portal.search.models import SearchEntry
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CANARY = "nightingale4711"
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
A_WALK, ALL = 40, 150  # addresses
FILE = re.compile(r"/library/\w+/\w+\.\w+$")  # files of the library are no pages: browsers keep them for good, the store never does


def crawl(reader: Client, first: list[str], more: str = "", at_most: int = A_WALK) -> dict[str, int]:
    """Visits everything that public pages lead to, with a tail behind each address; answers addresses and their status."""
    seen: dict[str, int] = {}
    waiting = list(first)
    while waiting and len(seen) < at_most:
        path = waiting.pop(0).replace("&amp;", "&")
        if path in seen or path.startswith(("/static/", "/media/", "/documents/")):
            continue
        answer = reader.get(path + (f"{'&' if '?' in path else '?'}{more}" if more else ""))
        seen[path] = answer.status_code
        if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]:
            waiting += LINK.findall(answer.content.decode())
    return seen


def contents(folder: Path) -> list[bytes]:
    """Everything in the store as a reader would get it, headers included."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.parent != folder:
            told, _, packed = path.read_bytes().partition(b"\n")
            size = int(re.findall(rb'"gzip": (\d+)', told)[0])
            found.append(told + gzip.decompress(packed[:size]))
    return found


def starts() -> list[str]:
    return ["/en/", "/th/", "/en/help/", *SearchEntry.objects.values_list("url", flat=True)]


def is_form(path: str) -> bool:
    """Whether a page says of itself that nobody keeps it: a form with a challenge of its own for each reader."""
    return "no-store" in Client().get(path).get("Cache-Control", "")


def test_an_editor_a_searcher_and_a_sender_of_forms_leave_nothing_in_the_store(portal, store, editor):  # noqa: F811
    signed_in = client_of(editor)
    crawl(signed_in, starts())
    searcher = Client(headers={"user-agent": CANARY, "referer": f"https://{CANARY}.example/", "x-forwarded-for": "203.0.113.77"})
    for path in (f"/en/search/?q={CANARY}", f"/th/search/?page=1&q={CANARY}", f"/feeds/search.en.rss?q={CANARY}", f"/en/{CANARY}/"):
        searcher.get(path)
    sender = Client()
    for path in ("/en/", "/en/contact/", "/accounts/login/"):
        sender.get(path)
    sender.post("/accounts/login/", {"login": f"{CANARY}@demo.example", "password": CANARY})
    sender.post("/language/", {"language": "th", "next": f"/en/?{CANARY}"})
    sender.cookies["messages"] = CANARY
    for reader in (signed_in, searcher, sender, Client()):
        crawl(reader, starts())
        crawl(reader, ["/en/", "/en/news/"], more=f"x={CANARY}")
        crawl(reader, ["/en/", "/en/news/"], more=f"{CANARY}=")
    stored = contents(store)
    assert len(stored) > 20
    secrets = [
        CANARY,
        "203.0.113.77",
        "csrfmiddlewaretoken",
        "Set-Cookie",
        "sessionid",
        editor.email,
        *(m.value for m in sender.cookies.values() if m.value),
    ]
    secrets += [m.value for m in signed_in.cookies.values() if m.value]
    leaks = {secret for secret in secrets if len(secret) > 2 for page in stored if secret.encode() in page}
    assert leaks == set()


def test_whatever_was_stored_is_given_out_without_a_question(portal, store):  # noqa: F811
    visited = crawl(Client(), starts(), at_most=ALL)
    pages = [path for path, status in visited.items() if status == 200 and not FILE.match(path) and not is_form(path)]
    asked = {}
    for path in pages:
        os.utime(store / "stamp")  # as young as if somebody had just compared it: here, however slow the machine, nobody has to
        with CaptureQueriesContext(connection) as seen:
            Client().get(path)
        asked[path] = len(seen)
    unstored = {path for path, queries in asked.items() if queries}
    assert {path for path in unstored if "?" not in path} == set()
    assert len(unstored) < len(pages) / 10
