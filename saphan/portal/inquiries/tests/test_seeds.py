import pytest

from saphan.portal.inquiries.models import Answer, Inquiry
from saphan.portal.inquiries.seeds import plant
from saphan.portal.inquiries.states import FaqState, State

pytestmark = pytest.mark.django_db


def test_the_demonstration_tells_of_questions_and_public_answers_once(portal):
    plant(portal)
    plant(portal)
    assert Inquiry.objects.count() == 4
    assert Inquiry.objects.filter(danger=True, state=State.NEW).count() == 1
    assert Answer.objects.filter(state=FaqState.PUBLISHED).count() == 4


def test_public_answers_are_listed_found_and_read_in_the_language_of_the_reader(portal, client):
    plant(portal)
    listed = client.get("/en/inquiries/answers/").content.decode()
    assert "May I ask without giving my name?" in listed
    assert "without giving my name" in client.get("/en/search/?kind=faq&q=name").content.decode().replace("<mark>", "").replace("</mark>", "")
    english = Answer.objects.get(question="May I ask without giving my name?")
    assert 'rel="canonical"' in client.get(f"/en/inquiries/answers/{english.pk}/").content.decode()
    thai = client.get(f"/th/inquiries/answers/{english.pk}/", follow=True)
    assert "ถามโดยไม่บอกชื่อได้ไหม" in thai.content.decode()
