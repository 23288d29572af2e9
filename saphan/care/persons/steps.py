"""What can be done next with a person's file: rooms that stand above bring their steps here in `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from saphan.access.models import User
from saphan.care.persons.models import Person


@dataclass(frozen=True)
class Step:
    """A link on the page of a person's file."""

    label: str | Promise
    url: str
    detail: str = ""


Source = Callable[[Person, User], list[Step]]
SOURCES: list[Source] = []


def register(source: Source) -> Source:
    """Adds a room's steps to the page of a person's file."""
    SOURCES.append(source)
    return source


def steps_for(person: Person, user: User) -> list[Step]:
    """All steps for this worker, in the order of the rooms."""
    return [step for source in SOURCES for step in source(person, user)]
