import pytest
from django.test import Client

from saphan.core import clock
from saphan.directory.models import Country
from saphan.portal.doorway import proofs
from saphan.portal.inquiries import asking
from saphan.portal.inquiries.asking import Question
from saphan.portal.inquiries.models import Inquiry


@pytest.fixture
def reader(db):
    Country.objects.get_or_create(code="TH", defaults={"name_en": "Thailand", "name_th": "ไทย"})
    return Client()


def fields(**more):
    """What a person types into the form, with the proof that the device computes."""
    challenge = proofs.challenge_for("inquiries.ask", at=clock.now())
    told = {
        "kind": "research", "subject": "Figures of 2025", "text": "How many courses were held?", "language": "en", "country": "TH", "way": "code", "looked": "1",
        "challenge": challenge, "answer": proofs.solve(challenge),
    }  # fmt: skip
    return {**told, **more}


def by_mail(**more):
    return {"way": "mail", "email": "nightingale4711@example.org", "understood": "on", **more}


@pytest.fixture
def asked(people):
    """An inquiry that came by the form, to be answered by mail."""
    question = Question(
        "research", "Figures of 2025", "How many courses were held?", "en", "TH", "mail", "nightingale4711@example.org", "Ms Nightingale"
    )
    inquiry, _words = asking.begin(question=question, at=clock.now())
    return Inquiry.objects.get(pk=inquiry.pk)
