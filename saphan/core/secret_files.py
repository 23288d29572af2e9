"""Files that hold a secret: made once, whole or not at all, readable by their owner only. Imports nothing, so that settings can use it."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def secret_kept_in(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file; made at first need. Two who come at once get the same one, and none ever reads a half of it."""
    if not path.exists():
        write_secret(path, make())
    return path.read_text().strip()


def write_secret(path: Path, content: str | bytes) -> None:
    """Writes a secret once, text with an end of line; whoever comes second keeps what the first wrote."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content if isinstance(content, bytes) else f"{content}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when the file exists, and never shows a half-written one
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
