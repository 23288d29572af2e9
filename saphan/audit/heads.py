"""Signed heads: the ends of all chains at one moment. Only a copy kept elsewhere shows a cut or a full rewrite."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from saphan.audit import signing
from saphan.audit.models import AuditHead
from saphan.audit.services import GENESIS

Heads = dict[str, tuple[int, str]]  # chain -> (number of its last event, hash of it)
ENDS = (
    "SELECT e.chain, e.seq, e.hash FROM audit_auditevent e JOIN "
    "(SELECT chain, max(seq) AS seq FROM audit_auditevent GROUP BY chain) last USING (chain, seq)"
)


class NotAHead(Exception):
    """A file that is not a head as `export_head` writes it."""


@dataclass(frozen=True)
class HeadCopy:
    """A head as a partner keeps it."""

    at: str
    heads: Heads
    root_hash: str
    prev_head_hash: str
    key_id: str
    public_key: str
    signature: str

    def problems(self) -> list[str]:
        """What is wrong with the copy itself."""
        if root_of(self.at, self.heads, self.prev_head_hash) != self.root_hash:
            return ["the head's hash does not fit its content"]
        if not signing.is_signed(self.root_hash, self.signature, self.public_key):
            return ["the head's signature is not valid"]
        return []


def root_of(at: str, heads: Heads, prev: str) -> str:
    """SHA-256 over the canonical JSON of the moment, the ends of all chains and the head before."""
    body = [at, sorted((chain, seq, digest) for chain, (seq, digest) in heads.items()), prev]
    return sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def sign_heads(at: datetime) -> AuditHead:
    """Signs the present ends of all chains and appends the head to the heads before it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(1001, 0)")
        cursor.execute(ENDS)
        heads: Heads = {chain: (seq, digest) for chain, seq, digest in cursor.fetchall()}
    prev = AuditHead.objects.order_by("-id").values_list("root_hash", flat=True).first() or GENESIS
    root = root_of(at.astimezone(UTC).isoformat(), heads, prev)
    public = signing.public_key()
    return AuditHead.objects.create(
        at=at, heads=heads, root_hash=root, prev_head_hash=prev, key_id=signing.key_id(public), signature=signing.sign(root)
    )  # fmt: skip


def copy_of(head: AuditHead) -> HeadCopy:
    """The head in the form that a partner keeps."""
    heads = {chain: (int(seq), str(digest)) for chain, (seq, digest) in head.heads.items()}
    return HeadCopy(
        head.at.astimezone(UTC).isoformat(), heads, head.root_hash, head.prev_head_hash, head.key_id, signing.public_key(), head.signature
    )


def export_head(at: datetime) -> str:
    """Signs a fresh head and gives it as JSON, to be kept by a partner outside this installation."""
    return json.dumps(asdict(copy_of(sign_heads(at))), indent=1, sort_keys=True)


def read_head(text: str) -> HeadCopy:
    """Reads what `export_head` wrote. Raises NotAHead."""
    try:
        body: dict[str, Any] = json.loads(text)
        heads = {str(chain): (int(seq), str(digest)) for chain, (seq, digest) in body.pop("heads").items()}
        return HeadCopy(heads=heads, **body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotAHead("this is not a head of an audit") from error
