"""Pages of a long list by keyset: never a count of everything, and the same speed on the last page as on the first."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
Order = Sequence[str]


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page and the addresses of its neighbours, with the list's filters kept."""

    rows: list[M]
    next_url: str = ""
    previous_url: str = ""

    @property
    def has_next(self) -> bool:
        return bool(self.next_url)

    @property
    def has_previous(self) -> bool:
        return bool(self.previous_url)

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous


def paginate(queryset: QuerySet[M], request: HttpRequest, *, order: Order, size: int = 50) -> Page[M]:
    """One page in `order`, whose last field must be unique. Columns of the order must not be null and not personal: the cursor carries them.

    Costs one query. A cursor that does not read is the first page, not an error.
    """
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    backward = bool(before) and not after
    place = _read(queryset.model, order, before if backward else after)
    if place is None:
        backward = False
    walk = [_turned(field) for field in order] if backward else list(order)
    beyond = queryset.filter(_beyond(walk, place)) if place is not None else queryset
    found = list(beyond.order_by(*walk)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
        if not more and len(rows) < size:  # came back to the beginning: show a whole first page
            return paginate(queryset, _without_cursor(request), order=order, size=size)
    has_next, has_previous = (bool(rows), more) if backward else (more, place is not None and bool(rows))
    return Page(
        rows,
        next_url=_address(request, "after", order, rows[-1]) if has_next else "",
        previous_url=_address(request, "before", order, rows[0]) if has_previous else "",
    )


def _beyond(walk: Order, place: list[Any]) -> Q:
    """Rows strictly after `place` in the direction of `walk`: a > x, or a = x and b > y, and so on."""
    rows, equal = Q(), Q()
    for field, value in zip(walk, place, strict=True):
        name = field.lstrip("-")
        rows |= equal & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return rows


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _read(model: type[Model], order: Order, cursor: str) -> list[Any] | None:
    """The order values inside a cursor, or None for any that was not made by this list."""
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_field(model, name).to_python(value) for name, value in zip(order, values, strict=True)] if isinstance(values, list) else None
    except (ValueError, TypeError, NotBase64, ValidationError, FieldDoesNotExist, OverflowError, RecursionError):
        return None


def _field(model: type[Model], path: str) -> Any:
    """The field at the end of an order path such as `-case__opened_at`."""
    *way, last = path.lstrip("-").split("__")
    for step in way:
        related = model._meta.get_field(step).related_model
        if not isinstance(related, type) or not issubclass(related, Model):
            raise FieldDoesNotExist(step)
        model = related
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _address(request: HttpRequest, key: str, order: Order, row: Model) -> str:
    values = [_plain(row, name.lstrip("-")) for name in order]
    cursor = urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[key] = cursor
    return f"?{query.urlencode()}"


def _plain(row: Any, path: str) -> Any:
    value = row
    for step in path.split("__"):
        value = getattr(value, step)
    return value if isinstance(value, int | bool) else str(value)


def _without_cursor(request: HttpRequest) -> HttpRequest:
    first = HttpRequest()
    first.GET = request.GET.copy()
    first.GET.pop("before", None)
    return first
