"""Every screen of the register and its public pages in a real browser, wide and narrow, English and Thai, judged by the accessibility rules."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from saphan.access.seeds import People
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent, Meeting, Notice
from saphan.agreements.seeds import plant
from saphan.directory.seeds import load_reference
from tests.judging import Fault, at_each_screen, judged, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


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


@at_each_screen
def test_every_screen_is_clean(live_server: Any, browser: Browser, people: People, width: int, language: str) -> None:
    load_reference()
    plant(people)
    page = signed_in(browser, live_server.url, people.agreement_officer, width=width, language=language)
    wrong: list[Fault] = []
    for name, path in screens().items():
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, (name, answer.status)
        wrong += judged(page, f"{name}-{language}")
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_are_clean(live_server: Any, browser: Browser, people: People, width: int) -> None:
    load_reference()
    plant(people)
    sop, bare = Agreement.objects.get(code="TH-LA-SOP"), Agreement.objects.get(code="GMS-11")
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    wrong: list[Fault] = []
    for language in ("en", "th", "lo"):
        for name, path in (("list", ""), ("page", f"{sop.pk}/"), ("bare", f"{bare.pk}/")):
            address = f"/{language}/agreements/{path}"
            assert len(Client().get(address).content) < 60_000
            page.goto(f"{live_server.url}{address}")
            wrong += judged(page, f"public-{name}-{language}")
    assert wrong == []
