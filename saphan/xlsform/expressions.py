"""Expressions of XLSForm (XPath with the functions of ODK) as small trees. elementpath parses; the trees say the rest.

A tree is a tuple: a word and what belongs to it. The same trees are evaluated here (`evaluating`) and sent to a device without network (`offline`).

| tree | meaning |
|---|---|
| `("text", s)`, `("number", n)`, `("truth", b)` | a constant |
| `("self",)` | the value of the question that the expression belongs to |
| `("answer", code)` | the answer of a question, as seen from here: of this instance of a repeat, else the first |
| `("every", code)` | the answers of all instances, as seen from here |
| `("instances", code)` | how many instances a repeat has |
| `("position", code)` | the number of this instance of a repeat, from 1 |
| `("indexed", code, t, …)` | the answer in the instance whose numbers the trees give, one for each repeat around it |
| `("column", name)` | a column of the choice that a filter looks at |
| `("lookup", list, t, column)` | this column of the choices for which the tree is true |
| `("choice-name", t, code)` | the label of the choice that the tree names, in the list of a question |
| `("and", a, b)`, `("=", a, b)`, `("+", a, b)`, `("neg", a)` | operators of XPath, `div` and `mod` among them |
| `("selected", a, b)` … | a function of `FUNCTIONS`, with its arguments; `number()` is `as-number` |
"""

import re
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from elementpath import XPath1Parser
from elementpath.exceptions import ElementPathError
from elementpath.tdop import Parser
from pyxform.parsing.expression import ncname_regex

from saphan.xlsform.names import Names, Unreadable
from saphan.xlsform.patterns import check_pattern

Tree: TypeAlias = tuple[Any, ...]

MAX_LENGTH = 8_000
MAX_DEPTH = 60
MANY = 99
FUNCTIONS = {
    "true": (0, 0), "false": (0, 0), "not": (1, 1), "boolean": (1, 1), "boolean-from-string": (1, 1), "if": (3, 3), "coalesce": (2, MANY), "once": (1, 1),
    "selected": (2, 2), "selected-at": (2, 2), "count-selected": (1, 1), "choice-name": (2, 2),
    "today": (0, 0), "now": (0, 0), "date": (1, 1), "date-time": (1, 1), "decimal-date-time": (1, 1), "decimal-time": (1, 1),
    "format-date": (2, 2), "format-date-time": (2, 2),
    "int": (1, 1), "number": (1, 1), "round": (1, 2), "floor": (1, 1), "ceiling": (1, 1), "abs": (1, 1), "pow": (2, 2), "sqrt": (1, 1), "exp": (1, 1),
    "log": (1, 1), "log10": (1, 1), "pi": (0, 0), "sin": (1, 1), "cos": (1, 1), "tan": (1, 1),
    "string": (1, 1), "string-length": (0, 1), "regex": (2, 2), "concat": (1, MANY), "join": (2, MANY), "substr": (2, 3), "contains": (2, 2),
    "starts-with": (2, 2), "ends-with": (2, 2), "substring-before": (2, 2), "substring-after": (2, 2), "normalize-space": (0, 1), "translate": (3, 3),
    "count": (1, 1), "count-non-empty": (1, 1), "sum": (1, MANY), "min": (1, MANY), "max": (1, MANY),
    "checklist": (3, MANY), "weighted-checklist": (4, MANY), "position": (0, 1), "indexed-repeat": (3, 7),
}  # fmt: skip
GATHERING = frozenset({"count", "count-non-empty", "sum", "min", "max", "join", "concat"})  # these take all instances of a repeat
RENAMED = {"number": "as-number"}  # the word `number` marks a constant
OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"})
PIECE = re.compile(
    rf"""(?P<string>"[^"]*"|'[^']*')|\$\{{\s*(?P<ref>[^}}]*?)\s*\}}|(?P<list>instance\(\s*(?:"(?P<l1>[^"]+)"|'(?P<l2>[^']+)')\s*\)\s*/\s*root\s*/\s*item)"""
    rf"""|(?P<here>current\(\s*\))|(?P<call>(?:jr:)?{ncname_regex})(?=\s*\()"""
)
KIND_TESTS = frozenset({"text", "node", "comment", "processing-instruction"})
WORD_OPERATORS = frozenset({"and", "or", "div", "mod"})


class _Grammar(XPath1Parser):
    """XPath 1.0 with the functions of ODK. Only the grammar: nothing is evaluated while parsing."""

    def parse(self, source: str) -> Any:
        return Parser.parse(self, source)


for _name in FUNCTIONS:
    if _name in _Grammar.symbol_table:
        _Grammar.unregister(_name)
    _Grammar.function(_name, nargs=(0, MANY))
_Grammar.build()
_PARSING = threading.Lock()  # the grammar's tables are shared by the process


def compile_expression(text: str, names: Names, *, columns: bool = False) -> Tree:
    """The tree of an expression that stands where `names` looks from; `columns` allows bare names, as filters of choices have.

    Raises Unreadable with the code and arguments of a problem.
    """
    if len(text) > MAX_LENGTH:
        raise Unreadable("expression_too_long")
    try:
        with _PARSING:
            token = _Grammar().parse(_prepared(text, names))
        return _Compiler(names, columns).tree(token)
    except ElementPathError as error:
        raise Unreadable("broken_expression", near=_near(text, error)) from error
    except RecursionError:
        raise Unreadable("expression_too_long") from None


def _prepared(text: str, names: Names) -> str:
    """The expression as the grammar takes it: `${name}` becomes a variable, a list of choices another; unknown functions are told."""

    def one(found: re.Match[str]) -> str:
        if found["string"]:
            return found["string"]
        if found["ref"] is not None:
            return f" $q.{names.checked(found['ref'])} "
        if found["list"]:
            return f" $l.{names.listed(found['l1'] or found['l2'])} "
        return " $here " if found["here"] else _call(found["call"])

    return PIECE.sub(one, text)


def _call(name: str) -> str:
    bare = name.removeprefix("jr:")
    if bare in WORD_OPERATORS or name in KIND_TESTS:
        return name
    if bare not in FUNCTIONS or (name != bare and bare != "choice-name"):
        raise Unreadable("unsupported_function", function=name)
    return bare


def _near(text: str, error: Exception) -> str:
    """What stands where the grammar stopped. The place is in the rewritten text, so the end of the sentence names the sign itself."""
    quoted = re.match(r"'([^']{1,30})'", str(error))
    sign = quoted[1] if quoted else ""
    return sign.removeprefix("q.") if sign and sign != "(end)" else text[-20:]


class _Compiler:
    def __init__(self, names: Names, columns: bool) -> None:
        self.names = names
        self.columns = columns
        self.depth = 0

    def tree(self, token: Any) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable("expression_too_long")
        try:
            return self._tree(token)
        finally:
            self.depth -= 1

    def _tree(self, token: Any) -> Tree:
        symbol = token.symbol
        if symbol in ("and", "or"):
            return self._balanced(symbol, _spine(token, symbol))
        if symbol in OPERATORS:
            return self._operator(token)
        if symbol in FUNCTIONS and token.label == "function":
            return self._function(symbol, list(token))
        leaf = LEAVES.get(symbol)
        if leaf is None:
            raise Unreadable("unsupported_part", part=token.source if len(token.source) < 40 else symbol)
        return leaf(self, token)

    def _balanced(self, symbol: str, operands: list[Any]) -> Tree:
        """A long chain as a flat tree, so that its depth does not grow with its length."""
        if len(operands) == 1:
            return self.tree(operands[0])
        half = len(operands) // 2
        return (symbol, self._balanced(symbol, operands[:half]), self._balanced(symbol, operands[half:]))

    def _operator(self, token: Any) -> Tree:
        if len(token) < 2:
            return ("neg", self.tree(token[0])) if token.symbol == "-" and len(token) else self._unsupported(token)
        return (token.symbol, self.tree(token[0]), self.tree(token[1]))

    def _function(self, name: str, arguments: list[Any]) -> Tree:
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise Unreadable("wrong_arguments", function=name, number=str(len(arguments)))
        if name in ("true", "false"):
            return ("truth", name == "true")
        special = SPECIAL.get(name)
        if special is not None:
            return special(self, arguments)
        trees = tuple(self.tree(argument) for argument in arguments)
        if name in ("string-length", "normalize-space") and not trees:
            trees = (("self",),)
        if name in GATHERING:
            trees = tuple(("every", tree[1]) if tree[0] == "answer" and self.names.deeper(tree[1]) else tree for tree in trees)
        if name == "regex" and trees[1][0] == "text":
            check_pattern(trees[1][1])
        return (RENAMED.get(name, name), *trees)

    # functions that do not evaluate all they are given

    def _position(self, arguments: list[Any]) -> Tree:
        if not arguments:
            return ("number", 1.0)
        steps = _path(arguments[0])
        if steps is None:
            return self._unsupported(arguments[0])
        code = self.names.repeat_at(steps)
        return ("position", code) if code else ("number", 1.0)

    def _indexed(self, arguments: list[Any]) -> Tree:
        code = self._answer_code(arguments[0])
        given = {}
        for repeat, number in zip(arguments[1::2], arguments[2::2], strict=False):
            given[self._repeat_code(repeat)] = self.tree(number)
        around = self.names.repeats(code)
        return ("indexed", code, *(given.get(repeat, ("position", repeat)) for repeat in around))

    def _count(self, arguments: list[Any]) -> Tree:
        token = arguments[0]
        if token.symbol == "$" and (code := self.names.repeat_named(_variable(token))):
            return ("instances", code)
        tree = self.tree(token)
        if tree[0] == "answer":
            return ("count", ("every", tree[1]))
        return ("count", tree) if tree[0] in ("every", "lookup") else self._unsupported(token)

    def _choice_name(self, arguments: list[Any]) -> Tree:
        quoted = re.fullmatch(r"\$\{\s*(.+?)\s*\}", str(arguments[1].value)) if arguments[1].symbol == "(string)" else None
        if quoted is None:
            return self._unsupported(arguments[1])
        return ("choice-name", self.tree(arguments[0]), self.names.question(self.names.checked(quoted[1])))

    # leaves

    def _constant(self, token: Any) -> Tree:
        return ("text", token.value) if token.symbol == "(string)" else ("number", float(token.value))

    def _variable(self, token: Any) -> Tree:
        name = _variable(token)
        if name == "here":
            return ("self",)
        return ("answer", self.names.question(name.removeprefix("q."))) if name.startswith("q.") else self._unsupported(token)

    def _name(self, token: Any) -> Tree:
        return ("column", token.value) if self.columns else ("answer", self.names.along([("child", token.value)]))

    def _steps(self, token: Any) -> Tree:
        """A path: from a list of choices to a column, or along groups to a question."""
        if (found := self._lookup(token)) is not None:
            return found
        steps = _path(token)
        return ("answer", self.names.along(steps)) if steps else self._unsupported(token)

    def _lookup(self, token: Any) -> Tree | None:
        if token.symbol != "/" or len(token) != 2 or token[1].symbol != "(name)":
            return None
        left = token[0]
        source, predicate = (left[0], left[1]) if left.symbol == "[" else (left, None)
        if source.symbol != "$" or not _variable(source).startswith("l."):
            return None
        inner = ("truth", True) if predicate is None else _Compiler(self.names, True).tree(predicate)
        return ("lookup", _variable(source).removeprefix("l."), inner, token[1].value)

    def _itself(self, _token: Any) -> Tree:
        return ("self",)

    def _inside(self, token: Any) -> Tree:
        return self.tree(token[0])

    def _unsupported(self, token: Any) -> Tree:
        raise Unreadable("unsupported_part", part=token.source[:60].replace("$q.", "$") or token.symbol)

    def _answer_code(self, token: Any) -> str:
        tree = self.tree(token)
        return str(tree[1]) if tree[0] == "answer" else str(self._unsupported(token))

    def _repeat_code(self, token: Any) -> str:
        code = self.names.repeat_named(_variable(token)) if token.symbol == "$" else ""
        return code or str(self._unsupported(token))


SPECIAL: dict[str, Callable[[_Compiler, list[Any]], Tree]] = {
    "position": _Compiler._position,
    "indexed-repeat": _Compiler._indexed,
    "count": _Compiler._count,
    "choice-name": _Compiler._choice_name,
}
LEAVES: dict[str, Callable[[_Compiler, Any], Tree]] = {
    "(string)": _Compiler._constant,
    "(integer)": _Compiler._constant,
    "(decimal)": _Compiler._constant,
    "(float)": _Compiler._constant,
    "$": _Compiler._variable,
    "(name)": _Compiler._name,
    "/": _Compiler._steps,
    ".": _Compiler._itself,
    "(": _Compiler._inside,
}


def _spine(token: Any, symbol: str) -> list[Any]:
    """The operands of a chain of one operator, left to right."""
    found: list[Any] = []
    while token.symbol == symbol:
        found.append(token[1])
        token = token[0]
    return [token, *reversed(found)]


def _variable(token: Any) -> str:
    return str(token[0].value)


def _path(token: Any) -> list[tuple[str, str]] | None:
    """The steps of a plain path, or None where it has predicates or other axes: `../a` -> [("up", ""), ("child", "a")]."""
    if token.symbol == "/" and not len(token):
        return None
    if token.symbol == "/" and len(token) == 1:
        rest = _path(token[0])
        return None if rest is None else [("root", ""), *rest]
    if token.symbol == "/":
        left, right = _path(token[0]), _path(token[1])
        return None if left is None or right is None else [*left, *right]
    if token.symbol == "$" and _variable(token) == "here":
        return [("here", "")]
    simple = {"..": ("up", ""), ".": ("here", "")}
    if token.symbol == "(name)":
        return [("child", str(token.value))]
    return [simple[token.symbol]] if token.symbol in simple else None
