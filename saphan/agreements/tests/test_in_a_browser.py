"""Every screen of the register and its public pages in a real browser, wide and narrow, English and Thai, judged by the accessibility rules."""

import os
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent, Meeting, Notice
from saphan.agreements.seeds import plant
from saphan.directory.seeds import load_reference
from tests.browser import picture
from tests.people import client_of

AXE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOTS = os.environ.get("SHOTS", "")  # a directory where the pictures go, to be looked at

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def signed_in(browser: Browser, site: str, user: User, width: int, language: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    session = client_of(user).cookies[django_settings.SESSION_COOKIE_NAME].value
    for name, value in ((django_settings.SESSION_COOKIE_NAME, session), ("django_language", language)):
        context.add_cookies([{"name": name, "value": value, "url": site}])
    return context


def judged(page: Page, name: str) -> list[Any]:
    if SHOTS:
        picture(page, f"{SHOTS}/{name}.png")
    page.add_script_tag(content=AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wrong = [(name, v["id"], [node["target"] for node in v["nodes"]][:3]) for v in found["violations"]]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        wrong.append((name, "wider than the screen", []))
    return wrong


def screens() -> dict[str, str]:
    """Each screen by a name, with its address."""
    sop, bare = Agreement.objects.get(code="TH-LA-SOP"), Agreement.objects.get(code="GMS-02")
    mou = AgreementVersion.objects.get(agreement__code="TH-KH-MOU")
    signed, draft = AgreementVersion.objects.filter(agreement=sop).order_by("minor")
    meeting = Meeting.objects.filter(state="held")[0]
    named = {
        "list": ("list",), "new": ("new",), "points": ("points",), "notices": ("notices",), "settle": ("settle", Notice.objects.all()[0].pk),
        "detail": ("detail", sop.pk), "bare": ("detail", bare.pk), "edit": ("edit", sop.pk), "begin": ("begin", sop.pk), "force": ("force", sop.pk),
        "take_back": ("take_back", ForceEvent.objects.get(agreement=sop).pk), "version": ("version", signed.pk), "draft": ("version", draft.pk),
        "agreed": ("version", mou.pk), "sign": ("sign", mou.pk), "words": ("words", mou.pk), "procedure": ("procedure", draft.pk),
        "print": ("print", signed.pk), "print_unsigned": ("print", mou.pk), "meeting": ("meeting", meeting.pk), "edit_meeting": ("edit_meeting", meeting.pk),
    }  # fmt: skip
    return {name: reverse(f"agreements:{view}", args=args) for name, (view, *args) in named.items()} | {
        "empty": reverse("agreements:list") + "?q=zzz"
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "th"])
def test_every_screen_is_clean(live_server: Any, browser: Browser, people: People, width: int, language: str) -> None:
    load_reference()
    plant(people)
    context = signed_in(browser, live_server.url, people.agreement_officer, width, language)
    page, wrong = context.new_page(), []
    for name, path in screens().items():
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        wrong += judged(page, f"{name}-{language}-{width}")
    context.close()
    assert wrong == []


@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_are_clean(live_server: Any, browser: Browser, people: People, width: int) -> None:
    load_reference()
    plant(people)
    sop, bare = Agreement.objects.get(code="TH-LA-SOP"), Agreement.objects.get(code="GMS-11")
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    wrong: list[Any] = []
    for language in ("en", "th", "lo"):
        for name, path in (("list", ""), ("page", f"{sop.pk}/"), ("bare", f"{bare.pk}/")):
            address = f"/{language}/agreements/{path}"
            assert len(Client().get(address).content) < 60_000
            page.goto(f"{live_server.url}{address}")
            wrong += judged(page, f"public-{name}-{language}-{width}")
    assert wrong == []
