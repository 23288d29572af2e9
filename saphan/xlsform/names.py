"""What a name in an expression means, as seen from the row in which the expression stands."""

import re

from saphan.xlsform.definition import Container, Form, Node, Question, Repeat


class Unreadable(Exception):
    """An expression that cannot be used: the code and arguments of a problem."""

    def __init__(self, code: str, **arguments: str) -> None:
        super().__init__(code)
        self.code = code
        self.arguments = arguments


class Index:
    """The names of a form, gathered once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.named: dict[str, list[Node]] = {}
        self.around: dict[str, tuple[Container, ...]] = {}
        self.repeats: dict[str, tuple[str, ...]] = {}
        for node, around in form.nodes():
            self.named.setdefault(node.name, []).append(node)
            self.around[node.code] = around
            self.repeats[node.code] = tuple(container.code for container in around if isinstance(container, Repeat))


class Names:
    """Names as seen from one row. A name that is not in the form, or could be several questions, raises Unreadable."""

    def __init__(self, index: Index, node: Node) -> None:
        self.index = index
        self.node = node

    def checked(self, name: str) -> str:
        """A name between `${` and `}`; raises Unreadable when the form has none or several of it."""
        bare = re.sub(r"\s+", "", name)
        if bare.startswith("last-saved#"):
            raise Unreadable("unsupported_part", part="last-saved#")
        found = self.index.named.get(bare, [])
        if not found:
            raise Unreadable("no_such_name", name=bare[:60])
        if len(found) > 1:
            raise Unreadable("name_not_unique", name=bare[:60])
        return bare

    def listed(self, name: str) -> str:
        """The name of a list of choices."""
        if name not in self.index.form.choices:
            raise Unreadable("no_list", list=name[:60])
        return name

    def question(self, name: str) -> str:
        """The code of the question of this name; a group or repeat has no answer."""
        node = self.index.named[name][0]
        if not isinstance(node, Question):
            raise Unreadable("unsupported_part", part=f"${{{name}}}")
        return node.code

    def repeat_named(self, variable: str) -> str:
        """The code of the repeat of this name, or "" when it is none."""
        nodes = self.index.named.get(variable.removeprefix("q."), ()) if variable.startswith("q.") else ()
        return nodes[0].code if nodes and isinstance(nodes[0], Repeat) else ""

    def repeats(self, code: str) -> tuple[str, ...]:
        """The repeats around a question, outermost first."""
        return self.index.repeats[code]

    def deeper(self, code: str) -> bool:
        """Whether the question stands in a repeat in which this row does not stand."""
        mine = self.repeats(self.node.code) + ((self.node.code,) if isinstance(self.node, Repeat) else ())
        return any(repeat not in mine for repeat in self.repeats(code))

    def along(self, steps: list[tuple[str, str]]) -> str:
        """The question at the end of a path. Raises Unreadable where the path leaves the form or ends at a group."""
        shown = "/".join({"up": "..", "here": ".", "root": ""}.get(kind, name) for kind, name in steps)
        node = self._walk(steps)
        if not isinstance(node, Question):
            raise Unreadable("unsupported_part", part=shown[:60])
        return node.code

    def repeat_at(self, steps: list[tuple[str, str]]) -> str:
        """The repeat at the end of a path such as `..`, or "" when something else stands there."""
        node = self._walk(steps)
        return node.code if isinstance(node, Repeat) else ""

    def _walk(self, steps: list[tuple[str, str]]) -> Node | None:
        trail: list[Node] = [*self.index.around[self.node.code], self.node]
        for position, (kind, name) in enumerate(steps):
            if kind == "root":
                trail = []
            elif kind == "up":
                trail = trail[:-1]
            elif kind == "child" and not (position == 1 and steps[0][0] == "root"):  # the first name after / is the form itself
                found = _child(
                    trail[-1].children if trail and not isinstance(trail[-1], Question) else self.index.form.children if not trail else (), name
                )
                if found is None:
                    return None
                trail.append(found)
        return trail[-1] if trail else None


def _child(children: tuple[Node, ...], name: str) -> Node | None:
    return next((node for node in children if node.name == name), None)
