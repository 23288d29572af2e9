"""What a device without network does with `as_offline`, told in as little Python as possible and without anything of the engine: the oracle of the trees."""

import math
import re
from typing import Any


class Device:
    """A form on a device: works out which places are asked and what counts, from JSON alone."""

    def __init__(self, form: dict[str, Any], values: dict[str, str]) -> None:
        self.nodes: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        self.form, self.values = form, values
        self._note(form["children"], [])

    def _note(self, children: list[dict[str, Any]], around: list[dict[str, Any]]) -> None:
        for node in children:
            self.nodes[node["code"]] = (node, around)
            self._note(node.get("children", []), [*around, node])

    def repeats(self, code: str) -> list[str]:
        return [node["code"] for node in self.nodes[code][1] if node["node"] == "repeat"]

    def count(self, code: str, outer: list[int]) -> int:
        highest = 1
        for place in self.values:
            name, _, numbers = place.partition("@")
            index = [int(number) for number in numbers.split(".")] if numbers else []
            around = self.repeats(name)
            if code in around and index[: len(outer)] == outer and len(index) > len(outer):
                highest = max(highest, index[around.index(code)])
        return highest

    def relevant(self, code: str, index: list[int]) -> bool:
        node, around = self.nodes[code]
        if around:
            parent = around[-1]
            inner = index[:-1] if parent["node"] == "repeat" else index
            if not self.relevant(parent["code"], inner) or (parent["node"] == "repeat" and index[-1] > self.count(parent["code"], inner)):
                return False
        return "relevant" not in node or truth(self.tree(node["relevant"], code, index))

    def value(self, code: str, index: list[int]) -> str:
        node = self.nodes[code][0]
        if not self.relevant(code, index):
            return ""
        if "calculation" in node:
            return text(self.tree(node["calculation"], code, index))
        return self.values.get(code + ("@" + ".".join(map(str, index)) if index else ""), "")

    def answer(self, code: str, here: str, index: list[int]) -> Any:
        shared = [number for number, mine, theirs in zip(index, self.repeats(here), self.repeats(code), strict=False) if mine == theirs]
        value = self.value(code, shared + [1] * (len(self.repeats(code)) - len(shared)))
        return number(value) if value and self.nodes[code][0].get("kind") in ("integer", "decimal") else value

    def tree(self, tree: list[Any], here: str, index: list[int]) -> Any:
        word, *parts = tree
        if word in ("text", "truth"):
            return parts[0]
        if word == "number":
            return float(parts[0])
        if word == "answer":
            return self.answer(parts[0], here, index)
        if word == "if":
            return self.tree(parts[1] if truth(self.tree(parts[0], here, index)) else parts[2], here, index)
        return WORDS[word](*[self.tree(part, here, index) for part in parts])

    def answers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        self._answers(self.form["children"], [], found)
        return {place: value for place, value in found.items() if value}

    def _answers(self, children: list[dict[str, Any]], index: list[int], found: dict[str, str]) -> None:
        for node in children:
            if not self.relevant(node["code"], index):
                continue
            if node["node"] == "question":
                found[node["code"] + ("@" + ".".join(map(str, index)) if index else "")] = self.value(node["code"], index)
            elif node["node"] == "group":
                self._answers(node["children"], index, found)
            else:
                for times in range(1, self.count(node["code"], index) + 1):
                    self._answers(node["children"], [*index, times], found)


def number(value: Any) -> float:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        import datetime

        return float((datetime.date.fromisoformat(value) - datetime.date(1970, 1, 1)).days)
    return float(value) if re.fullmatch(r"\s*-?(\d+\.?\d*|\.\d+)\s*", value) else math.nan


def text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value == int(value) else str(value)
    return str(value)


def truth(value: Any) -> bool:
    return value if isinstance(value, bool) else value != 0 and not math.isnan(value) if isinstance(value, float) else value != ""


def same(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return truth(a) == truth(b)
    if isinstance(a, float) or isinstance(b, float):
        return number(a) == number(b)
    return bool(a == b)


def whole(value: float) -> float:
    return math.nan if math.isnan(value) else float(int(value))


WORDS: dict[str, Any] = {
    "and": lambda a, b: truth(a) and truth(b), "or": lambda a, b: truth(a) or truth(b), "not": lambda a: not truth(a), "=": same, "!=": lambda a, b: not same(a, b),
    "<": lambda a, b: number(a) < number(b), "<=": lambda a, b: number(a) <= number(b), ">": lambda a, b: number(a) > number(b), ">=": lambda a, b: number(a) >= number(b),
    "+": lambda a, b: number(a) + number(b), "div": lambda a, b: number(a) / number(b), "mod": lambda a, b: math.fmod(number(a), number(b)), "neg": lambda a: -number(a),
    "selected": lambda a, b: text(b) in text(a).split(), "count-selected": lambda a: float(len(text(a).split())),
    "selected-at": lambda a, b: (text(a).split() + [""] * 9)[int(b)], "string-length": lambda a: float(len(text(a))), "concat": lambda *all: "".join(map(text, all)),
    "contains": lambda a, b: text(b) in text(a), "coalesce": lambda a, b: text(a) or text(b), "as-number": number, "int": lambda a: whole(number(a)), "boolean": truth,
    "round": lambda a: math.nan if math.isnan(number(a)) else float(math.floor(number(a) + 0.5)), "substr": lambda a, b, c: text(a)[int(b) : int(c)],
    "regex": lambda a, b: re.fullmatch(b, text(a)) is not None,
}  # fmt: skip
