"""The column of a sealed field: ciphertext that nothing decrypts by accident."""

import base64
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from saphan.core.sensitivity import Sensitivity


class Sealed:
    """A sealed value as it lies in the database. It shows nothing, in no log, page or traceback."""

    __slots__ = ("ciphertext",)

    def __init__(self, ciphertext: bytes) -> None:
        self.ciphertext = ciphertext

    def __repr__(self) -> str:
        return "[sealed]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.ciphertext == self.ciphertext

    def __hash__(self) -> int:
        return hash(self.ciphertext)


class SealedField(models.Field["Sealed | None", "Sealed | None"]):
    """A text that only `seal` writes and only `unseal` reads; `sensitivity` says which data key of the scope seals it."""

    def __init__(self, sensitivity: Sensitivity, **options: Any) -> None:
        if sensitivity == Sensitivity.WORKING:
            raise ValueError("working facts are not sealed")
        self.sensitivity = Sensitivity(sensitivity)
        super().__init__(**{**options, "null": True, "blank": True, "editable": False})

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        for implied in ("null", "blank", "editable"):
            options.pop(implied, None)
        return name, path, [self.sensitivity.value, *args], options

    def formfield(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  # a sealed field never enters a form by itself
        return None

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Sealed | None:  # noqa: ARG002  # Django's shape
        return None if value is None else Sealed(bytes(value))

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a sealed column takes only what seal() made")  # never names the value
        return value.ciphertext

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        ciphertext = value if prepared else self.get_prep_value(value)
        return None if ciphertext is None else connection.Database.Binary(ciphertext)  # type: ignore[attr-defined]  # every driver has it

    def to_python(self, value: Any) -> Sealed | None:
        return Sealed(base64.b64decode(value)) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return base64.b64encode(value.ciphertext).decode() if value else ""
