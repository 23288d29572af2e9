"""The one policy: no role, no rule, no entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.access import policy
from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import ROLES, Role, acts_of
from saphan.access.sensitivity import MATRIX, readable
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity


class Somebody:
    """An account as the policy sees it."""

    is_authenticated = is_active = True

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles


roles = st.frozensets(st.sampled_from(Role))
actions = st.sampled_from(Action)


@given(roles, actions)
def test_without_a_rule_every_role_is_refused(held: frozenset[str], action: Action) -> None:
    kept = policy.RULES.pop(action, None)
    try:
        verdict = policy.check(Somebody(held), action)
        assert not verdict
        assert verdict.why
    finally:
        if kept:
            policy.RULES[action] = kept


@given(roles, actions)
def test_a_role_that_does_not_include_an_act_is_refused_whatever_the_rule_says(held: frozenset[str], action: Action) -> None:
    if action not in acts_of(held):
        assert not policy.check(Somebody(held), action)


@pytest.mark.parametrize("action", Action)
def test_a_closed_account_may_do_nothing(action: Action) -> None:
    closed = Somebody(frozenset(Role))
    closed.is_active = False
    assert not policy.check(closed, action)


def test_every_act_of_accounts_organisations_directory_and_audit_has_a_rule() -> None:
    ours = {a for a in Action if a.value.split(":")[0] in {"accounts", "organisations", "directory", "audit", "desk"}}
    assert ours <= policy.RULES.keys()


CASEWORK = ("persons:", "cases:", "reports:", "referrals:", "interviews:", "hearings:", "consents:", "documents:", "notes:")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORG_ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.PORTAL_EDITOR])
def test_who_runs_the_platform_has_no_act_on_cases(role: Role) -> None:
    assert [a for a in ROLES[role] if a.value.startswith(CASEWORK)] == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORG_ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER])
def test_who_runs_the_platform_reads_nothing_sealed(role: Role) -> None:
    assert readable({role}, MATRIX) == frozenset()


@given(roles, st.frozensets(st.sampled_from([*MATRIX, "unheard of"])))
def test_more_ties_never_open_less(held: frozenset[str], ties: frozenset[str]) -> None:
    opened = readable(held, ties)
    assert opened <= set(SEALED_CLASSES)
    for tie in ties:
        assert readable(held, {tie}) <= opened


def test_a_colleague_and_an_unknown_tie_open_nothing() -> None:
    assert readable(Role, {"colleague", "unheard of"}) == frozenset()


def test_a_supervisor_does_not_see_the_place_without_a_stated_purpose() -> None:
    assert Sensitivity.LOCATION not in readable({Role.CASE_SUPERVISOR}, {"supervisor"})
    assert Sensitivity.LOCATION in readable({Role.CASE_SUPERVISOR}, {"supervisor", "purpose"})


def test_the_team_hears_no_name() -> None:
    assert Sensitivity.IDENTITY not in readable({Role.MDT_MEMBER}, {"team"})


def test_an_anonymous_visitor_is_refused() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not policy.check(AnonymousUser(), Action.DESK_OPEN)


def test_roles_end_when_their_time_is_over(owner: User) -> None:
    from datetime import timedelta

    from saphan.core import clock
    from tests.people import NOON

    owner.grants.update(ends_at=NOON)
    with clock.stopped_at(NOON - timedelta(seconds=1)):
        assert User.objects.get(pk=owner.pk).roles
    with clock.stopped_at(NOON):
        assert not User.objects.get(pk=owner.pk).roles
