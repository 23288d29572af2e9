"""The demonstration of the newsletter."""

from typing import TYPE_CHECKING

from saphan.portal.newsletter.subscriber_seeds import plant_subscribers

if TYPE_CHECKING:
    from saphan.access.seeds import People


def plant(people: "People") -> None:
    """Invented subscribers."""
    plant_subscribers(people)
