"""Passkeys and the second step in Chromium, under the strict content security policy, and with no script at all."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_core_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client

from saphan.access.models import User
from saphan.access.seeds import current_code
from tests.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_limit_is_used_up() -> None:
    cache.clear()


def complaints_of(page: Any) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def faults(page: Any) -> list[str]:
    return [f"{page.url}: {v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page)["violations"]]


def sign_in(page: Any, site: str, user: User) -> None:
    page.goto(site + "/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form:first-of-type button")
    page.fill("[name=code]", current_code(user))
    page.click("main form:first-of-type button")


def test_a_passkey_is_added_and_opens_the_account_alone(browser: Any, live_server: Any, owner: User) -> None:
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = browser.new_context().new_page()
    said, wrong = complaints_of(page), []
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
    sign_in(page, site, owner)
    page.goto(site + "/accounts/second-step/webauthn/add/")
    wrong += faults(page)
    page.click("main form button")
    page.wait_for_url("**/recovery-codes/")
    for path in ["", "second-step/", "second-step/webauthn/", "password/change/", "directory/"]:
        page.goto(site + "/accounts/" + path)
        wrong += faults(page)
    page.context.clear_cookies()
    page.goto(site + "/accounts/login/")
    wrong += faults(page)
    page.click("#passkey button")
    page.wait_for_url("**/desk/")
    assert Authenticator.objects.filter(user=owner).filter(type="webauthn").count() == 1
    assert said == []
    assert wrong == []


def test_an_attacked_worker_still_enters_with_her_passkey_from_the_same_address(browser: Any, live_server: Any, owner: User) -> None:
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = browser.new_context().new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
    sign_in(page, site, owner)
    page.goto(site + "/accounts/second-step/webauthn/add/")
    page.click("main form button")
    page.wait_for_url("**/recovery-codes/")
    page.context.clear_cookies()
    for _ in range(7):
        locked = Client().post("/accounts/login/", {"login": owner.email, "password": "wrong"})
    assert locked.status_code == 429
    page.goto(site + "/accounts/login/")
    page.click("#passkey button")
    page.wait_for_url("**/desk/")


def test_password_and_code_work_without_script(browser: Any, live_server: Any, owner: User) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    sign_in(page, live_server.url, owner)
    assert page.url.endswith("/desk/")
