"""The public pages of the demonstration, planted once and copied for each module: each test works in a transaction inside of it."""

from dataclasses import fields

import pytest
from django.core.cache import cache

from saphan.access.seeds import People, people_as_planted, plant_people
from saphan.directory.models import Country
from saphan.portal.rendered import edition
from saphan.portal.rendered.middleware import SHELF
from saphan.portal.site.seeds import plant
from tests import database
from tests.people import NOON, PASSWORD

NEIGHBOURS = {
    "KH": ("Cambodia", "กัมพูชา"),
    "CN": ("China", "จีน"),
    "LA": ("Lao PDR", "สปป. ลาว"),
    "MM": ("Myanmar", "เมียนมา"),
    "VN": ("Viet Nam", "เวียดนาม"),
}


def plant_all() -> None:
    """The cast and the public pages."""
    for code, (en, th) in NEIGHBOURS.items():
        Country.objects.get_or_create(code=code, defaults={"name_en": en, "name_th": th})
    plant(plant_people(password=PASSWORD, at=NOON))


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, templates):
    with django_db_blocker.unblock():
        templates.lay(database.planted(templates, plant_all))
        yield people_as_planted()
        templates.lay(database.migrated(templates))


@pytest.fixture
def people(planted, db):
    """The cast, read afresh: a test may change roles and is not heard by the next."""

    def fresh(value):
        return [fresh(one) for one in value] if isinstance(value, list) else type(value).objects.get(pk=value.pk)

    cache.clear()
    return People(**{field.name: fresh(getattr(planted, field.name)) for field in fields(People)})


@pytest.fixture
def portal(people):
    """The public pages, written by the editor and published by the publisher."""
    return people


@pytest.fixture
def store(settings, tmp_path):
    """An empty store of rendered pages, turned on. What waits for the commit of the test's transaction is done by `committed`."""
    settings.RENDERED = tmp_path / "rendered"
    edition._resting["until"] = 0.0
    SHELF.clear()
    yield settings.RENDERED
    SHELF.clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A block after which everything that waits for the commit is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
