"""From the register through the door to the public page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements import publishing, reference
from saphan.agreements.models import Agreement, Notice
from saphan.agreements.notices import raise_notices, settle_notice
from saphan.agreements.registering import Facts, PartyFacts, edit
from saphan.core.errors import WrongState
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(told: People) -> People:
    return told


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


def test_reference_data_leave_alone_what_an_office_keeps(told: People) -> None:
    Agreement.objects.filter(code="BIL-03").update(kept_by=told.ministry, source="our archive")
    reference.load_agreements()
    assert Agreement.objects.get(code="BIL-03").source == "our archive"


def test_what_is_no_longer_public_leaves_the_public_pages_in_the_same_moment(told: People, client: Client) -> None:
    sop = Agreement.objects.get(code="TH-LA-SOP")
    facts = Facts(code=sop.code, kind=sop.kind, titles=sop.titles, confidentiality="parties")
    parties = [PartyFacts(country_id=party.country_id, side=party.side, id=party.pk) for party in sop.parties.all()]
    edit(agreement_id=sop.pk, facts=facts, parties=parties, seen=1, by=told.agreement_officer, at=NOON)
    assert client.get(f"/en/agreements/{sop.pk}/").status_code == 404


def test_a_date_that_was_moved_is_not_said_any_more(told: People) -> None:
    sop = Agreement.objects.get(code="TH-LA-SOP")
    Agreement.objects.filter(pk=sop.pk).update(review_on=NOON.date() + timedelta(days=300), expires_on=NOON.date() + timedelta(days=200))
    raise_notices(NOON)
    assert [notice.kind for notice in Notice.objects.filter(agreement=sop, state="open")] == ["renewal"]
    settle_notice(notice_id=Notice.objects.get().pk, remark="renewed", by=told.agreement_officer, at=NOON)
    assert raise_notices(NOON) == 0


def test_a_parent_that_is_not_for_the_reader_is_not_named(told: People) -> None:
    Agreement.objects.filter(code="BIL-04").update(confidentiality="office", kept_by=told.ministry)
    page = client_of(told.stranger).get(reverse("agreements:detail", args=[Agreement.objects.get(code="TH-LA-SOP").pk])).content.decode()
    assert "BIL-04" not in page
