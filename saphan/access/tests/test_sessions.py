"""Sessions end in time, and at once when it matters (R10); what was typed survives."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from saphan.access import services
from saphan.access.held import KEY
from saphan.access.models import User
from saphan.access.roles import Role
from saphan.access.seeds import current_code
from saphan.core import clock
from tests.people import NOON, PASSWORD

OWN = "/accounts/"


def enter(client: Client, user: User, **more: Any) -> Any:
    """Signs in as a person does: password, then the code."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, **more)
    user.spent_codes.all().delete()
    from django.core.cache import cache

    cache.clear()
    return client.post("/accounts/second-step/authenticate/", {"code": current_code(user)}, **more)


def is_inside(client: Client) -> bool:
    return client.get(OWN).status_code == 200


def test_password_and_code_open_a_new_session(owner: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    reply = enter(client, owner)
    assert reply.status_code == 302
    assert reply["Location"] == "/desk/"
    assert is_inside(client)


def test_the_session_has_a_new_id_after_sign_in_and_the_old_one_is_dead(owner: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    enter(client, owner)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(planted)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not is_inside(thief)


def test_an_idle_session_ends(owner: User) -> None:
    client = Client()
    with clock.stopped_at(NOON):
        enter(client, owner)
    with clock.stopped_at(NOON + timedelta(minutes=settings.SESSION_IDLE_MINUTES - 1)):
        assert is_inside(client)
    with clock.stopped_at(NOON + timedelta(minutes=2 * settings.SESSION_IDLE_MINUTES - 2)):
        assert is_inside(client)
    with clock.stopped_at(NOON + timedelta(minutes=3 * settings.SESSION_IDLE_MINUTES)):
        reply = client.get(OWN)
        assert reply.status_code == 302
        assert "/accounts/login/" in reply["Location"]
        assert "nothing happened for a while" in client.get("/accounts/login/").content.decode()


def test_a_busy_session_ends_at_the_absolute_limit(owner: User) -> None:
    client = Client()
    with clock.stopped_at(NOON):
        enter(client, owner)
    at = NOON
    while at < NOON + timedelta(hours=settings.SESSION_ABSOLUTE_HOURS):
        with clock.stopped_at(at):
            assert is_inside(client)
        at += timedelta(minutes=20)
    with clock.stopped_at(NOON + timedelta(hours=settings.SESSION_ABSOLUTE_HOURS, minutes=1)):
        assert not is_inside(client)


@pytest.mark.parametrize("act", ["password", "grant", "revoke", "close"])
def test_other_sessions_die_with_password_role_and_account(act: str, owner: User, org_admin: User) -> None:
    client = Client()
    enter(client, owner)
    assert is_inside(client)
    if act == "password":
        owner.set_password("another long password")
        owner.save()
    elif act == "grant":
        services.grant_role(user=owner, role=Role.PROVINCIAL_OFFICER, by=org_admin, at=clock.now())
    elif act == "revoke":
        services.revoke_role(grant_id=owner.grants.get().pk, by=org_admin, at=clock.now())
    else:
        services.deactivate_account(user=owner, by=org_admin, at=clock.now())
    assert not is_inside(client)


def test_sign_out_elsewhere_keeps_the_present_session_only(owner: User) -> None:
    here, there = Client(), Client()
    enter(there, owner)
    enter(here, owner)
    here.post("/accounts/sign-out-elsewhere/")
    assert is_inside(here)
    assert not is_inside(there)
    assert here.get(OWN).content.decode().count(">here<") == 1


def cut_off(owner: User, **typed: str) -> Client:
    client = Client()
    with clock.stopped_at(NOON):
        enter(client, owner)
    with clock.stopped_at(NOON + timedelta(hours=1)):
        reply = client.post("/accounts/?from=test", typed)
        assert "next=/accounts/resume/" in reply["Location"]
    return client


LATER = NOON + timedelta(hours=1, minutes=5)


def test_what_was_typed_waits_for_the_same_person(owner: User) -> None:
    client = cut_off(owner, name="Somsri <b> typed\nthis", language="th", password="not this", csrfmiddlewaretoken="nor this")
    assert "What you typed is kept" in client.get("/accounts/login/").content.decode()
    with clock.stopped_at(LATER):
        assert enter(client, owner)["Location"] == "/accounts/resume/"
        page = client.get("/accounts/resume/").content.decode()
        assert "Somsri &lt;b&gt; typed\nthis" in page
        assert 'action="/accounts/?from=test"' in page
        assert "not this" not in page
        assert "nor this" not in page
        sent = client.post("/accounts/?from=test", {"name": "Somsri", "language": "th"})
        assert sent.status_code == 302
        assert KEY not in client.session


def test_another_person_never_sees_it(owner: User, colleague: User) -> None:
    client = cut_off(owner, name="secret words")
    with clock.stopped_at(LATER):
        enter(client, colleague)
        reply = client.get("/accounts/resume/")
        assert reply.status_code == 302
        assert KEY not in client.session


def test_nothing_typed_lies_readable_in_the_session(owner: User) -> None:
    client = cut_off(owner, name="secret words")
    assert "secret" not in str(dict(client.session.items()))


def test_a_held_form_is_gone_after_two_hours(owner: User) -> None:
    client = cut_off(owner, name="secret words")
    with clock.stopped_at(NOON + timedelta(hours=4)):
        enter(client, owner)
        assert client.get("/accounts/resume/").status_code == 302


def test_a_held_form_can_be_thrown_away(owner: User) -> None:
    client = cut_off(owner, name="secret words")
    with clock.stopped_at(LATER):
        enter(client, owner)
        client.post("/accounts/resume/discard/")
        assert KEY not in client.session


def test_a_form_too_large_to_hold_says_so(owner: User) -> None:
    client = Client()
    with clock.stopped_at(NOON):
        enter(client, owner)
    with clock.stopped_at(LATER):
        client.post(OWN, {"name": "x" * 300_000})
        assert KEY not in client.session
        assert "cannot be kept" in client.get("/accounts/login/").content.decode()


def test_a_forged_form_is_never_held(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[1])
    session = client.session
    session["seen_at"] = session["began_at"] = clock.now().timestamp() - 7200
    session.save()
    client.post(OWN, {"name": "planted by another site"})
    assert KEY not in client.session


def test_htmx_is_led_to_sign_in_with_the_whole_page(owner: User) -> None:
    client = Client()
    with clock.stopped_at(NOON):
        enter(client, owner)
    with clock.stopped_at(LATER):
        reply = client.get(OWN, headers={"HX-Request": "true"})
    assert reply.status_code == 204
    assert "/accounts/login/" in reply["HX-Redirect"]


def test_without_a_second_step_only_its_set_up_is_open(owner: User) -> None:
    Authenticator.objects.filter(user=owner).all().delete()
    client = Client()
    client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    for path in ["/desk/", OWN, "/accounts/people/", "/cms/"]:
        assert client.get(path)["Location"] == "/accounts/second-step/", path
    assert client.get("/accounts/second-step/").status_code == 200
    assert client.get("/accounts/second-step/totp/activate/").status_code in {200, 302}
    assert client.get("/en/").status_code != 302


def test_a_public_page_without_a_cookie_asks_no_session(owner: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Client().get("/accounts/login/")
