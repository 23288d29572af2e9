"""For each rule a change of a small sound procedure that breaks it, and a near one that does not. The handbook shows them; a test runs all."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.loading import load_plain
from saphan.agreements.procedures.reading import read

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """What breaks a rule, at which article it is told, and what does not break it."""

    article: str
    fails: dict[str, Any]
    passes: dict[str, Any]


@cache
def examples() -> dict[str, Example]:
    """The examples by the id of their rule."""
    return {rule: Example(**parts) for rule, parts in read((HERE / "examples.yaml").read_bytes()).value.items()}


@cache
def base() -> dict[str, Any]:
    """The sound procedure in plain values."""
    return read((HERE / "base.yaml").read_bytes()).value


def changed(changes: dict[str, Any]) -> Procedure:
    """The sound procedure with changes: `2.send.0.keep` names a place by article, `+` adds to a list, nothing takes away."""
    value = copy.deepcopy(base())
    for path, new in changes.items():
        place, last = _place(value, path)
        if last == "+":
            place.append(new)
        elif new is None:
            place.pop(last, None)
        elif isinstance(place, list):
            place[int(last)] = new
        else:
            place[last] = new
    return load_plain(value)


def _place(value: dict[str, Any], path: str) -> tuple[Any, str]:
    *steps, last = path.split(".")
    if path == "+":
        return value["articles"], "+"
    place: Any = value
    for depth, step in enumerate(steps):
        if depth == 0 and step[0].isdigit():
            place = next(article for article in value["articles"] if str(article["art"]) == step)
        else:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, [] if last == "+" else {})
    return place, last
