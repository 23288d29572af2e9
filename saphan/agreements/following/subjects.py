"""Kinds of subjects that follow procedures. The owning room registers its kind in `apps.ready()`; this room never imports it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise as LazyText

if TYPE_CHECKING:
    from saphan.access.models import User
    from saphan.core.sensitivity import Sensitivity


@dataclass(frozen=True)
class Shown:
    """How a subject is named on a page of the desk: by its reference, never by a person's name."""

    reference: str
    url: str


def _nothing(user: "User", subject_id: UUID) -> "frozenset[Sensitivity]":  # noqa: ARG001  # the shape of the question
    """A room that does not say opens nothing."""
    return frozenset()


@dataclass(frozen=True)
class SubjectKind:
    """What the owning room answers about its subjects."""

    name: str
    label: str | LazyText
    visible_to: "Callable[[User], QuerySet[Model]]"  # the same question that the room's own pages ask
    shown: Callable[[Iterable[UUID]], Mapping[UUID, Shown]]
    facts: Callable[[UUID], frozenset[str]]  # the named facts that hold now, computed by the room
    opens: "Callable[[User, UUID], frozenset[Sensitivity]]" = _nothing  # the sealed classes of the subject's file that this user may open


SUBJECTS: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Brings a kind; a second one of the same name is a programming error."""
    if SUBJECTS.get(kind.name, kind) != kind:
        raise RuntimeError(f"two kinds of subject called {kind.name}")
    SUBJECTS[kind.name] = kind


def kind_of(name: str) -> SubjectKind:
    """The kind of this name; a KeyError means that no room has brought it."""
    return SUBJECTS[name]


def shown_all(subjects: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Shown]:
    """How these subjects are named; one question to each room."""
    asked: dict[str, list[UUID]] = {}
    for kind, subject_id in subjects:
        asked.setdefault(kind, []).append(subject_id)
    return {(kind, pk): shown for kind, ids in asked.items() if kind in SUBJECTS for pk, shown in SUBJECTS[kind].shown(ids).items()}
