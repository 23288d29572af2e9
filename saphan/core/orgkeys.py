"""The key of each organisation, in a file outside the database: it wraps the data keys and never seals a field itself."""

import os
import secrets
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from saphan.core.errors import DomainError
from saphan.core.secret_files import write_secret

# Holds the keys of what outsiders tell the public side. No organisation of the casework has this id (decision 0027).
PUBLIC_SIDE: UUID = uuid5(NAMESPACE_URL, "saphan:portal")
KEY_BYTES = 32
HELD_AT_MOST = 64
_held: dict[str, tuple[int, AESGCM]] = {}


class KeyMissing(DomainError):
    """No key opens this here: never shared with this organisation, withdrawn, erased, or its file is not on this machine."""

    status = 403


def folder() -> Path:
    """Where the organisations' keys lie."""
    return Path(settings.KEYS) / "organisations"


def path_of(org: UUID, version: int) -> Path:
    """The file of one version of an organisation's key."""
    return folder() / f"{org}.{version}.key"


def versions(org: UUID) -> list[int]:
    """The versions that lie on this machine, oldest first; more than one while a rotation is under way."""
    return sorted(int(path.name.split(".")[1]) for path in folder().glob(f"{org}.*.key"))


def cipher(org: UUID, version: int) -> AESGCM:
    """The cipher of one version. A file that was taken away closes at once, although the key is held in memory for speed."""
    path = f"{settings.KEYS}/organisations/{org}.{version}.key"
    try:
        stamp = os.stat(path).st_ino
        held = _held.get(path)
        if held is None or held[0] != stamp:
            held = (stamp, AESGCM(Path(path).read_bytes()))
            if len(_held) >= HELD_AT_MOST:
                _held.pop(next(iter(_held)))
            _held[path] = held
    except FileNotFoundError:
        _held.pop(path, None)
        raise KeyMissing(_("The key of this organisation is not on this machine. Ask the person who looks after the system.")) from None
    return held[1]


def create(org: UUID, version: int) -> None:
    """Writes a new random key, whole or not at all; when another process was first, its key stays."""
    place = folder()
    write_secret(path_of(org, version), secrets.token_bytes(KEY_BYTES))
    _sync(place)


def remove(org: UUID, version: int) -> None:
    """Destroys one version for good."""
    _held.pop(str(path_of(org, version)), None)
    path_of(org, version).unlink(missing_ok=True)
    _sync(folder())


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
