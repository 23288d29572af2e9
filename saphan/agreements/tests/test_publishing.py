"""From the register through the door to the public page."""

import pytest
from django.test import Client

from saphan.access.seeds import People
from saphan.agreements import publishing, reference
from saphan.agreements.models import Agreement, AgreementParty, ArticleType
from saphan.agreements.seeds import plant
from saphan.core import clock
from saphan.core.errors import WrongState
from saphan.directory.seeds import load_reference
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(people: People) -> People:
    with clock.stopped_at(NOON):
        plant(people)
    return people


def test_what_is_public_is_read_by_everybody_and_a_draft_by_nobody(told: People, client: Client) -> None:
    sop = Agreement.objects.get(code="TH-LA-SOP")
    page = client.get(f"/en/agreements/{sop.pk}/").content.decode()
    assert "within thirty working days" in page
    assert "twenty working days" not in page
    assert "3.1.0" not in page
    assert "Third yearly meeting" not in page
    listed = client.get("/th/agreements/").content.decode()
    assert "TH-KH-MOU" not in listed


def test_the_page_says_when_the_register_has_moved_on(told: People) -> None:
    sop = Agreement.objects.get(code="TH-LA-SOP")
    assert publishing.published(sop)[1]
    Agreement.objects.filter(pk=sop.pk).update(source="another")
    assert not publishing.published(Agreement.objects.get(pk=sop.pk))[1]


def test_what_is_not_marked_public_does_not_leave(told: People) -> None:
    mou = Agreement.objects.get(code="TH-KH-MOU")
    with pytest.raises(WrongState):
        publishing.publish_agreement(agreement_id=mou.pk, by=told.agreement_officer, at=NOON)


def test_reference_data_load_twice_to_the_same(db: None) -> None:
    load_reference()
    reference.load_agreements()
    first = list(Agreement.objects.values_list("pk", "code", "provenance"))
    reference.load_agreements()
    assert list(Agreement.objects.values_list("pk", "code", "provenance")) == first
    assert (len(first), ArticleType.objects.count()) == (36, 20)
    assert AgreementParty.objects.filter(agreement__code="GMS-01").count() == 6
    assert Agreement.objects.get(code="BIL-16").provenance == "recalled"
    assert Agreement.objects.with_country("TH").filter(code="GMS-10").exists()


def test_reference_data_leave_alone_what_an_office_keeps(told: People) -> None:
    Agreement.objects.filter(code="BIL-03").update(kept_by=told.ministry, source="our archive")
    reference.load_agreements()
    assert Agreement.objects.get(code="BIL-03").source == "our archive"
