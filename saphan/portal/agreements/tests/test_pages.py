"""Public agreements: shown as they were released, in six languages, and gone when they are taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.core import clock
from saphan.core.errors import Invalid, Refused
from saphan.portal.agreements.models import PublicAgreement
from saphan.portal.search.models import SearchEntry
from saphan.releases.services import publish, withdraw
from tests.people import NOON

pytestmark = pytest.mark.django_db
PK = "7d3a2f0e-0000-4000-8000-000000000001"


def body(**other: Any) -> dict[str, Any]:
    return {
        "id": PK, "code": "TH-LA-SOP", "kind": "bilateral_sop", "titles": [{"language": "en", "text": "SOP on return"}, {"language": "th", "text": "ระเบียบปฏิบัติการส่งกลับ"}],
        "notes": [], "parties": [{"country": "TH", "name_en": "Thailand", "name_th": "ไทย", "members": "", "role": "party"}, {"country": "", "name_en": "Member states of ASEAN", "name_th": "", "members": "LA KH", "role": "party"}],
        "parent": "", "dated": "2026-01", "expires_on": "", "source": "a list", "provenance": "recalled",
        "events": [{"version": "3.0.0", "provision": "", "kind": "enters", "on": "2026-03-01", "provenance": "sourced"}],
        "in_force": [{"version": "3.0.0", "since": "2026-03-01", "until": "2027-01-01"}],
        "versions": [{"number": "3.0.0", "digest": "sha256:" + "a" * 64, "languages": ["th", "lo"], "changes": "", "signatures": [{"party_en": "Thailand", "party_th": "ไทย", "office": "Minister", "signatory": "A. B.", "on": "2026-01-05", "place": ""}]}],
        "provisions": [
            {"number": "1", "language": "th", "heading": "", "prose": "แพทย์ผู้รับเท่านั้น", "type": "A06"},
            {"number": "1", "language": "lo", "heading": "", "prose": "ແພດຜູ້ຮັບເທົ່ານັ້ນ", "type": "A06"},
            {"number": "1", "language": "en", "heading": "Health", "prose": "Health facts go to the receiving clinician alone.", "type": "A06"},
        ],
        **other,
    }  # fmt: skip


@pytest.fixture
def officer(people: People) -> User:
    return people.agreement_officer


@pytest.fixture
def released(officer: User) -> PublicAgreement:
    publish(kind="agreements", key="TH-LA-SOP", body=body(), by=officer, at=NOON)
    return PublicAgreement.objects.get()


@pytest.mark.parametrize("language", ["en", "th", "lo", "km", "my", "vi"])
def test_list_and_page_open_in_each_language(released: PublicAgreement, client: Client, language: str) -> None:
    for path in (f"/{language}/agreements/", f"/{language}/agreements/?country=TH&kind=bilateral_sop", f"/{language}/agreements/{PK}/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 60_000


def test_the_reader_gets_the_words_in_her_language_and_may_choose_another(released: PublicAgreement, client: Client) -> None:
    assert "receiving clinician" in client.get(f"/en/agreements/{PK}/").content.decode()
    assert "ແພດ" in client.get(f"/lo/agreements/{PK}/").content.decode()
    assert "แพทย์" in client.get(f"/vi/agreements/{PK}/?text=th").content.decode()
    assert "แพทย์" in client.get(f"/vi/agreements/{PK}/?text=xx").content.decode()  # the first that binds


def test_where_a_fact_comes_from_is_shown(released: PublicAgreement, client: Client) -> None:
    page = client.get(f"/en/agreements/{PK}/").content.decode()
    assert "To be confirmed" in page
    assert "a list" in page


def test_force_is_a_question_of_the_day_the_page_is_made(released: PublicAgreement) -> None:
    assert released.is_in_force(datetime(2026, 11, 1, tzinfo=UTC).date())
    assert not released.is_in_force(datetime(2027, 1, 1, tzinfo=UTC).date())


def test_a_member_of_a_group_finds_what_the_group_agreed(released: PublicAgreement, client: Client) -> None:
    from saphan.directory.models import Country

    Country.objects.get_or_create(code="KH", defaults={"name_en": "Cambodia", "name_th": "กัมพูชา"})
    assert "SOP on return" in client.get("/en/agreements/?country=KH").content.decode()


def test_every_word_is_found_by_the_search(released: PublicAgreement) -> None:
    texts = {entry.language: entry.text for entry in SearchEntry.objects.filter(kind="agreement")}
    assert set(texts) == {"en", "th", "lo", "km", "my", "vi"}
    assert "clinician" in texts["en"]
    assert "ແພດ" in texts["lo"]


def test_what_is_taken_back_is_gone_from_page_and_search(released: PublicAgreement, officer: User, client: Client) -> None:
    withdraw(kind="agreements", key="TH-LA-SOP", by=officer, at=NOON)
    assert client.get(f"/en/agreements/{PK}/").status_code == 404
    assert not SearchEntry.objects.filter(kind="agreement").exists()


def test_the_door_lets_no_draft_and_no_other_role_through(officer: User, people: People) -> None:
    with pytest.raises(Invalid):
        publish(kind="agreements", key="X", body=body(minutes="secret"), by=officer, at=NOON)
    with pytest.raises(Refused):
        publish(kind="agreements", key="X", body=body(), by=people.owner, at=NOON)
    with pytest.raises(Refused), clock.stopped_at(NOON):
        publish(kind="service_directory", key="all", body={"services": []}, by=officer, at=NOON)


def test_a_release_under_another_key_shows_nothing(officer: User) -> None:
    publish(kind="agreements", key="OTHER", body=body(), by=officer, at=NOON)
    assert not PublicAgreement.objects.exists()


def test_words_narrow_the_list_in_any_language_and_the_page_is_not_stored(released: PublicAgreement, officer: User, client: Client) -> None:
    other = {"id": PK[:-1] + "2", "code": "TH-MM", "titles": [{"language": "en", "text": "MOU on labour"}], "provisions": [], "versions": [], "in_force": [], "events": []}  # fmt: skip
    publish(kind="agreements", key="TH-MM", body=body(**other), by=officer, at=NOON)

    def found(words: str, language: str = "en", **more: str) -> list[str]:
        answer = client.get(f"/{language}/agreements/", {"q": words, **more})
        assert answer.status_code == 200
        return [one.code for one, _names in answer.context["rows"]]

    assert found("receiving CLINICIAN") == ["TH-LA-SOP"]  # words of an article, in any order and size
    assert found("clinician receiving", "th") == ["TH-LA-SOP"]
    assert found("ແພດຜູ້ຮັບ") == ["TH-LA-SOP"]
    assert found("labour") == ["TH-MM"]
    assert set(found("TH-")) == {"TH-MM", "TH-LA-SOP"}
    assert found("clinician", kind="bilateral_sop") == ["TH-LA-SOP"]
    assert found("nothing of it") == []
    assert len(found("   ")) == 2
    assert found("x" * 5000 + "\x00") == []
    shown = client.get("/en/agreements/", {"q": '"><script>'}).content.decode()
    assert "<script>" not in shown.replace("<script src", "").replace("<script defer", "")
    assert 'value="labour"' in client.get("/en/agreements/", {"q": "labour"}).content.decode()


def test_the_words_are_taken_along_as_they_were_released(released: PublicAgreement, client: Client) -> None:
    import io

    from defusedxml import ElementTree
    from docx import Document

    page = client.get(f"/en/agreements/{PK}/").content.decode()
    for ending in ("text.docx", "text/th.xml", "text/lo.xml", "text/en.xml"):
        assert f"/en/agreements/{PK}/{ending}" in page
    answer = client.get(f"/en/agreements/{PK}/text/en.xml")
    assert answer["Content-Disposition"] == 'attachment; filename="TH-LA-SOP-3.0.0.en.xml"'
    assert "public" in answer["Cache-Control"]
    root = ElementTree.fromstring(answer.content)
    names = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    assert [one.text for one in root.findall(".//a:article//a:content/a:p", names)] == ["Health facts go to the receiving clinician alone."]
    assert [one.get("date") for one in root.findall(".//a:eventRef", names)] == ["2026-01-05", "2026-03-01"]
    assert root.find(".//a:FRBRlanguage", names).get("language") == "eng"
    words = "\n".join(part.text for part in Document(io.BytesIO(client.get(f"/en/agreements/{PK}/text.docx").content)).paragraphs)
    for told in ("แพทย์ผู้รับเท่านั้น", "ແພດຜູ້ຮັບເທົ່ານັ້ນ", "Health facts go", "sha256:aaaa", "A. B., Minister, 2026-01-05"):
        assert told in words
    assert client.get(f"/en/agreements/{PK}/text/vi.xml").status_code == 404
    assert client.get(f"/en/agreements/{PK[:-1]}9/text.docx").status_code == 404


def test_a_pdf_is_offered_where_one_can_be_made(released: PublicAgreement, client: Client) -> None:
    pytest.importorskip("weasyprint")
    assert f"/en/agreements/{PK}/text.pdf" in client.get(f"/en/agreements/{PK}/").content.decode()
    answer = client.get(f"/en/agreements/{PK}/text.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_without_a_printer_there_is_no_pdf_and_no_error(released: PublicAgreement, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from saphan.core.paper import NoPrinter

    def none_here(_agreement: PublicAgreement) -> bytes:
        raise NoPrinter

    monkeypatch.setattr("saphan.portal.agreements.exports.paper.document", none_here)
    monkeypatch.setattr("saphan.portal.agreements.views.can_print", lambda: False)
    assert client.get(f"/en/agreements/{PK}/text.pdf").status_code == 404
    assert "text.pdf" not in client.get(f"/en/agreements/{PK}/").content.decode()


def test_files_go_when_the_agreement_is_taken_back_and_change_with_its_release(released: PublicAgreement, officer: User, client: Client) -> None:
    assert client.get(f"/en/agreements/{PK}/text/en.xml").status_code == 200
    changed = [{"number": "1", "language": "en", "heading": "", "prose": "Written anew.", "type": ""}]
    with clock.stopped_at(NOON.replace(hour=6)):
        publish(kind="agreements", key="TH-LA-SOP", body=body(provisions=changed), by=officer, at=NOON.replace(hour=6))
    assert b"Written anew." in client.get(f"/en/agreements/{PK}/text/en.xml").content
    withdraw(kind="agreements", key="TH-LA-SOP", by=officer, at=NOON.replace(hour=7))
    assert client.get(f"/en/agreements/{PK}/text/en.xml").status_code == 404
    assert client.get(f"/en/agreements/{PK}/text.docx").status_code == 404


def test_an_agreement_without_words_has_no_files(officer: User, client: Client) -> None:
    publish(kind="agreements", key="TH-LA-SOP", body=body(provisions=[], versions=[], in_force=[], events=[]), by=officer, at=NOON)
    assert "text.docx" not in client.get(f"/en/agreements/{PK}/").content.decode()
    for ending in ("text.docx", "text.pdf", "text/en.xml"):
        assert client.get(f"/en/agreements/{PK}/{ending}").status_code == 404
