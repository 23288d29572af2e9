"""Two persons let an organisation in, neither of them its proposer (R4)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from saphan.access import organisations as acts
from saphan.access.models import OrganisationApproval, RoleGrant, User
from saphan.access.roles import Role
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from saphan.core.ids import new_id
from saphan.directory.models import Country, Organisation
from tests.people import NOON, client_of

State = Organisation.State


def proposed(by: User, name: str = "Hill Children Fund (demo)") -> Organisation:
    return acts.propose_organisation(name_en=name, name_th="", kind="ngo", country=Country.objects.get(pk="TH"), by=by, at=NOON)


def test_two_administrators_let_it_in(org_admin: User, administrator: User, second_administrator: User) -> None:
    org = proposed(org_admin)
    assert acts.approve_organisation(org_id=org.pk, by=administrator, at=NOON).state == State.PROPOSED
    assert acts.approve_organisation(org_id=org.pk, by=second_administrator, at=NOON).state == State.APPROVED


def test_one_person_does_not_sign_twice(org_admin: User, administrator: User) -> None:
    org = proposed(org_admin)
    acts.approve_organisation(org_id=org.pk, by=administrator, at=NOON)
    with pytest.raises(Refused):
        acts.approve_organisation(org_id=org.pk, by=administrator, at=NOON)
    org.refresh_from_db()
    assert org.state == State.PROPOSED


def test_the_proposer_does_not_approve_even_with_two_roles(administrator: User, org_admin: User) -> None:
    org = proposed(administrator)
    RoleGrant.objects.create(user=org_admin, role=Role.ADMINISTRATOR, granted_at=NOON)
    other = proposed(org_admin, "Other Fund (demo)")
    for user, which in ((administrator, org), (User.objects.get(pk=org_admin.pk), other)):
        with pytest.raises(Refused):
            acts.approve_organisation(org_id=which.pk, by=user, at=NOON)


def test_two_sessions_of_one_person_are_one_person(org_admin: User, administrator: User) -> None:
    org = proposed(org_admin)
    first, second = client_of(administrator), client_of(administrator)
    assert first.post(f"/accounts/organisations/{org.pk}/approve/").status_code == 302
    assert second.post(f"/accounts/organisations/{org.pk}/approve/").status_code == 403
    org.refresh_from_db()
    assert org.state == State.PROPOSED


def test_the_database_itself_keeps_one_signature_each(org_admin: User, administrator: User) -> None:
    org = proposed(org_admin)
    for act, by in (("approve", org_admin), ("propose", administrator)):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganisationApproval.objects.create(org=org, round=1, act=act, by=by, at=NOON)


def test_a_suspended_organisation_needs_two_new_signatures(
    org_admin: User, administrator: User, second_administrator: User, ngo: Organisation, stranger: User
) -> None:
    epoch = stranger.session_epoch
    acts.suspend_organisation(org_id=ngo.pk, by=administrator, at=NOON)
    stranger.refresh_from_db()
    assert stranger.session_epoch > epoch
    acts.propose_again(org_id=ngo.pk, by=org_admin, at=NOON)
    acts.approve_organisation(org_id=ngo.pk, by=administrator, at=NOON)
    assert acts.approve_organisation(org_id=ngo.pk, by=second_administrator, at=NOON).state == State.APPROVED


def test_a_rejected_organisation_stays_out(org_admin: User, administrator: User) -> None:
    org = proposed(org_admin)
    acts.reject_organisation(org_id=org.pk, by=administrator, at=NOON)
    with pytest.raises(WrongState):
        acts.approve_organisation(org_id=org.pk, by=administrator, at=NOON)


@pytest.mark.parametrize("name", ["owner", "supervisor", "dpo", "org_admin"])
def test_nobody_else_approves(name: str, administrator: User, request: Any) -> None:
    with pytest.raises(Refused):
        acts.approve_organisation(org_id=proposed(administrator).pk, by=request.getfixturevalue(name), at=NOON)


def test_unknown_and_double_names(administrator: User) -> None:
    with pytest.raises(NotFound):
        acts.approve_organisation(org_id=new_id(), by=administrator, at=NOON)
    proposed(administrator)
    with pytest.raises(Invalid):
        proposed(administrator)


def test_the_screens_of_organisations_work(org_admin: User, administrator: User) -> None:
    client = client_of(org_admin)
    assert client.post("/accounts/organisations/new/", {}).status_code == 422
    reply = client.post("/accounts/organisations/new/", {"name_en": "Fund (demo)", "kind": "ngo", "country": "TH"})
    org = Organisation.objects.get(name_en="Fund (demo)")
    assert reply["Location"] == f"/accounts/organisations/{org.pk}/"
    assert "Fund (demo)" in client.get("/accounts/organisations/?state=proposed").content.decode()
    assert "Sign for it" in client_of(administrator).get(reply["Location"]).content.decode()
    assert client.post(f"/accounts/organisations/{org.pk}/approve/").status_code == 403
