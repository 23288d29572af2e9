"""The arrays that the matching works upon. One position is one need, one offer or one edge; everything is a whole number."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NO_DAY = 1 << 40  # a day that never comes: the need or offer has no last day


@dataclass(frozen=True)
class Table:
    """Arrays of one length."""

    def __post_init__(self) -> None:
        if len({len(column) for column in self._columns()}) > 1:
            raise ValueError("columns of different lengths")

    def _columns(self) -> list[Ints]:
        return [value for value in (getattr(self, field.name) for field in fields(self)) if isinstance(value, np.ndarray) and value.ndim == 1]

    def __len__(self) -> int:
        return len(self._columns()[0])


@dataclass(frozen=True)
class Needs(Table):
    """What is needed. `group` stands for kind, item and family of units together; `quantity` counts the family's smallest step."""

    group: Ints
    quantity: Ints
    urgency: Ints  # 1 to 4, 4 is the most urgent
    province: Ints  # position in `Offers.km`
    by_day: Ints  # ordinal of the last day, NO_DAY without one
    languages: Ints  # one bit for each language of which one must be spoken; 0: any
    tier: Ints  # how well the donor must be known
    meets: Ints  # 1 where whoever helps meets survivors


@dataclass(frozen=True)
class Offers(Table):
    """What is offered. `km` is the distance between any two provinces, `today` the day on which the matching runs."""

    group: Ints
    quantity: Ints
    province: Ints
    from_day: Ints
    until_day: Ints
    languages: Ints
    tier: Ints  # as the checks that are valid today allow
    cleared: Ints  # 1 where the donor would meet survivors and every check is valid
    reach: Ints  # km
    made_for: Ints  # position of the need for which it was made, -1 without one
    km: Ints  # two-dimensional
    today: int


@dataclass(frozen=True)
class Allocation:
    """So much of one offer for one need, and what its cost is made of."""

    need: int
    offer: int
    quantity: int
    cost: int
    parts: dict[str, int]


@dataclass(frozen=True)
class Edges(Table):
    """Pairs that may be brought together, sorted by need, with the cost of one step of quantity. `parts` holds each part of the cost."""

    need: Ints
    offer: Ints
    cost: Ints
    parts: dict[str, Ints]

    def allocation(self, at: int, quantity: int) -> Allocation:
        """One edge with what flows over it, as plain numbers."""
        parts = {name: int(column[at]) for name, column in self.parts.items()}
        return Allocation(int(self.need[at]), int(self.offer[at]), quantity, int(self.cost[at]), parts)
