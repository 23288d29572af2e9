"""How what is asked falls into pages: one for each question, or one for each part of the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from saphan.xlsform.definition import Container, Group, Node, Question, Repeat, Text
from saphan.xlsform.kinds import WRITTEN_BY_DEVICE
from saphan.xlsform.places import Place

if TYPE_CHECKING:
    from saphan.xlsform.filling import Filling

SHOWN_NEVER = WRITTEN_BY_DEVICE | {"hidden", "audit", "background-audio", "start-geopoint", "background-geopoint"}


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


def pages_by_section(filling: "Filling") -> list[Page]:
    """Every outermost group or repeat is a page; questions between them share one. A part in which nothing is asked now has none."""
    filling.work_out(*filling.plan.needs)
    pages: list[Page] = []
    loose: list[Place] = []
    for node in filling.form.children:
        if isinstance(node, Question):
            loose += [Place(node.code)] if shown(node) and filling.relevant_at(node.code, ()) else []
            continue
        pages += _loose(loose)
        loose = []
        if filling.relevant_at(node.code, ()):
            places = tuple(_places(filling, (node,), ()))
            own = _open(filling, node)
            if places or own:
                pages.append(Page(node.code, node.label, places, Place(node.code) if own else None))
    return pages + _loose(loose)


def _open(filling: "Filling", node: Container) -> bool:
    """Whether people say themselves how many instances a repeat has."""
    return isinstance(node, Repeat) and filling.plan.tree(node.code, "repeat_count") is None


def _loose(places: list[Place]) -> list[Page]:
    return [Page(f"from-{places[0]}", {}, tuple(places))] if places else []


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
