"""The demonstration of the exchange."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saphan.access.seeds import People


def plant(people: "People") -> None:
    """Nothing yet."""
