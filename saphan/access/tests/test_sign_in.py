"""Second step, no enumeration, and a lockout that is no weapon (R11)."""

import re
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.forms import ValidationError
from django.test import Client

from saphan.access.models import SpentCode, User
from saphan.access.seeds import current_code
from saphan.access.signin_forms import spend
from saphan.access.tests.test_sessions import enter, is_inside
from saphan.core import outbox
from tests.people import PASSWORD

LOGIN, CODE = "/accounts/login/", "/accounts/second-step/authenticate/"


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def test_the_password_alone_opens_nothing(owner: User) -> None:
    client = Client()
    assert client.post(LOGIN, {"login": owner.email, "password": PASSWORD})["Location"] == CODE
    assert not is_inside(client)


def test_a_code_opens_once(owner: User) -> None:
    code = current_code(owner)
    first, second = Client(), Client()
    for client in (first, second):
        client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert first.post(CODE, {"code": code}).status_code == 302
    cache.clear()  # as if another process served the second request
    assert second.post(CODE, {"code": code}).status_code == 200
    assert not is_inside(second)


def test_two_requests_at_once_cannot_spend_one_code(owner: User) -> None:
    authenticator = Authenticator.objects.filter(user=owner).get()
    spend(owner, authenticator, current_code(owner))
    with pytest.raises(ValidationError):
        spend(owner, authenticator, current_code(owner))
    assert SpentCode.objects.filter(user=owner).count() == 1


def test_known_and_unknown_accounts_answer_alike(owner: User) -> None:
    def answer(login: str) -> tuple[int, str]:
        reply = Client().post(LOGIN, {"login": login, "password": "wrong wrong wrong"})
        return reply.status_code, re.sub(r'value="[^"]*"', "", reply.content.decode())

    assert answer(owner.email) == answer("nobody@demo.example")


def test_an_unknown_account_costs_a_hash_too(owner: User) -> None:
    with patch(
        "django.contrib.auth.base_user.make_password", wraps=__import__("django.contrib.auth.hashers", fromlist=["x"]).make_password
    ) as hashed:
        Client().post(LOGIN, {"login": "nobody@demo.example", "password": "wrong wrong wrong"})
    assert hashed.called


def fail(times: int, login: str, address: str) -> Any:
    for _ in range(times):
        reply = Client(REMOTE_ADDR=address).post(LOGIN, {"login": login, "password": "wrong"})
    return reply


def test_six_failures_close_the_pair_of_account_and_address_only(owner: User) -> None:
    assert fail(6, owner.email, "203.0.113.9").status_code == 429
    cache.clear()
    attacked = Client(REMOTE_ADDR="203.0.113.9")
    assert attacked.post(LOGIN, {"login": owner.email, "password": PASSWORD}).status_code == 429
    home = Client(REMOTE_ADDR="198.51.100.4")
    enter(home, owner, REMOTE_ADDR="198.51.100.4")
    assert home.get("/accounts/", REMOTE_ADDR="198.51.100.4").status_code == 200


def test_the_lockout_is_the_same_for_an_unknown_account(owner: User) -> None:
    known, unknown = fail(6, owner.email, "203.0.113.9"), fail(6, "nobody@demo.example", "203.0.113.10")
    assert known.status_code == unknown.status_code == 429
    assert known.content == unknown.content


def test_no_address_of_a_person_lies_in_the_counter(owner: User) -> None:
    from axes.models import AccessAttempt

    fail(3, owner.email, "203.0.113.9")
    assert AccessAttempt.objects.exists()
    assert owner.email not in str(list(AccessAttempt.objects.values()))


def test_wrong_codes_are_limited_for_that_address_only(owner: User) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    guesser.post(LOGIN, {"login": owner.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        guesser.post(CODE, {"code": "000000"})
    cache.clear()
    assert guesser.post(CODE, {"code": current_code(owner)}).status_code != 302
    home = Client(REMOTE_ADDR="198.51.100.4")
    assert enter(home, owner).status_code == 302


def test_an_over_long_password_is_refused_before_hashing(owner: User) -> None:
    with patch("django.contrib.auth.hashers.MD5PasswordHasher.encode") as encode:
        reply = Client().post(LOGIN, {"login": owner.email, "password": "x" * 1025})
    assert reply.status_code == 200
    assert not encode.called


def test_a_recovery_code_opens_once(owner: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(owner).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
        assert client.post(CODE, {"code": code}).status_code == expected


def test_a_mailed_reset_does_not_skip_the_second_step(owner: User) -> None:
    client = Client()
    done = client.post("/accounts/password/reset/", {"email": owner.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@demo.example"})
    assert (done.status_code, done["Location"]) == (unknown.status_code, unknown["Location"])
    outbox.run_once()
    assert len(mail.outbox) == 1
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link.group(1), follow=True)
    new = "an entirely new sentence"
    assert client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}).status_code == 302
    assert not is_inside(client)
    assert client.post(LOGIN, {"login": owner.email, "password": new})["Location"] == CODE


def test_nobody_joins_without_an_invitation(db: Any) -> None:
    for method in ("get", "post"):
        assert getattr(Client(), method)("/accounts/signup/", follow=True).status_code == 404


def test_a_change_of_the_second_step_asks_the_password_again_after_a_while(owner: User) -> None:
    client = Client()
    enter(client, owner)
    session = client.session
    session["began_at"] -= 600
    session.save()
    assert client.get("/accounts/second-step/webauthn/add/")["Location"].startswith("/accounts/reauthenticate/")
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/second-step/webauthn/add/"})
    assert page["Location"] == "/accounts/second-step/webauthn/add/"
    assert client.get(page["Location"]).status_code == 200


def test_the_last_second_step_stays(owner: User) -> None:
    client = Client()
    enter(client, owner)
    client.post("/accounts/second-step/totp/deactivate/", {})
    assert Authenticator.objects.filter(user=owner).filter(type="totp").exists()


def test_the_secret_of_a_second_step_is_sealed_in_the_database(owner: User) -> None:
    from allauth.mfa.utils import decrypt

    stored = Authenticator.objects.filter(user=owner).get().data["secret"]
    assert decrypt(stored) not in stored
    assert len(decrypt(stored)) == 32


def test_a_demo_shows_the_code_of_invented_people_only(owner: User, settings: Any) -> None:
    client = Client()
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert current_code(owner) not in client.get(CODE).content.decode()
    settings.DEMO = True
    assert current_code(owner) in client.get(CODE).content.decode()
    User.objects.filter(pk=owner.pk).update(is_demo=False)
    assert current_code(owner) not in client.get(CODE).content.decode()


def test_a_new_person_sets_up_an_app_with_a_picture_drawn_here(owner: User) -> None:
    Authenticator.objects.filter(user=owner).all().delete()
    client = Client()
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    page = client.get("/accounts/second-step/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))
    assert client.post("/accounts/second-step/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_people_of_a_suspended_organisation_do_not_enter(owner: User) -> None:
    owner.org.state = "suspended"
    owner.org.save()
    assert Client().post(LOGIN, {"login": owner.email, "password": PASSWORD})["Location"] == "/accounts/inactive/"


@pytest.mark.parametrize(
    "path", ["login/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/", "password/reset/key/1-set-password/"]
)
def test_every_page_before_the_door_renders(path: str, db: Any) -> None:
    assert Client().get("/accounts/" + path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "password/change/",
        "reauthenticate/",
        "logout/",
        "second-step/",
        "second-step/webauthn/",
        "second-step/webauthn/add/",
        "second-step/totp/deactivate/",
        "second-step/recovery-codes/generate/",
        "second-step/recovery-codes/",
        "second-step/reauthenticate/",
    ],
)
def test_every_page_of_the_own_account_renders(path: str, owner: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client = Client()
    enter(client, owner)
    RecoveryCodes.activate(owner)
    assert client.get("/accounts/" + path).status_code == 200
