"""The outward door: what the casework publishes is signed; what arrives is checked before it is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import DomainError, Invalid
from saphan.releases import keys
from saphan.releases.canonical import canonical, digest_of
from saphan.releases.kinds import RELEASE_ACTS, RELEASE_TAKERS, shaped_release
from saphan.releases.models import Release, ReleaseHead

CONTEXT = b"saphan release v1\n"
RECEIVE = "releases:receive"
WIRE_FIELDS = frozenset({"v", "kind", "key", "seq", "published_at", "withdrawn", "body", "key_id", "signature"})


class Stale(DomainError):
    """An older release than the one already here (409): the sequence never goes back."""


class Equivocation(DomainError):
    """The same sequence number with other content (409): one of the two was never meant for us."""


@dataclass(frozen=True)
class Receipt:
    """What the receiving side answers; a replay gets the same one."""

    kind: str
    key: str
    seq: int
    digest: str
    received_at: str


@transaction.atomic
def publish(*, kind: str, key: str, body: Any, by: User, at: datetime) -> Release:
    """Signs the content and makes it the current release of (kind, key). Raises Invalid when its shape is not the agreed one."""
    return _issue(kind, key, shaped_release(kind, body), by=by, at=at, withdrawn=False)


@transaction.atomic
def withdraw(*, kind: str, key: str, by: User, at: datetime) -> Release:
    """Takes (kind, key) back: a signed, empty release follows, so that the public side shows nothing."""
    return _issue(kind, key, {}, by=by, at=at, withdrawn=True)


def _issue(kind: str, key: str, body: Any, *, by: User, at: datetime, withdrawn: bool) -> Release:
    head = _lock_head(kind, key)
    require(by, RELEASE_ACTS.get(kind, Action.RELEASES_PUBLISH))
    private = keys.signing_key()
    release = Release(kind=kind, key=key, seq=head.seq + 1, body=body, published_at=at.astimezone(UTC), published_by=by.actor_id, withdrawn=withdrawn)
    release.key_id = keys.own_public_keys().key_id
    statement = signed_statement(release)
    release.digest, release.signature = digest_of(statement), private.sign(CONTEXT + canonical(statement)).hex()
    release.save(force_insert=True)
    _advance(head, release.seq)
    record(by=by, action=Action.RELEASES_PUBLISH, target=release, at=at, fields=["withdrawn"] if withdrawn else ["body"])
    _hand_on(kind, key)
    return release


def signed_statement(release: Release) -> dict[str, Any]:
    """Exactly what the signature covers."""
    return {
        "v": 1, "kind": release.kind, "key": release.key, "seq": release.seq, "withdrawn": release.withdrawn,
        "published_at": release.published_at.astimezone(UTC).isoformat(), "body": release.body,
    }  # fmt: skip


def is_authentic(release: Release) -> bool:
    """Whether a pinned key signed exactly this statement."""
    signer = keys.trusted_signer(release.key_id)
    if signer is None:
        return False
    try:
        statement = signed_statement(release)
        signer.verify(bytes.fromhex(release.signature), CONTEXT + canonical(statement))
    except (InvalidSignature, ValueError, Invalid):
        return False
    return digest_of(statement) == release.digest


def to_wire(release: Release) -> dict[str, Any]:
    """A release as it travels: the statement, the short name of the key, the signature."""
    return signed_statement(release) | {"key_id": release.key_id, "signature": release.signature}


@transaction.atomic
def receive_release(*, wire: Any, at: datetime) -> Receipt:
    """Takes a release from the door: checks form, signature, shape and sequence, keeps it and answers with a receipt.

    Raises Invalid (malformed, unknown kind, not signed by a pinned key), Stale and Equivocation. A replay gets the first receipt again.
    """
    release = from_wire(wire)
    if not is_authentic(release):
        raise Invalid(_("No key that is pinned here has signed this release."))
    if not release.withdrawn:
        release.body = shaped_release(release.kind, release.body)
    head = _lock_head(release.kind, release.key)
    known = Release.objects.filter(kind=release.kind, key=release.key, seq=release.seq).first()
    if known:
        return _answer_replay(known, release)
    if release.seq <= head.seq:
        raise Stale(_("A newer release is already here: the sequence never goes back."))
    release.received_at = at
    release.save(force_insert=True)
    _advance(head, release.seq)
    record(by=None, action=RECEIVE, target=release, at=at)
    _hand_on(release.kind, release.key)
    return receipt_of(release)


def receipt_of(release: Release) -> Receipt:
    """The receipt of a release that is here."""
    return Receipt(release.kind, release.key, release.seq, release.digest, (release.received_at or release.published_at).astimezone(UTC).isoformat())


def from_wire(wire: Any) -> Release:
    """The release that a wire form tells of, unchecked but well formed. Raises Invalid otherwise."""
    if not isinstance(wire, dict) or set(wire) != WIRE_FIELDS or wire["v"] != 1 or not _well_formed(wire):
        raise Invalid(_("This is not a release."))
    published_at = parse_datetime(wire["published_at"]) if len(wire["published_at"]) <= 40 else None
    if published_at is None or published_at.tzinfo is None:
        raise Invalid(_("This is not a release."))
    release = Release(
        kind=wire["kind"], key=wire["key"], seq=wire["seq"], body=wire["body"], published_at=published_at,
        withdrawn=wire["withdrawn"], key_id=wire["key_id"], signature=wire["signature"],
    )  # fmt: skip
    release.digest = digest_of(signed_statement(release))
    return release


def _well_formed(wire: dict[str, Any]) -> bool:
    texts = all(
        isinstance(wire[name], str) and len(wire[name]) <= longest
        for name, longest in [("kind", 40), ("key", 80), ("key_id", 16), ("signature", 128)]
    )
    number = isinstance(wire["seq"], int) and not isinstance(wire["seq"], bool) and 1 <= wire["seq"] < 2**53
    return texts and number and isinstance(wire["withdrawn"], bool) and isinstance(wire["published_at"], str) and isinstance(wire["body"], dict)


def _answer_replay(known: Release, release: Release) -> Receipt:
    if known.digest != release.digest:
        raise Equivocation(_("Another content with this sequence number is already here."))
    return receipt_of(known)


@transaction.atomic
def hand_on_all() -> int:
    """Gives every current release to the public rooms once more; returns how many. Needed where the two sides share only a database."""
    heads = [head for head in ReleaseHead.objects.select_for_update().order_by("kind", "key") if head.kind in RELEASE_TAKERS]
    for head in heads:
        _hand_on(head.kind, head.key)
    return len(heads)


def _hand_on(kind: str, key: str) -> None:
    """To the room that shows it, if that room is installed on this side."""
    if kind in RELEASE_TAKERS:
        RELEASE_TAKERS[kind](key)


def _lock_head(kind: str, key: str) -> ReleaseHead:
    head, _made = ReleaseHead.objects.select_for_update().get_or_create(kind=kind, key=key)
    return head


def _advance(head: ReleaseHead, seq: int) -> None:
    head.seq = seq
    head.save(update_fields=["seq"])
