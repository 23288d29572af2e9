"""The second lock on devices, what they sent, and visits: the whole way of an interview as a database role that is no superuser (PostgreSQL only)."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection

from saphan.access.rowlock import as_system, as_user
from saphan.access.seeds import People
from saphan.care.fieldkit.models import Device, SiteVisit, Submission, VisitPerson
from saphan.care.fieldkit.tests.conftest import Held, Telephone
from saphan.care.screening.models import Interview
from saphan.core import clock
from saphan.releases.dbroles import grants
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.skipif("connection.vendor != 'postgresql'", reason="row-level security is PostgreSQL's")]
ROLE = "saphan_casework_try"
TABLES = (Device, Submission, SiteVisit, VisitPerson)


@pytest.fixture(autouse=True)
def noon() -> None:
    """The lock asks the database's own clock, so that here time runs."""


@pytest.fixture
def under_lock(telephone: Telephone, held: Held) -> Iterator[None]:
    """From here on the database is used by the role of the whole house, to which row-level security applies."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER NOLOGIN")
        for statement in grants("all", ROLE, connection.introspection.table_names(cursor)):
            cursor.execute(statement.as_string(cursor.cursor))
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_a_device_sends_under_the_lock_and_other_houses_see_nothing(people: People, telephone: Telephone, held: Held, under_lock: None) -> None:
    visit = {
        "id": str(uuid4()),
        "visited_on": "2026-11-23",
        "facts": {"place": "x", "site_kind": "", "activity": "", "province": "", "conditions": ""},
    }
    reply = telephone.sends(held(visit=visit), **{"X-Device-Time": clock.now().isoformat()})
    assert reply.status_code == 200, reply.content
    assert [model.objects.count() for model in TABLES] == [0, 0, 0, 0]
    with as_user(people.stranger):
        assert [model.objects.count() for model in TABLES] == [0, 0, 0, 0]
    with as_user(people.owner):
        assert [model.objects.count() for model in TABLES] == [1, 1, 1, 1]
        assert Interview.objects.get().reference == reply.json()["reference"]
    with as_system():
        assert Submission.objects.count() == 1


def test_the_desk_ends_a_device_under_the_lock(people: People, telephone: Telephone, under_lock: None) -> None:
    device = telephone.made.device
    assert client_of(people.stranger).post(f"/desk/screening/kit/devices/{device.pk}/expire/").status_code == 404
    assert client_of(people.supervisor).post(f"/desk/screening/kit/devices/{device.pk}/expire/").status_code == 302
    assert telephone.asks("contact/").json()["device"]["state"] == "expired"
