"""Who holds the keys of what outsiders tell the public side: this side itself, and no organisation of the casework (decision 0027)."""

from uuid import UUID

from saphan.core.orgkeys import PUBLIC_SIDE

PORTAL: UUID = PUBLIC_SIDE
