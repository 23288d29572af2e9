"""Screens in a real browser: somebody signed in, and what is wrong with a page, by axe's rules and by its width.

`SHOTS=data/pictures script/test tests/journeys` keeps a picture of every page that is judged, for people to look at.
"""

import os
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from saphan.access.models import User
from tests.people import client_of

Fault = tuple[str, str, list[str]]
SHOTS = os.environ.get("SHOTS", "")
UNFOLD = "() => document.querySelectorAll('details:not([open])').forEach(one => { one.open = true; one.dataset.unfolded = '' })"
FOLD = "() => document.querySelectorAll('details[data-unfolded]').forEach(one => { one.open = false; delete one.dataset.unfolded })"

# Thai on a telephone and English on a desk at each change; the other way round at night.
at_each_screen = pytest.mark.parametrize(
    ("language", "width"),
    [("th", 390), ("en", 1280), pytest.param("en", 390, marks=pytest.mark.long), pytest.param("th", 1280, marks=pytest.mark.long)],
)


def signed_in(browser: Browser, site: str, user: User, *, width: int = 1280, language: str = "en") -> Page:
    """A page of a test's own live server, at which this person is signed in with the second step done."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in ((settings.SESSION_COOKIE_NAME, session), ("django_language", language))]
    )
    return context.new_page()


def judged(page: Page, name: str) -> list[Fault]:
    """What is wrong with a page, what it folds away included: each rule of accessibility it breaks and where, and whether it is wider than the screen."""
    _keep_a_picture(page, name)
    page.evaluate(UNFOLD)
    faults = [(name, rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in Axe().run(page)["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append((name, "wider than the screen", []))
    page.evaluate(FOLD)
    return faults


def _keep_a_picture(page: Page, name: str) -> None:
    if SHOTS and page.viewport_size:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
