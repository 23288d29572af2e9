"""The keys of the two doors, and the pinned public keys of the other side.

The casework side holds two private keys: one signs releases (Ed25519), one opens reports (HPKE, ML-KEM-768 with X25519, so that a
report copied today stays closed to the computers of tomorrow). The public side holds the two public ones, pinned in `keys/peers/`.
"""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite
from django.conf import settings
from django.utils.translation import gettext as _

from saphan.core.errors import DomainError
from saphan.core.secret_files import secret_kept_in, write_secret

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
ML_KEM_SEED, ML_KEM_PUBLIC = 64, 1184


class KeysMissing(DomainError):
    """This side does not hold the key that the act needs (503): the operator exchanges the public keys first."""

    status = 503


@dataclass(frozen=True)
class PublicKeys:
    """What the other side may know of an installation: with what it signs, and to what one seals for it."""

    sign: bytes
    seal: bytes

    @property
    def key_id(self) -> str:
        """A short name of the signing key."""
        return hashlib.sha256(self.sign).hexdigest()[:16]

    @property
    def seal_id(self) -> bytes:
        """A short name of the sealing key; it leads each ciphertext."""
        return hashlib.sha256(self.seal).digest()[:8]

    def fingerprint(self) -> str:
        """Ten groups of four hex digits, to be compared by voice over another way than the one the file came."""
        digest = hashlib.sha256(self.sign + self.seal).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, 40, 4))

    def as_text(self) -> str:
        """The contents of a `.pub` file."""
        return json.dumps({"saphan_public_keys": 1, "sign": _b64(self.sign), "seal": _b64(self.seal)}, indent=1) + "\n"


def signing_key() -> Ed25519PrivateKey:
    """The casework's signing key, made at first use. Raises KeysMissing on the public surface, which never holds one."""
    return Ed25519PrivateKey.from_private_bytes(_private("release_signing.key", 32))


def opening_key() -> MLKEM768X25519PrivateKey:
    """The casework's key that opens reports. Raises KeysMissing on the public surface."""
    seeds = _private("report_opening.key", ML_KEM_SEED + 32)
    return MLKEM768X25519PrivateKey(MLKEM768PrivateKey.from_seed_bytes(seeds[:ML_KEM_SEED]), X25519PrivateKey.from_private_bytes(seeds[ML_KEM_SEED:]))


def own_public_keys() -> PublicKeys:
    """The public halves of this casework's keys. Raises KeysMissing on the public surface."""
    seeds = _private("report_opening.key", ML_KEM_SEED + 32)
    lattice, curve = MLKEM768PrivateKey.from_seed_bytes(seeds[:ML_KEM_SEED]), X25519PrivateKey.from_private_bytes(seeds[ML_KEM_SEED:])
    seal = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    return PublicKeys(sign=signing_key().public_key().public_bytes_raw(), seal=seal)


def pinned_keys() -> list[PublicKeys]:
    """The keys this installation trusts: those pinned in `keys/peers/`, and its own where it is itself the casework."""
    pinned = [_read_public(path, path.stat().st_mtime_ns) for path in sorted((Path(settings.KEYS) / "peers").glob("*.pub"))]
    return pinned if settings.SURFACE == "public" else [own_public_keys(), *pinned]


def trusted_signer(key_id: str) -> Ed25519PublicKey | None:
    """The public key with this short name, if it is pinned."""
    return next((Ed25519PublicKey.from_public_bytes(keys.sign) for keys in pinned_keys() if keys.key_id == key_id), None)


def casework_keys() -> PublicKeys:
    """The keys of the casework to which reports are sealed: its own in one process, else the one pinned. Raises KeysMissing without one."""
    pinned = pinned_keys()
    if not pinned:
        raise KeysMissing(_("The casework's public key is not installed here yet, so that nothing can be sealed to it."))
    return pinned[0]


def sealing_key(keys: PublicKeys) -> MLKEM768X25519PublicKey:
    """The public key of HPKE from its two halves."""
    lattice, curve = keys.seal[:ML_KEM_PUBLIC], keys.seal[ML_KEM_PUBLIC:]
    return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(lattice), X25519PublicKey.from_public_bytes(curve))


def read_public_keys(content: str) -> PublicKeys:
    """The keys in the contents of a `.pub` file. Raises KeysMissing when it is something else."""
    try:
        fields = json.loads(content)
        keys = PublicKeys(sign=base64.b64decode(fields["sign"], validate=True), seal=base64.b64decode(fields["seal"], validate=True))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise KeysMissing(_("This is not a file of public keys.")) from error
    if len(keys.sign) != 32 or len(keys.seal) != ML_KEM_PUBLIC + 32:
        raise KeysMissing(_("This is not a file of public keys."))
    return keys


@lru_cache(maxsize=16)
def _read_public(path: Path, changed: int) -> PublicKeys:  # noqa: ARG001  # a changed file is read again
    return read_public_keys(path.read_text())


def _private(name: str, length: int) -> bytes:
    if settings.SURFACE == "public":
        raise KeysMissing(_("The public side holds no private key of the casework."))
    return bytes.fromhex(secret_kept_in(Path(settings.KEYS) / name, lambda: os.urandom(length).hex()))


def pin(path: Path, keys: PublicKeys) -> None:
    """Makes these the pinned keys under the file's name, whole or not at all; whoever asks has compared the fingerprints."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    write_secret(fresh, keys.as_text().rstrip("\n"))
    os.replace(fresh, path)


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()
