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
