"""How amounts, units and languages stand on pages."""

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.formats import number_format

from saphan.portal.exchange.codes import Item
from saphan.portal.exchange.units import Unit

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount without needless zeros: 3, 2.5, 1,200."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    return str(number_format(value.quantize(Decimal(1)) if whole else value.normalize(), use_l10n=True, force_grouping=True))


@register.filter
def unit_name(code: str) -> str:
    """A unit by its code."""
    return str(Unit(code).label)


@register.filter
def item_name(code: str) -> str:
    """What is given, by its code."""
    return str(Item(code).label)


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Languages by their own names."""
    names = dict(settings.LANGUAGES)
    return ", ".join(names.get(code, code) for code in codes)


@register.filter
def unlocalized(value: Decimal) -> str:
    """An amount as a number field of a form takes it."""
    return f"{value.normalize():f}"


@register.filter
def money(value: Decimal | None, currency: str) -> str:
    """An amount of money with both decimals and its currency: 1,250.00 THB. A space that never breaks holds them together."""
    return "" if value is None else f"{number_format(value, 2, use_l10n=True, force_grouping=True)}\N{NO-BREAK SPACE}{currency}"
