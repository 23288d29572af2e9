"""What reading, loading and the linter say: one sentence by the id of its rule, with article, line and parameters, so that a screen can say it in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `text` is the English sentence of the rule with places for `parameters`; `line` is 0 where no file is at hand."""

    rule: str
    severity: Severity
    article: str
    line: int
    path: Path
    text: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The English sentence with its parameters."""
        return self.text.format_map(self.parameters)

    @property
    def where(self) -> str:
        """The path in words of the file: `articles/4/oblige/0/due`."""
        return "/".join(str(step) for step in self.path)

    def plain(self) -> dict[str, object]:
        """As values for JSON."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "article": self.article,
            "line": self.line,
            "path": self.where,
            "sentence": self.sentence,
            "parameters": dict(self.parameters),
        }

    def __str__(self) -> str:
        place = [f"line {self.line}"] * bool(self.line) + [f"Art. {self.article}"] * bool(self.article)
        return f"{self.rule} {self.severity}" + (f" ({', '.join(place)})" if place else "") + f": {self.sentence}"


class Lines:
    """At which line of the file each value stands. A path of the model is followed as far as the file wrote it out."""

    def __init__(self, by_path: Mapping[Path, int] | None = None) -> None:
        self._by_path = by_path or {}

    def of(self, path: Path) -> int:
        """The line of the value, else of the nearest thing around it; 0 where nothing was read from a file."""
        place: Path = ()
        for step in path:
            if (*place, step) in self._by_path:
                place = (*place, step)
            elif isinstance(step, str) and step != "prose":
                break
        return self._by_path.get(place, 0)


# Why a file is not read at all (R) or does not fit the schema (L). Rules of the linter (P, F) carry their own sentence.
FAULTS = {
    "R01": "The file is larger than {limit} KiB.",
    "R02": "The file is not text in UTF-8.",
    "R03": "Here stands a character that nobody can see or that turns the direction of writing: {character}. Delete it.",
    "R04": "This cannot be read as YAML: {problem}.",
    "R05": "Anchors and aliases (& and *) are not read: write the value out at each place.",
    "R06": "Tags (!) are not read: a procedure holds only words, numbers, lists and maps.",
    "R07": "The merge key << is not read: write the values out.",
    "R08": "“{key}” is written twice; the first time in line {first}.",
    "R09": "The file holds more than one document; only one procedure may stand in a file.",
    "R10": "Here stands {found} where a word was expected as a name.",
    "R11": "The lists and maps are nested deeper than {limit} levels.",
    "R12": "The file holds more than {limit} values.",
    "R13": "The number {found} cannot be read exactly: write a plain decimal number below 2^53, or put it in quotes.",
    "R14": "A procedure is a map of words and values; here stands {found}.",
    "R15": "Directives (%) are not read, except %YAML 1.2.",
    "L01": "The word “{word}” is not known here.{nearest}",
    "L02": "“{word}” is missing.",
    "L03": "Here stands {found}; expected is {expected}.",
    "L04": "“{found}” is not a name. Names are Latin letters, digits and _, begin with a letter, and have at most 40 characters.",
    "L05": "“{found}” holds {character}, which only looks like a plain letter. Names are Latin letters, digits and _.",
    "L06": "“{found}” does not fit: {reason}.",
    "L07": "“{found}” is not one of {expected}.{nearest}",
    "L08": "There are more than {limit} of these.",
    "L09": "At least one is needed here.",
    "L10": "The text is longer than {limit} characters.",
    "L11": "The text is empty.",
    "L12": "The number {found} is out of its limits: {limit}.",
}


def fault(rule: str, line: int, path: Path, article: str, **parameters: object) -> Finding:
    """A fault of reading or loading; always an error."""
    return Finding(rule, "error", article, line, path, FAULTS[rule], {name: str(value) for name, value in parameters.items()})


class Unreadable(Exception):
    """The file holds no procedure; `faults` says why, each with its line."""

    def __init__(self, faults: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(str(found) for found in faults))
        self.faults = faults
