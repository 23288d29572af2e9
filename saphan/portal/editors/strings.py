"""Words of the interface that a machine translated and no person has checked: they stand in the catalogues with a comment that says so."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

NEEDS_REVIEW = "needs review"  # the comment that `saphan translations fill` leaves


@dataclass(frozen=True)
class Unreviewed:
    """One string of the interface with its machine's translation; plural forms one below the other."""

    english: str
    translation: str
    context: str


def unreviewed(language: str) -> list[Unreviewed]:
    """The strings of one language that wait for a person."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    return list(_read(path, path.stat().st_mtime_ns)) if path.exists() else []


def counts() -> dict[str, int]:
    """How many strings wait in each language that has any."""
    found = {code: len(unreviewed(code)) for code, _name in settings.LANGUAGES}
    return {code: count for code, count in found.items() if count}


@lru_cache(maxsize=12)
def _read(path: Path, _written: int) -> tuple[Unreviewed, ...]:
    """Read again only when the file was written."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    flagged = (message for message in catalogue if message.id and NEEDS_REVIEW in message.user_comments)
    return tuple(Unreviewed(_lines(message.id), _lines(message.string), str(message.context or "")) for message in flagged)


def _lines(words: str | tuple[str, ...] | list[str] | None) -> str:
    return words if isinstance(words, str) else "\n".join(words or ())
