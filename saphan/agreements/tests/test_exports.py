"""The text in the forms of other houses."""

import io
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from saphan.access.seeds import People
from saphan.agreements.exports import akoma, paper, word
from saphan.agreements.models import AgreementVersion
from saphan.agreements.signing import short_digest
from saphan.core import paper as printing
from tests.people import client_of

pytestmark = pytest.mark.django_db
AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"


@pytest.fixture
def people(told: People) -> People:
    return told


@pytest.fixture
def version(people: People) -> AgreementVersion:
    return AgreementVersion.objects.get(agreement__code="TH-LA-SOP", minor=0)


def test_akoma_ntoso_holds_identity_life_articles_and_signatures_in_their_order(version: AgreementVersion) -> None:
    root = ElementTree.fromstring(akoma.document(version, "th"))  # noqa: S314  # our own file
    act = root[0]
    assert [child.tag.removeprefix(AKN) for child in act] == ["meta", "preface", "body", "conclusions"]
    assert [child.tag.removeprefix(AKN) for child in act[0]] == ["identification", "lifecycle", "references"]
    assert [child.tag.removeprefix(AKN) for child in act[0][0]] == ["FRBRWork", "FRBRExpression", "FRBRManifestation"]
    language = act.find(f".//{AKN}FRBRlanguage")
    assert language is not None
    assert language.get("language") == "tha"
    articles = act.findall(f"{AKN}body/{AKN}article")
    assert [article.get("eId") for article in articles] == [f"art_{n}" for n in range(1, 15)]
    assert "แพทย์" in "".join(articles[7].itertext())
    assert len(act.findall(f".//{AKN}signature")) == 2
    ids = [element.get("eId") for element in root.iter() if element.get("eId")]
    assert len(ids) == len(set(ids))


def test_every_binding_language_is_on_the_paper_with_the_digest(version: AgreementVersion) -> None:
    document = pypdfium2.PdfDocument(paper.document(version))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) >= 2
    assert short_digest(version) in text
    assert "Somchai Rakthai" in text


def test_a_word_document_names_the_language_of_its_words(version: AgreementVersion) -> None:
    document = Document(io.BytesIO(word.document(version)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert version.digest in text
    assert "ແພດ" in text
    assert 'w:bidi="th-TH"' in document.element.xml


def test_where_no_pdf_can_be_made_the_page_says_so(version: AgreementVersion, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(printing, "import_module", missing)
    client: Client = client_of(people.agreement_officer)
    answer = client.get(reverse("agreements:pdf", args=[version.pk]), follow=True)
    assert "PDF files cannot be made here" in answer.content.decode()
