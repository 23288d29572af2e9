"""The installation's signing key for heads of the audit: made once, kept in the keys directory, outside the database."""

from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from saphan.core.secret_files import secret_kept_in

PREFIX = b"saphan audit head 1\0"


def key_file() -> Path:
    """Where the key lies."""
    return Path(settings.KEYS) / "audit_signing.key"


def signing_key() -> Ed25519PrivateKey:
    """The key; made at first need, readable by its owner only."""
    return Ed25519PrivateKey.from_private_bytes(b64decode(secret_kept_in(key_file(), _fresh)))


def _fresh() -> str:
    return b64encode(Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())).decode()


def public_key() -> str:
    """The public half, for the partner who keeps heads."""
    return b64encode(signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def key_id(public: str) -> str:
    """A short name of a public key."""
    return sha256(b64decode(public)).hexdigest()[:16]


def sign(root_hash: str) -> str:
    """Signs the root hash of a head."""
    return b64encode(signing_key().sign(PREFIX + root_hash.encode())).decode()


def is_signed(root_hash: str, signature: str, public: str) -> bool:
    """Whether the signature is this key's over this root hash."""
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(public)).verify(b64decode(signature), PREFIX + root_hash.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
