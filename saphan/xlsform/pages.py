"""How what is asked falls into pages: one for each question, or one for each part of the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from saphan.xlsform.definition import Container, Form, Group, Node, Question, Repeat, Text
from saphan.xlsform.kinds import WRITTEN_BY_DEVICE
from saphan.xlsform.places import Place

if TYPE_CHECKING:
    from saphan.xlsform.filling import Filling

SHOWN_NEVER = WRITTEN_BY_DEVICE | {"hidden", "audit", "background-audio", "start-geopoint", "background-geopoint"}


MANY_QUESTIONS = 20


@dataclass(frozen=True)
class Section:
    """A part of a form that is one page: a group, a repeat, or questions between them."""

    key: str
    label: Text
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Page:
    """What stands together on one page. `key` is stable while the form is answered and tells nothing of the answers.

    `repeat` is the place of a repeat about which the page asks whether there is one more.
    """

    key: str
    label: Text = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    repeat: Place | None = None


def shown(node: Node) -> bool:
    """Whether a row is seen on a page. A calculation is seen only where it has a label."""
    if not isinstance(node, Question):
        return True
    return node.kind not in SHOWN_NEVER and (node.kind != "calculate" or bool(node.label))


def sections_of(form: Form) -> list[Section]:
    """How the form is cut into parts, whatever is asked now: each outermost group or repeat, and the questions between two of them.

    A group that holds other groups and very many questions is cut again: forms that stand in one group as a whole are common.
    """
    return _cut(form.children, {})


def _cut(children: tuple[Node, ...], label: Text) -> list[Section]:
    found: list[Section] = []
    loose: list[Question] = []
    for node in (*children, None):
        if isinstance(node, Question):
            loose += [node] if shown(node) else []
            continue
        if loose:
            found.append(Section(f"from-{loose[0].code}", label, tuple(loose)))
            loose = []
        if isinstance(node, Group) and _very_long(node):
            found += _cut(node.children, node.label or label)
        elif node is not None:
            found.append(Section(node.code, node.label, (node,)))
    return found


def _very_long(group: Group) -> bool:
    inner = any(not isinstance(node, Question) for node in group.children)
    return inner and not group.one_page and _questions_in(group.children) > MANY_QUESTIONS


def _questions_in(children: Iterable[Node]) -> int:
    return sum(1 if isinstance(node, Question) else _questions_in(node.children) for node in children)


def pages_by_section(filling: "Filling") -> list[Page]:
    """The parts of the form in which something is asked now."""
    filling.work_out(*filling.plan.needs)
    pages = []
    for section in sections_of(filling.form):
        places = tuple(place for node in section.nodes for place in _places(filling, (node,), ()))
        first = section.nodes[0]
        own = Place(first.code) if isinstance(first, Repeat) and _open(filling, first) and filling.relevant_at(first.code, ()) else None
        if places or own:
            pages.append(Page(section.key, section.label, places, own))
    return pages


def _open(filling: "Filling", node: Container) -> bool:
    """Whether people say themselves how many instances a repeat has."""
    return isinstance(node, Repeat) and filling.plan.tree(node.code, "repeat_count") is None


def _places(filling: "Filling", children: Iterable[Node], index: tuple[int, ...]) -> Iterable[Place]:
    return [place for place, node in filling.below(children, index) if isinstance(node, Question) and shown(node)]


def pages_by_question(filling: "Filling") -> list[Page]:
    """One page for each question; a group with the appearance `field-list` is one page, and after the last instance of a repeat one asks for more."""
    filling.work_out(*filling.plan.needs)
    return _one_by_one(filling, filling.form.children, (), {})


def _one_by_one(filling: "Filling", children: Iterable[Node], index: tuple[int, ...], label: Text) -> list[Page]:
    pages: list[Page] = []
    for node in children:
        if not filling.relevant_at(node.code, index):
            continue
        if isinstance(node, Question):
            pages += [Page(Place.of(node.code, index), label, (Place.of(node.code, index),))] if shown(node) else []
        elif isinstance(node, Group):
            pages += _of_group(filling, node, index, label)
        else:
            pages += _of_repeat(filling, node, index)
    return pages


def _of_group(filling: "Filling", group: Group, index: tuple[int, ...], label: Text) -> list[Page]:
    if not group.one_page:
        return _one_by_one(filling, group.children, index, group.label or label)
    places = tuple(_places(filling, group.children, index))
    return [Page(Place.of(group.code, index), group.label, places)] if places else []


def _of_repeat(filling: "Filling", repeat: Repeat, index: tuple[int, ...]) -> list[Page]:
    pages: list[Page] = []
    for number in range(1, filling.instances(repeat.code, index) + 1):
        inner = (*index, number)
        if repeat.one_page:
            places = tuple(_places(filling, repeat.children, inner))
            pages += [Page(f"{repeat.code}-{'.'.join(map(str, inner))}", repeat.label, places)] if places else []
        else:
            pages += _one_by_one(filling, repeat.children, inner, repeat.label)
    if _open(filling, repeat):
        place = Place.of(repeat.code, index)
        pages.append(Page(f"{place}-more", repeat.label, (), place))
    return pages
