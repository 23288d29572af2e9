"""The tabs of a case: its own pages, and those that rooms above bring in `apps.ready()`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tab:
    """One page of a case, addressed by the case's id; `inside` ones are for the leading organisation only."""

    label: str | Promise
    url_name: str
    order: int
    inside: bool = True


TABS: list[Tab] = [
    Tab(_("Situation"), "cases:detail", 10, inside=False),
    Tab(_("Needs and plan"), "cases:plan", 20),
    Tab(_("Timeline"), "cases:timeline", 40, inside=False),
    Tab(_("Documents"), "cases:documents", 50, inside=False),
    Tab(_("Sharing"), "cases:sharing", 60),
    Tab(_("Audit"), "cases:audit", 70),
]


def register(tab: Tab) -> None:
    """Adds a room's page to every case; its view takes `case_id`."""
    TABS.append(tab)
    TABS.sort(key=lambda t: t.order)
