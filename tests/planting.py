"""What a room plants, made once and copied for each module that asks for it: each test works in a transaction inside of it."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest
from django.core.cache import cache

from saphan.access.seeds import People, people_as_planted
from tests import database


def planted_once(label: str, plant: Callable[[], None]) -> Any:
    """A fixture for modules: the database with what `plant` makes. Two that plant differently have different labels."""

    @pytest.fixture(scope="module")
    def planted(django_db_setup: None, django_db_blocker: Any, templates: database.Templates) -> Iterator[People]:
        with django_db_blocker.unblock():
            templates.lay(database.planted(templates, plant, label))
            yield people_as_planted()
            templates.lay(database.migrated(templates))

    return planted


def read_afresh(cast: People) -> People:
    """The same people from the database: a test may change roles and is not heard by the next."""

    def fresh(value: Any) -> Any:
        return [fresh(one) for one in value] if isinstance(value, list) else type(value).objects.get(pk=value.pk)

    cache.clear()
    return People(**{field.name: fresh(getattr(cast, field.name)) for field in fields(People)})
