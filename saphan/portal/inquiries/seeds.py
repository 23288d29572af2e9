"""The demonstration of the Inquiry Corner."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saphan.access.seeds import People


def plant(people: "People") -> None:
    """Nothing yet."""
