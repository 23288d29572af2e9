"""The same interview arrives over two lines at once: one interview, one number."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections

from saphan.care.fieldkit import keys
from saphan.care.fieldkit.models import Device, Submission
from saphan.care.fieldkit.parcels import read_parcel
from saphan.care.fieldkit.receiving import Delivery, receive
from saphan.care.fieldkit.tests.conftest import Held, Telephone
from saphan.care.persons.models import Person
from saphan.care.screening.models import Interview
from tests.people import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Runs the acts in threads with connections of their own; SQLite in memory refuses a second writer, so there an act tries again."""
    ready, done = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        ready.wait(10)
        try:
            while not done[place]:
                try:
                    act()
                    done[place] = "done"
                except OperationalError:
                    if connection.vendor != "sqlite":
                        raise
                    time.sleep(0.02)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return done


def test_two_parallel_posts_of_one_interview_are_one(telephone: Telephone, held: Held) -> None:
    sealed = keys.close(held())
    device_id = Device.objects.get().pk
    said: list[str] = []

    def post() -> None:
        delivery = Delivery(read_parcel(keys.open_parcel(sealed)), Submission.Way.NETWORK, None)
        said.append(receive(device_id=device_id, delivery=delivery, at=NOON).reference)

    assert at_once(*[post] * 4) == ["done"] * 4
    assert Interview.objects.count() == Submission.objects.count() == Person.objects.count() == 1
    assert len(set(said)) == 1


def test_parallel_interviews_of_one_new_person_open_one_file(telephone: Telephone, held: Held) -> None:
    person = {"new": "6c1b7a3e-9a53-4a57-8b52-1c6f3f0f3a11", "age_band": "adult", "sex": "unknown", "language": "lo"}
    parcels = [read_parcel(held(person=person, sequence=n)) for n in range(3)]
    device_id = Device.objects.get().pk
    acts = [lambda parcel=parcel: receive(device_id=device_id, delivery=Delivery(parcel, "network", None), at=NOON) for parcel in parcels]
    assert at_once(*acts) == ["done"] * 3
    assert Person.objects.count() == 1
    assert Interview.objects.count() == 3
