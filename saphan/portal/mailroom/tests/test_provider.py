"""What a mail provider tells, at an address with a secret."""

import json

import pytest
from django.http import Http404
from django.test import RequestFactory, override_settings

from saphan.portal.mailroom import refusals
from saphan.portal.mailroom.views import told_by_provider

pytestmark = pytest.mark.django_db
HERE = {"MAIL_PROVIDER": "postmark", "POST_SECRET": "a-long-random-word"}
BOUNCE = {
    "RecordType": "Bounce",
    "TypeCode": 1,
    "Type": "HardBounce",
    "ID": 1,
    "Email": "gone@example.org",
    "Recipient": "gone@example.org",
    "BouncedAt": "2026-11-28T00:00:00Z",
}


def tell(secret: str, **changes: object) -> int:
    request = RequestFactory().post(f"/post/bounces/{secret}/", json.dumps(BOUNCE | changes), content_type="application/json")
    return told_by_provider(request, secret).status_code


@override_settings(**HERE)
@pytest.mark.filterwarnings("ignore:Your Anymail webhooks are insecure")
def test_a_bounce_that_the_provider_tells_counts() -> None:
    assert tell("a-long-random-word") == 200
    assert refusals.is_refused("gone@example.org")


@override_settings(**HERE)
@pytest.mark.filterwarnings("ignore:Your Anymail webhooks are insecure")
def test_a_complaint_counts_for_ever_and_a_delay_does_not() -> None:
    assert tell("a-long-random-word", TypeCode=2, Type="Transient", Email="slow@example.org", Recipient="slow@example.org") == 200
    assert not refusals.is_refused("slow@example.org")
    assert (
        tell("a-long-random-word", RecordType="SpamComplaint", TypeCode=512, Type="SpamComplaint", Email="no@example.org", Recipient="no@example.org")
        == 200
    )
    refusals.lift("no@example.org")
    assert refusals.is_refused("no@example.org")


@override_settings(**HERE)
def test_without_the_secret_there_is_no_such_address() -> None:
    with pytest.raises(Http404):
        tell("a-guess")
    assert not refusals.is_refused("gone@example.org")
