"""What happened, newest first. Each room brings its part: those below are asked, those above register theirs in `apps.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from saphan.access.models import User
from saphan.care.cases.models import Case


@dataclass(frozen=True)
class Entry:
    """One thing that happened: states, times and codes only, never what was said. `orgs` are other organisations that may see it, `closed_to` workers of the own who may not."""

    at: datetime
    label: str | Promise
    tone: str = ""
    detail: str | Promise = ""
    url: str = ""
    orgs: frozenset[UUID] = frozenset()
    closed_to: frozenset[UUID] = frozenset()


Source = Callable[[UUID], Iterable[Entry]]
SOURCES: list[Source] = []


def register(source: Source) -> Source:
    """Adds a source: given a person's id, it returns the entries of its room."""
    SOURCES.append(source)
    return source


def entries(case: Case, user: User) -> list[Entry]:
    """All that this worker may see of the case's course; another organisation sees what concerns it."""
    found = [entry for source in SOURCES for entry in source(case.person_id) if user.pk not in entry.closed_to]
    if user.org_id != case.org_id:
        found = [entry for entry in found if user.org_id in entry.orgs]
    return sorted(found, key=lambda entry: entry.at, reverse=True)
