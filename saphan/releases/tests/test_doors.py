"""The addresses of the doors: who has no token gets nothing, what is malformed is named as such."""

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.releases import views
from saphan.releases.models import Release, ReleaseHead, SealedReport
from saphan.releases.reports import parcel_from, receive_report, seal_report, signed_acknowledgement
from saphan.releases.services import publish, to_wire
from tests.people import NOON

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-test"
RELEASES, REPORTS = "/doors/releases/", "/doors/reports/"


@pytest.fixture
def door(settings: Any) -> Client:
    settings.KEYS.mkdir()
    (settings.KEYS / views.TOKEN_HASH).write_text(hashlib.sha256(TOKEN.encode()).hexdigest() + "\n")
    return Client(headers={"Authorization": f"Bearer {TOKEN}"}, enforce_csrf_checks=True)


@pytest.fixture
def wire(owner: User) -> dict[str, Any]:
    owner.grants.update(role="statistics_officer")
    sent = to_wire(publish(kind="service_directory", key="all", body={"services": []}, by=owner, at=NOON))
    Release.objects.all().delete()
    ReleaseHead.objects.all().delete()
    return sent


def post(client: Client, address: str, content: Any) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


def test_a_release_is_taken_and_a_replay_gets_the_same_receipt(door: Client, wire: dict[str, Any]) -> None:
    first = post(door, RELEASES, wire)
    assert first.status_code == 200
    assert post(door, RELEASES, wire).json() == first.json()
    assert "no-store" in first["Cache-Control"]


@pytest.mark.parametrize("offered", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer caf\udce9"])
@pytest.mark.parametrize("address", [RELEASES, REPORTS])
def test_a_wrong_token_opens_nothing(door: Client, wire: dict[str, Any], offered: str, address: str) -> None:
    client = Client(headers={"Authorization": offered})
    for answer in (client.get(address), post(client, address, wire)):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"
    assert not Release.objects.exists()


def test_without_a_configured_token_no_token_is_right(wire: dict[str, Any]) -> None:
    for token in ("", "-" * 64, TOKEN):
        assert post(Client(headers={"Authorization": f"Bearer {token}"}), RELEASES, wire).status_code == 401


def test_a_session_is_no_key_to_the_door(door: Client, owner: User, wire: dict[str, Any]) -> None:
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(client, RELEASES, wire).status_code == 401


def test_what_is_no_json_is_400(door: Client) -> None:
    for address in (RELEASES, REPORTS):
        for content in (b"", b"{", b"\xff\xfe", b"[" * 100000):
            assert door.post(address, content, content_type="application/json").status_code == 400


def test_what_is_no_release_or_unknown_or_forged_is_422(door: Client, wire: dict[str, Any]) -> None:
    content: Any
    for content in ({}, [], None, wire | {"kind": "gossip"}, wire | {"body": {"services": [1]}}, wire | {"signature": "00"}):
        answer = post(door, RELEASES, content)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert post(door, REPORTS, {"ids": []}).status_code == 422


def test_too_large_a_request_is_413(door: Client) -> None:
    answer = door.post(RELEASES, b" " * (views.LARGEST_REQUEST + 1), content_type="application/json")
    assert answer.status_code == 413


def test_other_methods_are_405(door: Client) -> None:
    assert door.get(RELEASES).status_code == 405
    assert door.put(REPORTS).status_code == 405


def test_the_casework_has_no_such_door(door: Client, settings: Any) -> None:
    settings.SURFACE = "casework"
    assert door.get(REPORTS).status_code == 404


def test_sealed_reports_are_fetched_acknowledged_and_then_gone(door: Client) -> None:
    seal_report(kind="concern", body={"text": "Help us"}, at=NOON)
    parcels = door.get(REPORTS).json()["reports"]
    receipts = [receive_report(parcel=parcel_from(parcel), at=NOON) for parcel in parcels]
    assert post(door, REPORTS, signed_acknowledgement(receipts)).json() == {"deleted": 1}
    assert door.get(REPORTS).json() == {"reports": []}
    assert SealedReport.objects.get().ciphertext is None
