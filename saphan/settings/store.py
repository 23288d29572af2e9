"""Where an installation keeps its secret and its database."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from saphan.core.secret_files import secret_kept_in


def secret_from(keys: Path) -> str:
    """The signing secret: from SAPHAN_SECRET_KEY, else from `secret_key` in the keys directory, made once and readable by its owner only."""
    if value := os.environ.get("SAPHAN_SECRET_KEY"):
        return value
    return secret_kept_in(keys / "secret_key", lambda: secrets.token_urlsafe(64))


def earlier_secrets(keys: Path) -> list[str]:
    """Signing secrets of before, newest first: from SAPHAN_SECRET_KEY_FALLBACKS, with commas, and from the lines of `secret_key.old`."""
    path = keys / "secret_key.old"
    kept = path.read_text().splitlines() if path.exists() else []
    named = os.environ.get("SAPHAN_SECRET_KEY_FALLBACKS", "").split(",")
    return list(dict.fromkeys(secret.strip() for secret in [*named, *kept] if secret.strip()))


def database_from(address: str, data: Path) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name`, or for the embedded SQLite file when the address is empty."""
    if address.startswith(("postgresql://", "postgres://")):
        parts = urlsplit(address)
        host = unquote(parts.hostname or "") or dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p).get("host", "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(host),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data / "saphan.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY",
        },
    }
