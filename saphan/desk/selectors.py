"""What waits for one worker, gathered from the tiles that the rooms registered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from saphan.core.registry import TILES, Task

NEAR = timedelta(days=1)
SHOWN = 5
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Group:
    """One tile as shown: how many wait, the list they come from, the most urgent few."""

    label: str
    url: str
    count: int
    tasks: Sequence[Task]

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.tasks))


@dataclass(frozen=True)
class Day:
    """My day: the clocks near their end over all groups, and the groups."""

    urgent: Sequence[Task]
    groups: Sequence[Group]

    @property
    def waiting(self) -> Sequence[Group]:
        """The groups in which something waits."""
        return [group for group in self.groups if group.count]

    @property
    def quiet(self) -> Sequence[Group]:
        """The groups in which nothing waits."""
        return [group for group in self.groups if not group.count]


def day_of(user: Any, *, at: datetime) -> Day:
    """The day of this worker: tiles of the rooms that the roles include. Two queries a tile at most."""
    groups, near = [], []
    for tile in TILES:
        if tile.action not in user.acts:
            continue
        tasks = sorted(tile.tasks(user, at), key=lambda task: task.due_at or NEVER)
        near += [task for task in tasks if task.due_at is not None and task.due_at - at < NEAR]
        groups.append(Group(str(tile.label), tile.list_url(user), tile.count(user), tasks[:SHOWN]))
    return Day(sorted(near, key=lambda task: task.due_at or NEVER)[:SHOWN], groups)
