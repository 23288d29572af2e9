"""What a rule of the linter is: an id, a severity, one sentence, and one function whose docstring says what it finds and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from saphan.agreements.procedures.findings import Path, Severity
from saphan.agreements.procedures.rules.draft import Draft


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken, with what its sentence needs."""

    article: str
    path: Path
    parameters: dict[str, str]


Check = Callable[[Draft], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule. `signing` rules are silent while a draft is negotiated and stand against its signature."""

    id: str
    severity: Severity
    sentence: str
    check: Check
    signing: bool = False

    @property
    def why(self) -> str:
        """What it finds and why, from the docstring of its function."""
        return " ".join((self.check.__doc__ or "").split())


RULES: dict[str, LintRule] = {}


def error(id: str, sentence: str) -> Callable[[Check], Check]:
    """Registers a rule whose breach keeps a draft from leaving drafting."""
    return _registered(id, "error", sentence)


def warning(id: str, sentence: str) -> Callable[[Check], Check]:
    """Registers a rule whose breach is shown and may stand."""
    return _registered(id, "warning", sentence)


def before_signing(id: str, sentence: str) -> Callable[[Check], Check]:
    """Registers a rule that a draft may break until it is to be signed."""
    return _registered(id, "error", sentence, signing=True)


def _registered(id: str, severity: Severity, sentence: str, *, signing: bool = False) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        assert id not in RULES, id
        RULES[id] = LintRule(id, severity, sentence, check, signing)
        return check

    return register


def hit(article: str, path: Path, /, **parameters: object) -> Hit:
    """A hit whose parameters are told as words."""
    return Hit(article, path, {name: str(value) for name, value in parameters.items()})
