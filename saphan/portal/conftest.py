"""The public pages of the demonstration, planted once and copied for each module: each test works in a transaction inside of it."""

import pytest

from saphan.access.seeds import plant_people
from saphan.directory.models import Country
from saphan.portal.rendered import edition
from saphan.portal.rendered.middleware import SHELF
from saphan.portal.site.seeds import plant
from tests.people import NOON, PASSWORD
from tests.planting import planted_once, read_afresh

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


planted = planted_once("portal", plant_all)


@pytest.fixture
def people(planted, db):
    """The cast, read afresh."""
    return read_afresh(planted)


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
