"""Invitations, roles and closing accounts: within one's own organisation, and never oneself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from saphan.access import services
from saphan.access.models import Invitation, User
from saphan.access.roles import Role
from saphan.audit.models import AuditEvent
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from saphan.core.models import OutboxMessage
from saphan.directory.models import Organisation
from tests.people import NOON, client_of

WORDS = "a sentence of some length"


def invited(by: User, **more: Any) -> tuple[Invitation, str]:
    """An invitation and the token of its mail."""
    given: dict[str, Any] = {"email": "New.Worker@demo.example", "org": by.org, "roles": [Role.CASE_WORKER], "at": NOON} | more
    invitation = services.invite(by=by, **given)
    body = OutboxMessage.objects.get(key=f"invitation:{invitation.pk}").payload["body"]
    match = re.search(r"/accounts/join/([^/]+)/", body)
    assert match is not None
    return invitation, match.group(1)


def join(token: str, **more: Any) -> User:
    given: dict[str, Any] = {"name": "New Worker", "password": WORDS, "language": "th", "at": NOON} | more
    return services.accept_invitation(token=token, **given)


def test_an_invitation_makes_an_account_with_its_roles(org_admin: User) -> None:
    invitation, token = invited(org_admin)
    user = join(token)
    assert (user.email, user.org_id, user.roles) == ("new.worker@demo.example", org_admin.org_id, frozenset({Role.CASE_WORKER}))
    assert user.check_password(WORDS)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())


def test_a_link_opens_once(org_admin: User) -> None:
    _invitation, token = invited(org_admin)
    join(token)
    with pytest.raises(NotFound):
        join(token)


@pytest.mark.parametrize(("days", "opens"), [(6, True), (7, False), (400, False)])
def test_a_link_opens_for_seven_days(days: int, opens: bool, org_admin: User) -> None:
    _invitation, token = invited(org_admin)
    at = NOON + timedelta(days=days)
    if opens:
        assert join(token, at=at)
    else:
        with pytest.raises(NotFound):
            join(token, at=at)


def test_a_withdrawn_link_is_dead_and_looks_like_an_unknown_one(org_admin: User) -> None:
    invitation, token = invited(org_admin)
    services.revoke_invitation(invitation_id=invitation.pk, by=org_admin, at=NOON)
    dead, unknown = Client().get(f"/accounts/join/{token}/"), Client().get("/accounts/join/nothing/")
    assert dead.status_code == unknown.status_code == 404
    assert dead.content.replace(token.encode(), b"") == unknown.content.replace(b"nothing", b"")
    with pytest.raises(WrongState):
        services.revoke_invitation(invitation_id=invitation.pk, by=org_admin, at=NOON)


def test_a_weak_password_is_said_at_its_field_and_the_link_still_opens(org_admin: User) -> None:
    _invitation, token = invited(org_admin)
    with pytest.raises(Invalid) as refused:
        join(token, password="password")
    assert "password" in refused.value.fields
    assert join(token)


def test_the_same_address_is_not_invited_twice(org_admin: User, owner: User) -> None:
    invited(org_admin)
    for email in ("new.worker@demo.example", owner.email):
        with pytest.raises(Invalid):
            invited(org_admin, email=email)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
def test_an_organisation_never_makes_an_administrator_of_the_platform(role: Role, org_admin: User, owner: User) -> None:
    with pytest.raises(Refused):
        invited(org_admin, roles=[role])
    with pytest.raises(Refused):
        services.grant_role(user=owner, role=role, by=org_admin, at=NOON)


def test_an_organisation_invites_for_itself_only(org_admin: User, ngo: Organisation) -> None:
    with pytest.raises(Refused):
        invited(org_admin, org=ngo)


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.ADMINISTRATOR, Role.ORG_ADMINISTRATOR}])
def test_an_administrator_of_the_platform_makes_nobody_who_sees_cases(role: Role, administrator: User) -> None:
    with pytest.raises(Refused):
        invited(administrator, roles=[role])


@pytest.mark.parametrize("name", ["org_admin", "stranger", "administrator"])
def test_roles_are_given_by_others_within_the_organisation(name: str, org_admin: User, request: Any) -> None:
    with pytest.raises(Refused):
        services.grant_role(user=request.getfixturevalue(name), role=Role.CASE_WORKER, by=org_admin, at=NOON)


def test_a_role_is_held_once_and_can_be_given_again(org_admin: User, owner: User) -> None:
    with pytest.raises(WrongState):
        services.grant_role(user=owner, role=Role.CASE_WORKER, by=org_admin, at=NOON)
    services.revoke_role(grant_id=owner.grants.get().pk, by=org_admin, at=NOON)
    assert Role.CASE_WORKER not in User.objects.get(pk=owner.pk).roles
    services.grant_role(user=owner, role=Role.CASE_WORKER, by=org_admin, at=NOON)
    assert Role.CASE_WORKER in User.objects.get(pk=owner.pk).roles


@pytest.mark.parametrize(
    ("by", "whom"), [("org_admin", "org_admin"), ("org_admin", "stranger"), ("org_admin", "administrator"), ("owner", "colleague")]
)
def test_who_may_not_close_an_account(by: str, whom: str, request: Any) -> None:
    with pytest.raises(Refused):
        services.deactivate_account(user=request.getfixturevalue(whom), by=request.getfixturevalue(by), at=NOON)


def test_each_act_leaves_one_event_without_values(org_admin: User, owner: User) -> None:
    before = AuditEvent.objects.count()
    services.deactivate_account(user=owner, by=org_admin, at=NOON)
    services.reactivate_account(user=owner, by=org_admin, at=NOON)
    assert AuditEvent.objects.count() == before + 2
    assert owner.email not in str(list(AuditEvent.objects.values()))


def test_a_denial_on_a_page_is_recorded(owner: User) -> None:
    client = client_of(owner)
    assert client.get("/accounts/people/").status_code == 403
    event = AuditEvent.objects.latest("id")
    assert (event.outcome, event.action, event.actor) == ("denied", "accounts:list", str(owner.pk))


def test_an_account_of_another_organisation_looks_absent(org_admin: User, stranger: User) -> None:
    client = client_of(org_admin)
    foreign = client.get(f"/accounts/people/{stranger.pk}/")
    absent = client.get("/accounts/people/00000000-0000-4000-8000-000000000000/")
    assert foreign.status_code == absent.status_code == 404


def test_the_screens_of_people_work(org_admin: User, owner: User) -> None:
    client = client_of(org_admin)
    assert owner.name in client.get("/accounts/people/?words=somsri&role=case_worker&state=open").content.decode()
    assert client.get(f"/accounts/people/{owner.pk}/").status_code == 200
    assert client.post(f"/accounts/people/{owner.pk}/grant/", {"role": ""}).status_code == 422
    assert client.post(f"/accounts/people/{owner.pk}/grant/", {"role": Role.MDT_MEMBER.value}).status_code == 302
    grant = owner.grants.get(role=Role.MDT_MEMBER)
    assert client.post(f"/accounts/people/{owner.pk}/revoke/{grant.pk}/").status_code == 302
    assert client.get(f"/accounts/people/{owner.pk}/close/").status_code == 200
    assert client.post(f"/accounts/people/{owner.pk}/close/").status_code == 302
    assert client.post(f"/accounts/people/{owner.pk}/open/").status_code == 302
    assert client.post("/accounts/invitations/new/", {"email": "no"}).status_code == 422
    sent = client.post(
        "/accounts/invitations/new/", {"email": "n@demo.example", "org": str(org_admin.org_id), "roles": ["case_worker"], "language": "th"}
    )
    assert sent.status_code == 302
    assert "n@demo.example" in client.get("/accounts/invitations/").content.decode()
    assert client.post(f"/accounts/invitations/{Invitation.objects.get().pk}/withdraw/").status_code == 302


def test_the_invited_person_joins_by_the_page(org_admin: User) -> None:
    _invitation, token = invited(org_admin, at=__import__("saphan.core.clock", fromlist=["now"]).now())
    client = Client()
    assert client.get(f"/accounts/join/{token}/").status_code == 200
    assert client.post(f"/accounts/join/{token}/", {"name": "N", "language": "en", "password": "short"}).status_code == 422
    assert client.post(f"/accounts/join/{token}/", {"name": "N", "language": "en", "password": WORDS})["Location"] == "/accounts/login/"
