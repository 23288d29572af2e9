"""Units of what is needed and offered. Amounts are turned into one another only inside a family: a kilogram is never a piece."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")


class Unit(TextChoices):
    """How an amount is counted. Money is counted in its own currency and never exchanged."""

    PIECE = "piece", _("pieces")
    DOZEN = "dozen", _("dozens")
    PAIR = "pair", _("pairs")
    SET = "set", _("sets")
    GRAM = "g", _("grams")
    KILOGRAM = "kg", _("kilograms")
    TONNE = "t", _("tonnes")
    LITRE = "l", _("litres")
    METRE = "m", _("metres")
    HOUR = "hour", _("hours of help")
    DAY = "day", _("days of help")
    PLACE = "place", _("places")
    NIGHT = "night", _("nights")
    BAHT = "thb", _("baht")


@dataclass(frozen=True)
class Measure:
    """A unit's family and how many of the family's smallest unit it holds."""

    family: str
    size: int


MEASURES: dict[str, Measure] = {
    Unit.PIECE: Measure("piece", 1),
    Unit.DOZEN: Measure("piece", 12),
    Unit.PAIR: Measure("pair", 1),
    Unit.SET: Measure("set", 1),
    Unit.GRAM: Measure("mass", 1),
    Unit.KILOGRAM: Measure("mass", 1_000),
    Unit.TONNE: Measure("mass", 1_000_000),
    Unit.LITRE: Measure("volume", 1),
    Unit.METRE: Measure("length", 1),
    Unit.HOUR: Measure("time", 1),
    Unit.DAY: Measure("time", 8),  # a volunteer's day
    Unit.PLACE: Measure("place", 1),
    Unit.NIGHT: Measure("night", 1),
    Unit.BAHT: Measure("thb", 1),
}
WHOLE = frozenset({Unit.PIECE, Unit.DOZEN, Unit.PAIR, Unit.SET, Unit.PLACE, Unit.NIGHT})  # nobody brings half a mattress


def same_family(one: str, other: str) -> bool:
    """Whether an amount of one unit can be told in the other."""
    return MEASURES[one].family == MEASURES[other].family


def at_most(quantity: Decimal, unit: str, into: str) -> Decimal:
    """As much of `into` as `quantity` certainly holds: rounded down, whole where the unit is. ValueError across families."""
    return _turned(quantity, unit, into, ROUND_FLOOR)


def at_least(quantity: Decimal, unit: str, into: str) -> Decimal:
    """How much of `into` must be taken so that it holds `quantity`: rounded up. ValueError across families."""
    return _turned(quantity, unit, into, ROUND_CEILING)


def _turned(quantity: Decimal, unit: str, into: str, rounding: str) -> Decimal:
    if not same_family(unit, into):
        raise ValueError("units of different families")
    exact = quantity * MEASURES[unit].size / MEASURES[into].size
    return exact.quantize(Decimal(1) if into in WHOLE else CENT, rounding=rounding)
