"""Every URL x every role refuses what no rule allows, on GET and on POST."""

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.access.roles import Role, acts_of
from saphan.access.seeds import People
from tests.architecture.urls import OPEN_BY_NATURE, Address, addresses
from tests.people import client_of

pytestmark = pytest.mark.once
# Pages of the account itself: for anybody who is signing in or signed in, or for a visitor with an invitation.
OWN_ACCOUNT = ("accounts/",)


def guarded() -> list[Address]:
    return [a for a in addresses() if a.action]


def test_every_address_is_guarded_or_open_by_its_nature() -> None:
    unknown = [
        a.route
        for a in addresses()
        if not a.action
        and a.route
        and not any(a.route.startswith(p) for p in (*OPEN_BY_NATURE[:-1], *OWN_ACCOUNT, "parts/", "robots.txt", "sitemap.xml"))
    ]
    assert unknown == []


def test_no_desk_address_is_without_an_action() -> None:
    assert [a.route for a in addresses() if a.route.startswith("desk/") and not a.action] == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_to_the_house_is_sent_to_sign_in(method: str) -> None:
    client = Client()
    wrong = [
        a.route for a in guarded() if (reply := getattr(client, method)(a.path)).status_code != 302 or "/accounts/login" not in reply["Location"]
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_without_the_act_is_refused(people: People, role: Role, method: str) -> None:
    user: User = people.owner
    user.grants.update(role=role)
    client = client_of(user)
    allowed = acts_of(frozenset({role}))
    wrong = [
        (a.route, code) for a in guarded() if a.action not in allowed and (code := getattr(client, method)(a.path).status_code) not in {403, 405}
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_an_id_that_does_not_exist_is_never_an_error_of_the_server(people: People, role: Role) -> None:
    user: User = people.owner
    user.grants.update(role=role)
    client = client_of(user)
    allowed = acts_of(frozenset({role}))
    mine = [a for a in guarded() if a.action in allowed and "<uuid" in a.route]
    wrong = [(a.route, m, code) for a in mine for m in ("get", "post") if (code := getattr(client, m)(a.path).status_code) not in {404, 405}]
    assert wrong == []
