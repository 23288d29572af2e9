"""Open needs and offers as the arrays of the matching. Four queries, however many there are; nothing that is sealed is read."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import numpy as np
from django.db.models import F

from saphan.portal.exchange.codes import NEEDED_CHECKS, Item, Result, Tier
from saphan.portal.exchange.distances import between, towns
from saphan.portal.exchange.matching.tables import NO_DAY, Ints, Needs, Offers
from saphan.portal.exchange.models import Need, Offer, Safeguarding
from saphan.portal.exchange.units import MEASURES

HUNDREDTHS = 100  # the smallest step of an amount is a hundredth of the family's smallest unit
MOST = 10**13  # steps; more of one thing than any house needs, and few enough that sums stay whole numbers


class NeedRow(NamedTuple):
    """What the matching knows of a need."""

    id: UUID
    kind: str
    item: str
    unit: str
    left: Decimal
    urgency: int
    province: str
    by_on: date | None
    languages: list[str]
    tier: int
    meets: bool


class OfferRow(NamedTuple):
    """What the matching knows of an offer."""

    id: UUID
    kind: str
    item: str
    unit: str
    left: Decimal
    province: str
    from_on: date
    until_on: date | None
    languages: list[str]
    tier: int
    meets: bool
    reach_km: int
    need_id: UUID | None


@dataclass(frozen=True)
class Loaded:
    """Rows and, position for position, the arrays made of them."""

    need_rows: list[NeedRow]
    offer_rows: list[OfferRow]
    needs: Needs
    offers: Offers


Held = dict[UUID, Decimal]
Row = TypeVar("Row", NeedRow, OfferRow)


def load(day: date, held: Held) -> Loaded:
    """What is open on this day and in a province of the table. `held` is what proposals of people keep back, by need and by offer, each in its unit."""
    places = {code: at for at, code in enumerate(towns())}
    known = {"province__in": places}
    order = ("kind", "item", "province", "id")  # neighbours stand together: the solver is faster so
    needs = Need.objects.open(day).filter(**known).exclude(item=Item.OTHER).filter(quantity__gt=F("promised")).order_by(*order)
    offers = Offer.objects.open(day).filter(**known).exclude(item=Item.OTHER).order_by(*order)
    need_rows = [_less(NeedRow(*row), held) for row in needs.values_list(
        "id", "kind", "item", "unit", F("quantity") - F("promised"), "urgency", "province", "needed_by", "languages", "tier", "meets_survivors")]  # fmt: skip
    offer_rows = [_less(OfferRow(*row), held) for row in offers.values_list(
        "id", "kind", "item", "unit", F("quantity") - F("promised"), "province", "from_on", "until_on", "languages", "tier", "meets", "reach_km",
        "need_id")]  # fmt: skip
    coded = Codes()
    return Loaded(need_rows, offer_rows, _needs(need_rows, coded, places), _offers(offer_rows, need_rows, coded, places, day))


def _less(row: Row, held: Held) -> Row:
    return row._replace(left=max(Decimal(0), row.left - held.get(row.id, Decimal(0))))


class Codes:
    """Words as numbers: a group for each kind, item and family of units, a bit for each language."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, str, str], int] = defaultdict(lambda: len(self.groups))
        self.bits: dict[str, int] = defaultdict(lambda: 1 << len(self.bits))

    def group(self, row: NeedRow | OfferRow) -> int:
        """The number of its group."""
        return self.groups[row.kind, row.item, MEASURES[row.unit].family]

    def languages(self, row: NeedRow | OfferRow) -> int:
        """The bits of its languages."""
        return sum({self.bits[code] for code in row.languages})


def steps(quantity: Decimal, unit: str) -> int:
    """An amount in the smallest steps of its unit's family, at most MOST."""
    return min(MOST, round(quantity * HUNDREDTHS) * MEASURES[unit].size)  # rounded: SQLite subtracts decimals as floats


def amount(quantity: int, unit: str) -> Decimal:
    """Steps as an exact amount of a unit of their family."""
    return Decimal(quantity) / (HUNDREDTHS * MEASURES[unit].size)


def _column(rows: Sequence[Any], value: Callable[[Any], int]) -> Ints:
    return np.fromiter((value(row) for row in rows), np.int64, len(rows))


def _day(day: date | None) -> int:
    return day.toordinal() if day else NO_DAY


def _needs(rows: list[NeedRow], coded: Codes, places: dict[str, int]) -> Needs:
    return Needs(
        group=_column(rows, coded.group), quantity=_column(rows, lambda r: steps(r.left, r.unit)), urgency=_column(rows, lambda r: r.urgency),
        province=_column(rows, lambda r: places[r.province]), by_day=_column(rows, lambda r: _day(r.by_on)),
        languages=_column(rows, coded.languages), tier=_column(rows, lambda r: r.tier),
        meets=_column(rows, lambda r: r.meets),
    )  # fmt: skip


def _offers(rows: list[OfferRow], needs: list[NeedRow], coded: Codes, places: dict[str, int], day: date) -> Offers:
    at = {row.id: place for place, row in enumerate(needs)}
    tiers = _tiers(rows, day)
    return Offers(
        group=_column(rows, coded.group), quantity=_column(rows, lambda r: steps(r.left, r.unit)),
        province=_column(rows, lambda r: places[r.province]), from_day=_column(rows, lambda r: _day(r.from_on)),
        until_day=_column(rows, lambda r: _day(r.until_on)), languages=_column(rows, coded.languages),
        tier=_column(rows, lambda r: tiers[r.id]), cleared=_column(rows, lambda r: r.meets and tiers[r.id] == Tier.CLEARED), reach=_column(rows, lambda r: r.reach_km),
        made_for=_column(rows, lambda r: at.get(r.need_id, -1)), km=between(list(towns().values())), today=day.toordinal(),
    )  # fmt: skip


def _tiers(rows: list[OfferRow], day: date) -> dict[UUID, int]:
    """How well each donor is known on this day: as far as checks carry it that hold and have not failed since (as `offers.valid_checks` says of one)."""
    holds: dict[UUID, set[str]] = defaultdict(set)
    checks = Safeguarding.objects.filter(offer__tier__gt=Tier.UNKNOWN)
    for offer, kind in checks.valid(day).values_list("offer_id", "check_kind"):
        holds[offer].add(kind)
    for offer, kind in checks.filter(result=Result.FAILED).values_list("offer_id", "check_kind"):
        holds[offer].discard(kind)
    return {row.id: max(tier for tier in Tier if tier <= row.tier and NEEDED_CHECKS[tier] <= holds.get(row.id, set())) for row in rows}
