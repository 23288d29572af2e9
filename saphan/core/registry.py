"""What rooms bring to the desk: menu entries and tiles. A room registers in `apps.ready()`; `desk` only shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class MenuEntry:
    """One line of the staff menu, shown to those whose role includes `action`.

    It is marked as the present one on its page and below it, and below `under` where the room has more than its first page.
    """

    label: str | Promise
    url_name: str
    action: str
    order: int
    count: Callable[[Any], int] | None = None
    under: str = ""


@dataclass(frozen=True)
class Task:
    """One thing that waits for this worker: shown on My day, most urgent first. `label` never names a person, only an alias or reference."""

    label: str
    url: str
    due_at: datetime | None
    kind: str | Promise


@dataclass(frozen=True)
class Tile:
    """A group on My day: its tasks for a user and the filtered list that they come from."""

    label: str | Promise
    action: str
    order: int
    list_url: Callable[[Any], str]
    tasks: Callable[[Any, datetime], Sequence[Task]]
    count: Callable[[Any], int]


MENU: list[MenuEntry] = []
TILES: list[Tile] = []


def add_menu(entry: MenuEntry) -> None:
    MENU.append(entry)
    MENU.sort(key=lambda e: e.order)


def add_tile(tile: Tile) -> None:
    TILES.append(tile)
    TILES.sort(key=lambda t: t.order)
