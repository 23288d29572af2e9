"""The key to which devices seal what they hold, and opening it here. HPKE with P-256: what every browser's WebCrypto offers (decision 0044)."""

import json
from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings
from django.utils.translation import gettext as _

from saphan.core.errors import Invalid
from saphan.core.secret_files import secret_kept_in

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
CONTEXT = b"saphan field kit 1"
CONTEXT_KNOWN = b"saphan field kit known 1"
PADDED_TO = 4096  # so that the length does not tell how much is known
FILE = "field_kit_opening.key"


def _made() -> str:
    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")  # fmt: skip


@lru_cache(maxsize=8)
def _private(path: str, _changed: int) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def opening_key() -> ec.EllipticCurvePrivateKey:
    """The private half, beside the other keys of the installation; made at first use."""
    path = Path(settings.KEYS) / FILE
    secret_kept_in(path, _made)
    return _private(str(path), path.stat().st_mtime_ns)


def sealing_key() -> str:
    """The public half as a device takes it: the uncompressed point in base 64."""
    point = opening_key().public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return b64encode(point).decode()


def close(parcel: dict[str, Any]) -> bytes:
    """Seals as a device does; for tests and for the demonstration."""
    return SUITE.encrypt(json.dumps(parcel, ensure_ascii=False).encode(), opening_key().public_key(), info=CONTEXT)


def device_key(point: str) -> ec.EllipticCurvePublicKey | None:
    """The key that a device made for one answer, as it names it: the point in base 64. None where it names none, as an older kit does."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(point, validate=True))
    except ValueError:
        return None


def close_for(theirs: ec.EllipticCurvePublicKey, content: Any) -> str:
    """Seals for one device what it alone reads."""
    plain = json.dumps(content, ensure_ascii=False).encode()
    padded = plain.ljust(-(-len(plain) // PADDED_TO) * PADDED_TO)
    return b64encode(SUITE.encrypt(padded, theirs, info=CONTEXT_KNOWN)).decode()


def open_parcel(sealed: bytes) -> dict[str, Any]:
    """What a device sealed. Raises Invalid when it was damaged on the way or sealed for another installation."""
    try:
        parcel = json.loads(SUITE.decrypt(sealed, opening_key(), info=CONTEXT))
        json.dumps(parcel, ensure_ascii=False).encode()  # half a pair of letters is read and could not be kept
    except (InvalidTag, ValueError, RecursionError) as error:
        raise Invalid(_("This cannot be opened here: it was damaged on the way, or sealed for another installation.")) from error
    if not isinstance(parcel, dict):
        raise Invalid(_("This cannot be read: it is no interview."))
    return parcel
