"""Reads for the public pages and for the desk that join what is needed, offered and promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.http import urlencode

from saphan.directory.models import Province
from saphan.portal.exchange.codes import Kind, Urgency
from saphan.portal.exchange.models import Campaign, Need, Thanks
from saphan.portal.exchange.need_models import NeedQuerySet
from saphan.portal.exchange.states import PUBLIC, NeedState, ThanksState

WALL = 200


@dataclass(frozen=True)
class Listed:
    """The public list as it was asked for: needs, what is chosen, and among what one may choose."""

    needs: NeedQuerySet
    chosen: dict[str, Any]
    provinces: list[Province]
    kinds: list[tuple[str, Any]]
    urgencies: list[tuple[int, Any]]

    @property
    def query(self) -> str:
        """The filters as the tail of an address."""
        return urlencode([(name, value) for name, value in self.chosen.items() if value])


def listed(chosen: Mapping[str, Any]) -> Listed:
    """Open needs before met ones, the most urgent first, then those whose day is nearest."""
    public = Need.objects.public()
    provinces = list(Province.objects.filter(pk__in=public.values("province")))
    known = {province.pk for province in provinces}
    taken = {**chosen, "province": chosen["province"] if chosen["province"] in known else ""}
    found = public.select_related("province").order_by("-state", "-urgency", "needed_by", "pk")
    if taken["province"]:
        found = found.filter(province=taken["province"])
    if taken["kind"]:
        found = found.filter(kind=taken["kind"])
    if taken["urgency"]:
        found = found.filter(urgency__gte=taken["urgency"])
    return Listed(found, taken, provinces, list(Kind.choices), [(u.value, u.label) for u in Urgency if u > Urgency.SOMEDAY])


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come: how many of its needs are met, and how much of all of them together is promised and has arrived."""

    needs: list[Need]
    met: int
    percent: int
    percent_received: int

    @property
    def count(self) -> int:
        """How many needs it has in public."""
        return len(self.needs)


def progress_of(campaign: Campaign) -> Progress:
    """Each need counts the same, whatever it is counted in."""
    needs = list(campaign.needs.filter(state__in=[*PUBLIC, NeedState.CLOSED]).select_related("province").order_by("-urgency", "needed_by", "pk"))
    met = sum(need.promised >= need.quantity for need in needs)
    count = len(needs) or 1
    return Progress(needs, met, sum(need.percent for need in needs) // count, sum(need.percent_received for need in needs) // count)


def running_campaigns(day: date) -> list[Campaign]:
    """Campaigns in public whose last day has not passed, newest first."""
    found = Campaign.objects.public().select_related("picture").order_by("-opened_at")
    shown = Prefetch("needs", Need.objects.filter(state__in=[*PUBLIC, NeedState.CLOSED]))
    return [campaign for campaign in found.prefetch_related(shown) if campaign.until_on is None or campaign.until_on >= day]


def wall() -> list[Thanks]:
    """The newest names on the thank-you wall."""
    return list(Thanks.objects.filter(state=ThanksState.SHOWN).order_by("-shown_at")[:WALL])
