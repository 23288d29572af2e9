"""Keys for small purposes, derived from the installation's secret: one per purpose, none stored."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derived_key(purpose: str, secret: str = "") -> bytes:
    """32 bytes by HKDF-SHA-256; `purpose` separates one use from another."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"saphan {purpose}".encode()).derive((secret or settings.SECRET_KEY).encode())


def derived_keys(purpose: str) -> list[bytes]:
    """The key of this purpose, and behind it those of earlier secrets of the installation: for opening only."""
    return [derived_key(purpose, str(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]]
