"""A room of its own for these tests: public things that stand in memory, and nothing else in the index."""

import pytest

from saphan.portal.search import services, sources
from saphan.portal.search.tests.rows import Shelf


@pytest.fixture
def shelf(db, monkeypatch):
    """An empty room, the only one that is searched."""
    from saphan.portal.search.models import SearchEntry

    SearchEntry.objects.all().delete()
    made = Shelf()
    monkeypatch.setattr(services, "SOURCES", {"thing": made})
    monkeypatch.setitem(sources.KINDS, "thing", "Thing")
    monkeypatch.setitem(sources.KINDS, "other", "Other thing")
    return made
