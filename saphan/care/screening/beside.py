"""What other rooms show beside an interview. They register in their `apps.ready()`; this room shows it and does not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saphan.access.models import User
from saphan.care.screening.models import Interview

Finds = Callable[[Interview, User], Any]


@dataclass(frozen=True)
class Beside:
    """A part of the page: its template, and what was found for it (`part` in the template)."""

    template: str
    found: Any


_PARTS: list[tuple[str, Finds]] = []


def show_beside(template: str, finds: Finds) -> None:
    """Registers a part. `finds` gives what its template shows to this reader of the interview, nothing where there is nothing."""
    _PARTS.append((template, finds))


def beside(interview: Interview, user: User) -> list[Beside]:
    """The parts that have something to show. The caller has asked the policy whether the interview may be read."""
    found = [(template, finds(interview, user)) for template, finds in _PARTS]
    return [Beside(template, part) for template, part in found if part]
