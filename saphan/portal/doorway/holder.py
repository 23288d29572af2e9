"""Who holds the keys of what outsiders tell the public side: this side itself, and no organisation of the casework (decision 0027)."""

from uuid import NAMESPACE_URL, UUID, uuid5

PORTAL: UUID = uuid5(NAMESPACE_URL, "saphan:portal")
