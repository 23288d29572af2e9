"""A photo taken in the kit is read from its interview by whoever may read the interview, for a purpose, and each opening is in the audit."""

import io
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit.models import Enclosure
from saphan.care.fieldkit.tests.conftest import Held, Telephone
from saphan.care.persons.codes import Purpose
from saphan.care.persons.disclosure import involve
from saphan.care.persons.models import Involvement
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview
from saphan.core.attachments import path_of
from saphan.core.models import Attachment
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON, client_of


def picture(colour: str = "red") -> str:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "JPEG")
    return b64encode(out.getvalue()).decode()


@pytest.fixture
def interview(telephone: Telephone, held: Held, household: InstrumentVersion) -> Interview:
    photo = {"place": "paper", "name": "photo.jpg", "content": picture()}
    reply = telephone.sends(held(version=str(household.pk), answers={}, photos=[photo]))
    assert reply.status_code == 200, reply.content
    return Interview.objects.get(reference=reply.json()["reference"])


def page_of(interview: Interview) -> str:
    return reverse("screening:overview", args=[interview.pk])


def address(interview: Interview, enclosure: Enclosure) -> str:
    return f"/desk/screening/kit/photos/{interview.pk}/{enclosure.pk}/"


def opened(user: User, interview: Interview, **data: str) -> Any:
    return client_of(user).post(address(interview, Enclosure.objects.get(submission__interview=interview)), data or {"purpose": Purpose.CARE})


def test_the_photo_answers_its_question_and_stands_on_the_page(interview: Interview, owner: User) -> None:
    page = client_of(owner).get(page_of(interview)).content.decode()
    assert "Photo of the contract" in page
    assert Attachment.objects.get().reference in page
    assert address(interview, Enclosure.objects.get()) in page
    assert interview.replies.get().question.code == "paper"


def test_it_is_given_as_a_download_and_the_opening_is_recorded(interview: Interview, owner: User) -> None:
    reply = opened(owner, interview)
    assert reply.status_code == 200
    assert Image.open(io.BytesIO(reply.content)).size == (20, 20)
    assert reply["Content-Disposition"].startswith("attachment")
    assert "no-store" in reply["Cache-Control"]
    event = AuditEvent.objects.get(action="documents:read")
    assert (event.actor, event.target_id, event.fields, event.purpose) == (str(owner.pk), str(Attachment.objects.get().pk), "content", "care")


def test_who_may_read_the_interview_may_read_its_photos_and_nobody_else(interview: Interview, people: People) -> None:
    codes = {
        name: opened(getattr(people, name), interview).status_code for name in ("owner", "supervisor", "colleague", "stranger", "receiver", "dpo")
    }
    assert codes == {"owner": 200, "supervisor": 200, "colleague": 404, "stranger": 404, "receiver": 404, "dpo": 403}
    assert AuditEvent.objects.filter(action="documents:read").count() == 2


def test_another_house_reads_them_as_long_as_its_tie_opens_the_interview(interview: Interview, people: People) -> None:
    involve(
        interview.person, org=people.hospital, user=people.receiver, relation=Involvement.Relation.CO_WORKER, classes=[Sensitivity.EXPLOITATION],
        at=NOON - timedelta(minutes=1),
    )  # fmt: skip
    assert opened(people.receiver, interview).status_code == 200


def test_without_a_purpose_nothing_is_opened(interview: Interview, owner: User) -> None:
    assert opened(owner, interview, purpose="curiosity").status_code == 422
    assert client_of(owner).get(address(interview, Enclosure.objects.get())).status_code == 405
    assert not AuditEvent.objects.filter(action="documents:read").exists()


def test_the_photo_of_another_interview_is_not_found_here(interview: Interview, telephone: Telephone, held: Held, owner: User) -> None:
    other = Interview.objects.get(reference=telephone.sends(held()).json()["reference"])
    assert client_of(owner).post(address(other, Enclosure.objects.get()), {"purpose": Purpose.CARE}).status_code == 404
    assert 'id="photos"' not in client_of(owner).get(page_of(other)).content.decode()


def test_a_refused_file_is_named_and_not_offered(interview: Interview, owner: User) -> None:
    Attachment.objects.update(state=Attachment.State.REFUSED)
    page = client_of(owner).get(page_of(interview)).content.decode()
    assert Attachment.objects.get().reference in page
    assert "open-photo" in page
    assert "formaction" not in page
    assert opened(owner, interview).status_code == 409


def test_a_photo_lies_sealed_on_the_disk(interview: Interview) -> None:
    assert b"JFIF" not in path_of(Attachment.objects.get()).read_bytes()


def test_two_photos_of_one_question_are_one(telephone: Telephone, held: Held, household: InstrumentVersion) -> None:
    photos = [{"place": "paper", "name": "photo.jpg", "content": picture(colour)} for colour in ("teal", "red")]
    reply = telephone.sends(held(version=str(household.pk), answers={}, photos=photos))
    assert reply.status_code == 200, reply.content
    assert Interview.objects.get(reference=reply.json()["reference"]).submission.enclosures.count() == 1
