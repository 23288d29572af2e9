"""Several lists wanted at the same moment: no more of them leave the house than the quota allows."""

from functools import partial

import pytest

from saphan.access.roles import Role
from saphan.access.seeds import plant_people
from saphan.portal.newsletter import exporting
from saphan.portal.newsletter.models import Export
from saphan.portal.newsletter.states import ExportState
from tests.people import NOON, PASSWORD
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WANTED = 8


def test_no_more_lists_are_taken_at_once_than_one_after_the_other():
    people = plant_people(password=PASSWORD, at=NOON)
    people.editor.grants.update(role=Role.PORTAL_PUBLISHER)
    second = type(people.editor).objects.get(pk=people.editor.pk)
    exports = [exporting.ask_for(reason="A list for the archive", by=people.publisher, at=NOON) for _n in range(WANTED)]
    for export in exports:
        exporting.approve(export_id=export.pk, by=second, at=NOON)
    said = at_once(*(partial(exporting.take, export_id=export.pk, by=people.publisher, at=NOON) for export in exports))
    assert (said.count("done"), said.count("WrongState")) == (exporting.A_MONTH, WANTED - exporting.A_MONTH)
    assert Export.objects.filter(state=ExportState.TAKEN).count() == exporting.A_MONTH
