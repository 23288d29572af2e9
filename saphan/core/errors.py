"""Errors of the mission. Services raise them; the edge turns each into one status code and one sentence."""

from collections.abc import Mapping


class DomainError(Exception):
    """An act that cannot be done. `sentence` is translated and safe to show; it never holds a value of a record."""

    status = 409

    def __init__(self, sentence: str = "") -> None:
        super().__init__(type(self).__name__)
        self.sentence = sentence


class Refused(DomainError):
    """The policy says no (403). Recorded in the audit by the edge, after the transaction is rolled back."""

    status = 403

    def __init__(self, sentence: str, *, action: str = "", target_kind: str = "", target_id: str = "") -> None:
        super().__init__(sentence)
        self.action = action
        self.target_kind = target_kind
        self.target_id = target_id


class NotFound(DomainError):
    """No such record, or not for this user: the two look the same (404)."""

    status = 404


class WrongState(DomainError):
    """The life cycle does not allow the move from the present state (409)."""


class Outdated(DomainError):
    """Somebody else changed the record since it was shown (409)."""


class Invalid(DomainError):
    """What was given breaks a rule (422). `fields` maps a field to its sentence; the form keeps what was typed."""

    status = 422

    def __init__(self, sentence: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})
