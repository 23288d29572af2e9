"""The outward door in one process: signed, shaped, never going back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from saphan.access.models import User
from saphan.audit.models import AuditEvent
from saphan.core.errors import Invalid, Refused
from saphan.releases import keys, kinds
from saphan.releases.canonical import canonical
from saphan.releases.kinds import RELEASE_KINDS, release_kind
from saphan.releases.models import Release, ReleaseHead
from saphan.releases.selectors import current
from saphan.releases.services import CONTEXT, Equivocation, Stale, from_wire, publish, receive_release, signed_statement, to_wire, withdraw
from saphan.releases.shapes import integer, record
from tests.people import NOON

pytestmark = pytest.mark.django_db
SHAPE = record(count=integer(0, 1000))


@pytest.fixture(autouse=True)
def sample_kind() -> Iterator[None]:
    release_kind("sample")(lambda body: SHAPE(body, "sample"))
    yield
    del RELEASE_KINDS["sample"]


@pytest.fixture
def officer(owner: User) -> User:
    owner.grants.update(role="statistics_officer")
    return owner


@pytest.fixture
def released(officer: User) -> Release:
    return publish(kind="sample", key="all", body={"count": 3}, by=officer, at=NOON)


def test_a_release_is_shown_as_it_was_signed(released: Release) -> None:
    shown = current("sample", "all")
    assert shown is not None
    assert (shown.seq, shown.body, shown.published_at) == (1, {"count": 3}, NOON)


def test_the_next_release_takes_the_next_number(released: Release, officer: User) -> None:
    assert publish(kind="sample", key="all", body={"count": 4}, by=officer, at=NOON).seq == 2
    shown = current("sample", "all")
    assert shown is not None
    assert shown.body == {"count": 4}


def test_publishing_is_in_the_audit_without_the_content(released: Release) -> None:
    event = AuditEvent.objects.get(action="releases:publish")
    assert (event.target_kind, event.target_id, event.fields) == ("releases.release", str(released.pk), "body")


def test_a_role_without_the_act_cannot_publish(stranger: User) -> None:
    with pytest.raises(Refused):
        publish(kind="sample", key="all", body={"count": 3}, by=stranger, at=NOON)
    assert not Release.objects.exists()


@pytest.mark.parametrize("body", [{}, {"count": 3, "name": "A"}, {"count": "3"}, {"count": 1001}, {"count": True}, [], None])
def test_nothing_but_the_agreed_shape_passes(officer: User, body: Any) -> None:
    with pytest.raises(Invalid):
        publish(kind="sample", key="all", body=body, by=officer, at=NOON)
    assert not Release.objects.exists()


def test_an_unknown_kind_is_refused(officer: User) -> None:
    with pytest.raises(Invalid):
        publish(kind="gossip", key="all", body={}, by=officer, at=NOON)


def test_too_large_a_content_is_refused(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "LARGEST_RELEASE", 5)
    with pytest.raises(Invalid):
        publish(kind="sample", key="all", body={"count": 3}, by=officer, at=NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"body": {"count": 999}},
        {"seq": 7},
        {"key_id": "0" * 16},
        {"signature": "00" * 64},
        {"withdrawn": True},
        {"digest": "0" * 64},
        {"signature": "not hex"},
    ],
)
def test_a_release_changed_in_the_store_is_not_shown(released: Release, change: dict[str, Any]) -> None:
    assert Release.objects.filter(pk=released.pk).update(**change) == 1
    assert current("sample", "all") is None


def test_the_older_release_does_not_come_back_when_the_newest_is_lost(released: Release, officer: User) -> None:
    publish(kind="sample", key="all", body={"count": 4}, by=officer, at=NOON).delete()
    assert current("sample", "all") is None


def test_a_withdrawn_release_is_not_shown(released: Release, officer: User) -> None:
    withdraw(kind="sample", key="all", by=officer, at=NOON)
    assert current("sample", "all") is None


def test_the_public_side_shows_nothing_signed_by_a_key_it_has_not_pinned(released: Release, settings: Any) -> None:
    settings.SURFACE = "public"
    assert current("sample", "all") is None
    (settings.KEYS / "peers").mkdir()
    settings.SURFACE = "all"
    own = keys.own_public_keys()
    settings.SURFACE = "public"
    (settings.KEYS / "peers" / "casework.pub").write_text(own.as_text())
    assert current("sample", "all") is not None


def test_the_public_surface_holds_and_makes_no_private_key(settings: Any) -> None:
    settings.SURFACE = "public"
    with pytest.raises(keys.KeysMissing):
        keys.signing_key()
    assert not Path(settings.KEYS).exists()


# What arrives at the door.


@pytest.fixture
def wire(released: Release) -> dict[str, Any]:
    """A release as it comes from the other machine; here nothing is known of it yet."""
    sent = to_wire(released)
    Release.objects.all().delete()
    ReleaseHead.objects.all().delete()
    return sent


def test_what_arrives_is_kept_and_shown(wire: dict[str, Any]) -> None:
    receipt = receive_release(wire=wire, at=NOON)
    assert (receipt.kind, receipt.key, receipt.seq) == ("sample", "all", 1)
    assert current("sample", "all") is not None
    assert Release.objects.get().published_by == ""


def test_a_replay_gets_the_same_receipt_and_changes_nothing(wire: dict[str, Any]) -> None:
    first = receive_release(wire=wire, at=NOON)
    assert receive_release(wire=wire, at=NOON.replace(hour=9)) == first
    assert Release.objects.count() == 1


def test_an_older_one_is_refused(wire: dict[str, Any], officer: User) -> None:
    newer = wire | {"seq": 5}
    receive_release(wire=resigned(newer), at=NOON)
    with pytest.raises(Stale):
        receive_release(wire=wire, at=NOON)


def test_the_same_number_with_another_content_is_refused(wire: dict[str, Any]) -> None:
    receive_release(wire=wire, at=NOON)
    with pytest.raises(Equivocation):
        receive_release(wire=resigned(wire | {"body": {"count": 8}}), at=NOON)


def test_a_signed_release_of_another_shape_is_refused(wire: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        receive_release(wire=resigned(wire | {"body": {"count": 8, "name": "A"}}), at=NOON)
    with pytest.raises(Invalid):
        receive_release(wire=resigned(wire | {"kind": "gossip"}), at=NOON)


@pytest.mark.parametrize(
    "change", [{"body": {"count": 4}}, {"seq": 2}, {"key": "other"}, {"withdrawn": True}, {"published_at": "2026-11-23T06:00:00+00:00"}]
)
def test_a_release_changed_on_its_way_is_refused(wire: dict[str, Any], change: dict[str, Any]) -> None:
    assert wire | change != wire
    with pytest.raises(Invalid):
        receive_release(wire=wire | change, at=NOON)
    assert not Release.objects.exists()


def test_a_release_signed_by_another_key_is_refused(wire: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        receive_release(wire=resigned(wire, Ed25519PrivateKey.generate()), at=NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"seq": 0},
        {"seq": "1"},
        {"seq": True},
        {"body": []},
        {"published_at": "now"},
        {"published_at": "2026-11-23"},
        {"key": "x" * 81},
        {"extra": 1},
        {"body": {"count": 1.5}},
    ],
)
def test_what_is_no_release_is_refused(wire: dict[str, Any], change: dict[str, Any]) -> None:
    malformed: Any
    for malformed in (wire | change, None, [], {}, "release"):
        with pytest.raises(Invalid):
            receive_release(wire=malformed, at=NOON)


def resigned(wire: dict[str, Any], key: Ed25519PrivateKey | None = None) -> dict[str, Any]:
    """The wire form with a signature that fits its content."""
    statement = signed_statement(from_wire(wire))
    return wire | {"signature": (key or keys.signing_key()).sign(CONTEXT + canonical(statement)).hex()}
