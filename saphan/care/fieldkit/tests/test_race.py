"""The same interview arrives over two lines at once: one interview, one number."""

import pytest

from saphan.care.fieldkit import keys
from saphan.care.fieldkit.models import Device, Submission
from saphan.care.fieldkit.parcels import read_parcel
from saphan.care.fieldkit.receiving import Delivery, receive
from saphan.care.fieldkit.tests.conftest import Held, Telephone
from saphan.care.persons.models import Person
from saphan.care.screening.models import Interview
from tests.people import NOON
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


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
