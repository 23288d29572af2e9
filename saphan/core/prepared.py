"""Questions that the query builder words once and that are then asked again and again with other values.

The rule stays where it is written, in the queryset. Only the wording of its SQL is kept, which takes ten times as long as
the question itself; rows and values never are: each asking goes to the database.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]  # Django's own way from a row to its relations
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Stands in a queryset where each asking puts a value of its own, of the kind of `field`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Slot"]]:  # type: ignore[override]  # noqa: ARG002  # the slot stands where its value will
        return "%s", [self]

    def filled(self, values: dict[str, Any]) -> Any:
        """The value as the driver takes it. Raises ValueError for None: the SQL was not worded as IS NULL."""
        value = values[self.name]
        if value is None:
            raise ValueError(f"no value for {self.name}")
        return self.output_field.get_db_prep_value(value, connection)


class Prepared(Generic[M]):
    """One question. `build` makes its queryset, with slots; it is called once in each thread.

    Example: ``Prepared(lambda: Case.objects.filter(pk=Slot("pk", UUIDField())))``, asked by ``rows(pk=...)``.
    """

    def __init__(self, build: "Callable[[], QuerySet[M]]") -> None:
        self._build = build
        self._kept = threading.local()  # a wording holds on to its thread's connection

    def rows(self, **values: Any) -> list[M]:
        """The rows that meet these values now. Raises TransactionManagementError where rows would be held outside a transaction."""
        worded: _Worded[M] = getattr(self._kept, connection.vendor, None) or self._word()
        if worded.holds and not connection.in_atomic_block and connection.get_autocommit():
            raise TransactionManagementError("rows are held within a transaction only")
        with connection.cursor() as cursor:
            cursor.execute(worded.sql, [part.filled(values) if isinstance(part, Slot) else part for part in worded.parameters])
            return worded.records(cursor.fetchall())

    def _word(self) -> "_Worded[M]":
        worded = _word(self._build())
        setattr(self._kept, connection.vendor, worded)
        return worded


@dataclass(frozen=True)
class _Worded(Generic[M]):
    """What the query builder made: SQL, parameters with slots among them, and how a row becomes a record with its relations."""

    sql: str
    parameters: Sequence[Any]
    holds: bool
    model: type[M]
    names: list[str]
    first: int
    related: list[Any]
    compiler: Any
    converters: dict[int, Any]

    def records(self, found: list[Sequence[Any]]) -> list[M]:
        made = []
        for row in self.compiler.apply_converters(found, self.converters):
            record = self.model.from_db(connection.alias, self.names, row[self.first : self.first + len(self.names)])
            for populator in self.related:
                populator.populate(row, record)
            made.append(record)
        return made


def _word(queryset: "QuerySet[M]") -> "_Worded[M]":
    compiler = queryset.query.get_compiler(connection.alias)
    sql, parameters = compiler.as_sql()
    info: Any = compiler.klass_info
    columns = info["select_fields"]
    return _Worded(
        sql=sql,
        parameters=parameters,
        holds=queryset.query.select_for_update and connection.features.has_select_for_update,
        model=info["model"],
        names=[compiler.select[place][0].target.attname for place in columns],
        first=columns[0],
        related=get_related_populators(info, compiler.select, connection.alias),
        compiler=compiler,
        converters=compiler.get_converters([column[0] for column in compiler.select]),
    )
