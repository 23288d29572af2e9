"""The installation's secret changes, and what it sealed still opens."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from saphan.access import held
from saphan.access.chores import clear_ended_sessions, forget_old_attempts, reseal_second_steps
from saphan.access.models import User
from saphan.access.signin import SecondStepAdapter
from tests.people import NOON, client_of


@pytest.fixture
def earlier(settings: Any) -> str:
    """What is done in the test body before `change` happens under this secret."""
    settings.SECRET_KEY = "the secret of before, long enough for a test"
    return str(settings.SECRET_KEY)


def change(settings: Any, *fallbacks: str) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the secret of now, also long enough for a test", list(fallbacks)


def test_a_second_step_opens_under_an_earlier_secret_and_not_without_it(earlier: str, settings: Any) -> None:
    sealed = SecondStepAdapter().encrypt("CANARY")
    change(settings, "another", earlier)
    assert SecondStepAdapter().decrypt(sealed) == "CANARY"
    change(settings)
    with pytest.raises(ImproperlyConfigured):
        SecondStepAdapter().decrypt(sealed)


def test_once_second_steps_are_sealed_anew_the_earlier_secret_may_go(earlier: str, settings: Any, owner: User) -> None:
    Authenticator.objects.filter(user=owner).delete()
    for kind, name in [(Authenticator.Type.TOTP, "secret"), (Authenticator.Type.RECOVERY_CODES, "seed")]:
        Authenticator.objects.create(user=owner, type=kind, data={name: SecondStepAdapter().encrypt("CANARY"), "used_mask": 3})
    Authenticator.objects.exclude(user=owner).delete()
    change(settings, earlier)
    assert (reseal_second_steps(NOON), reseal_second_steps(NOON)) == (2, 0)
    change(settings)
    rows = [row.data for row in Authenticator.objects.order_by("type")]
    assert [SecondStepAdapter().decrypt(data.get("secret") or data["seed"]) for data in rows] == ["CANARY", "CANARY"]
    assert {data["used_mask"] for data in rows} == {3}


def test_a_form_held_before_the_change_comes_back_after_it(earlier: str, settings: Any, owner: User) -> None:
    request = RequestFactory().post("/desk/reports/new/", {"place": "CANARY"})
    kept = held.seal(request, owner, NOON)
    request.session = {held.KEY: kept}  # type: ignore[assignment]  # a dict is session enough here
    change(settings, earlier)
    found = held.unseal(request, owner, NOON)
    assert found is not None
    assert found.fields == [("place", "CANARY")]
    change(settings)
    assert held.unseal(request, owner, NOON) is None


def test_a_session_in_use_survives_the_change_and_one_from_before_ends_with_the_earlier_secret(earlier: str, settings: Any, owner: User) -> None:
    used, resting = client_of(owner), client_of(owner)
    change(settings, earlier)
    assert used.get("/desk/").status_code == 200
    change(settings)
    assert used.get("/desk/").status_code == 200
    assert resting.get("/desk/").status_code == 302


@pytest.mark.django_db
def test_ended_sessions_and_failed_sign_ins_that_no_longer_count_are_thrown_away(settings: Any) -> None:
    for key, days in (("ended", -1), ("open", 40000)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOON + timedelta(days=days))
    AccessAttempt.objects.create(username="mark", ip_address="192.0.2.1", failures_since_start=1)
    now = AccessAttempt.objects.get().attempt_time
    clear_ended_sessions(NOON)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert forget_old_attempts(now + settings.AXES_COOLOFF_TIME / 2) == 0
    assert forget_old_attempts(now + settings.AXES_COOLOFF_TIME * 2) == 1
