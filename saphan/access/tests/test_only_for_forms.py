"""An address that only takes in what a form sends, opened by itself: a change of language on a page of errors, a bookmark."""

import pytest
from django.test import Client

from saphan.access.seeds import People
from tests.people import client_of

pytestmark = pytest.mark.django_db


def test_it_says_so_and_leads_to_the_page_that_the_form_stands_on(people: People) -> None:
    answer = client_of(people.owner).get("/desk/screening/interviews/01900000-0000-7000-8000-000000000000/stop/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert 'href="/desk/screening/interviews/01900000-0000-7000-8000-000000000000/" data-form>' in answer.content.decode()


def test_on_a_public_page_it_leads_to_the_page_above(client: Client) -> None:
    answer = client.get("/en/inquiries/go-on/")
    assert answer.status_code == 405
    assert '<a class="button" href="/en/inquiries/">' in answer.content.decode()


def test_an_address_of_machines_answers_without_a_page(client: Client) -> None:
    answer = client.get("/fieldkit/submissions/")
    assert answer.status_code == 405
    assert b"<html" not in answer.content
