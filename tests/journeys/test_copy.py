"""The site outlives its owner: a copy on a stick and behind a plain file server, read in Chromium."""

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running import ROOT, Site

pytestmark = pytest.mark.journey
PACT = "en/news/2007-08-08-ministry-and-iom-sign-a-pact/index.html"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: Any, journey_site: Site) -> Path:
    """The whole demonstration, written out by the command beside the running site."""
    place = tmp_path_factory.mktemp("outlives")
    words = [sys.executable, "-m", "saphan", "site", "export", str(place / "copy"), "--json"]
    done = subprocess.run(words, env=journey_site.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    report = json.loads(done.stdout.strip().splitlines()[-1])
    assert report["broken"] == {}
    assert report["pages"] > 100
    return place / "copy"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind the plainest web server there is."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_words: Any) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def walked(browser: Browser, start: str, allowed: str) -> None:
    """From the first page to an article, a file of the library and a Thai word, without an error and without asking anybody else."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith((allowed, "data:")) else complaints.append(f"elsewhere: {request.url}"))
    page.goto(f"{start}/index.html")
    page.click("text=English")
    page.click("text=News & Updates")
    page.click("text=Ministry and IOM sign a pact")
    assert "Adapted from" in page.inner_text("main")
    assert "This is a copy of the site" in page.inner_text("body")
    found_by_search(page, start)
    a_file_of_the_library(page, start)
    assert not complaints, complaints
    page.close()


def found_by_search(page: Page, start: str) -> None:
    page.goto(f"{start}/th/index.html")
    for question, title in [("ข้อตกลง", "ข้อตกลง"), ("การค้ามนุษย์", ""), ("pact", "Ministry and IOM sign a pact")]:
        page.fill("#find", question)
        page.press("#find", "Enter")
        page.wait_for_selector(f"#copy-results li a:has-text('{title}')")
    page.click("#copy-results li a")
    assert page.locator("h1").count() == 1
    page.goto(f"{start}/en/search/index.html?q=zzzzqqq")
    page.wait_for_selector("#copy-results p")
    page.wait_for_function("document.getElementById('copy-results').innerText.includes('Nothing')")


def a_file_of_the_library(page: Page, start: str) -> None:
    page.goto(f"{start}/en/library/index.html")
    page.click("main .item a, main article a")
    for place in page.locator("main a[href]").all():
        href = str(place.get_attribute("href"))
        if href.endswith((".pdf", ".docx", ".txt")):
            assert page.request.get(page.evaluate("h => new URL(h, location.href).href", href)).ok if start.startswith("http") else True
            return


def test_it_works_from_a_stick(copy: Path, browser: Browser) -> None:
    walked(browser, copy.as_uri(), "file:///")


def test_it_works_from_any_web_server(copy: Path, browser: Browser) -> None:
    with served(copy) as address:
        walked(browser, address, address)


def test_without_script_everything_is_listed(copy: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{copy.as_uri()}/en/search/index.html")
    page.click("text=Ministry and IOM sign a pact")
    assert page.url.endswith(PACT)
    context.close()
