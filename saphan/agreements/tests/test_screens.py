"""The register's screens: the officer writes, the colleague confirms, the stranger sees what is public and nothing else."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.models import ActionPoint, Agreement, AgreementVersion, ForceEvent, Meeting, Notice, Signature
from saphan.core import clock
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(told: People) -> People:
    return told


@pytest.fixture
def officer_client(told: People) -> Client:
    return client_of(told.agreement_officer)


def url(name: str, *args: object) -> str:
    return reverse(f"agreements:{name}", args=args)


def sop() -> Agreement:
    return Agreement.objects.get(code="TH-LA-SOP")


def version(number: str, code: str = "TH-LA-SOP") -> AgreementVersion:
    major, minor, patch = number.split(".")
    return AgreementVersion.objects.get(agreement__code=code, major=major, minor=minor, patch=patch)


@pytest.mark.parametrize("language", ["en", "th"])
def test_every_page_opens_for_the_officer(officer_client: Client, language: str) -> None:
    officer_client.cookies["django_language"] = language
    waiting = version("1.0.0", "TH-KH-MOU")
    pages = [
        url("list"), url("list") + "?q=return&kind=bilateral_sop&country=LA&state=in_force&on=23/11/2569", url("csv"), url("xlsx"), url("new"), url("points"),
        url("notices"), url("settle", Notice.objects.get().pk), url("force", sop().pk), url("begin", sop().pk), url("edit", sop().pk),
        url("plan_meeting", sop().pk), url("take_back", ForceEvent.objects.get(agreement=sop()).pk), url("sign", waiting.pk), url("words", waiting.pk),
        *(url("detail", one.pk) for one in Agreement.objects.all()),
        *(url(name, one.pk) for one in AgreementVersion.objects.all() for name in ("version", "print", "akoma", "word", "to_sign", "procedure")),
        url("yaml", version("3.0.0").pk), url("pdf", version("3.0.0").pk), *(url(name, one.pk) for one in Meeting.objects.all() for name in ("meeting", "edit_meeting")), "/desk/",
    ]  # fmt: skip
    wrong = [(page, code) for page in pages if (code := officer_client.get(page).status_code) != 200]
    assert wrong == []


def test_the_list_is_narrowed_by_what_was_in_force_on_a_day(officer_client: Client) -> None:
    page = officer_client.get(url("list") + "?on=23/11/2026").content.decode()
    assert "TH-LA-SOP" in page
    assert "GMS-11" in page
    assert "GMS-02" not in page
    assert "TH-LA-SOP" not in officer_client.get(url("list") + "?on=1/1/2010").content.decode()


def test_the_search_finds_words_of_an_article_in_any_language(officer_client: Client) -> None:
    for word in ("clinician", "แพทย์", "ແພດ"):
        assert "TH-LA-SOP" in officer_client.get(url("list"), {"q": word}).content.decode(), word
    assert "TH-LA-SOP" not in officer_client.get(url("list"), {"q": "submarine"}).content.decode()


def test_a_stranger_finds_signed_words_and_no_draft(told: People) -> None:
    client = client_of(told.stranger)
    page = client.get(url("detail", sop().pk)).content.decode()
    assert "3.0.0" in page
    assert "3.1.0" not in page
    assert "Third yearly meeting" not in page
    assert client.get(url("version", version("3.1.0").pk)).status_code == 404
    assert client.get(url("meeting", Meeting.objects.all()[0].pk)).status_code == 404
    assert client.get(url("detail", Agreement.objects.get(code="TH-KH-MOU").pk)).status_code == 404
    assert "3.1.0" not in client.get(url("csv")).content.decode()


def test_words_of_a_draft_are_not_found_by_a_stranger(told: People) -> None:
    client = client_of(told.stranger)
    assert "TH-LA-SOP" not in client.get(url("list"), {"q": "twenty"}).content.decode()
    assert "TH-LA-SOP" in client.get(url("list"), {"q": "thirty"}).content.decode()


def test_an_outsider_with_the_role_is_refused_the_forms(told: People, outsider: object) -> None:
    client = client_of(outsider)  # type: ignore[arg-type]
    for name in ("edit", "begin", "force", "plan_meeting"):
        assert client.get(url(name, sop().pk)).status_code == 403, name
    assert client.post(url("publish", sop().pk)).status_code == 403


def test_a_supervisor_of_the_ministry_reads_what_is_inside(told: People) -> None:
    client = client_of(told.supervisor)
    assert "Third yearly meeting" in client.get(url("detail", sop().pk)).content.decode()
    assert client.get(url("edit", sop().pk)).status_code == 403


def a_form(**other: str) -> dict[str, str]:
    parties = {
        "party-TOTAL_FORMS": "2",
        "party-INITIAL_FORMS": "0",
        "party-0-country": "TH",
        "party-0-role": "party",
        "party-1-country": "LA",
        "party-1-role": "party",
    }
    return {
        "code": "TH-LA-9", "kind": "bilateral_mou", "title_en": "An MOU", "confidentiality": "office", "dated": "07/2548", "notice_days": "180",
        "provenance": "sourced", **parties, **other,
    }  # fmt: skip


def test_an_agreement_is_entered_with_a_date_of_the_other_era(officer_client: Client) -> None:
    answer = officer_client.post(url("new"), a_form())
    assert answer.status_code == 302, answer.content.decode()
    made = Agreement.objects.get(code="TH-LA-9")
    assert (made.dated, made.parties.count(), made.kept_by) == ("2005-07", 2, made.kept_by)


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "TH-LA-SOP"), ("code", "กข"), ("dated", "yesterday"), ("party-1-country", "TH"), ("title_en", ""), ("party-1-name", "ASEAN")],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(officer_client: Client, field: str, value: str) -> None:
    answer = officer_client.post(url("new"), a_form(**{field: value, "source": "A source of my own"}))
    assert answer.status_code == 422
    assert "A source of my own" in answer.content.decode()
    assert not Agreement.objects.filter(code="TH-LA-9").exists()


def test_a_second_editor_does_not_overwrite(officer_client: Client) -> None:
    form = a_form(code="TH-LA-SOP", version="1")
    Agreement.objects.filter(code="TH-LA-SOP").update(version=2)
    answer = officer_client.post(url("edit", sop().pk), form)
    assert answer.status_code == 422
    assert "Somebody else" in answer.content.decode()


def test_the_second_person_confirms_on_the_page(told: People, officer_client: Client) -> None:
    signature = Signature.objects.get(state="entered")
    assert officer_client.post(url("confirm_signature", signature.pk)).status_code == 403
    assert client_of(told.agreement_colleague).post(url("confirm_signature", signature.pk)).status_code == 302
    signature.refresh_from_db()
    assert signature.state == "confirmed"


def test_a_signature_is_entered_on_the_page(officer_client: Client) -> None:
    one = version("1.0.0", "TH-KH-MOU")
    party = one.agreement.parties.get(side="O")
    form = {"party": str(party.pk), "office": "Minister", "signatory": "A. B.", "signed_on": "20/11/2569", "method": "wet", "seen": "0" * 12}
    assert officer_client.post(url("sign", one.pk), form).status_code == 422
    form["seen"] = one.digest.removeprefix("sha256:")[:12]
    assert officer_client.post(url("sign", one.pk), form).status_code == 302


def test_words_are_written_and_read_side_by_side(officer_client: Client) -> None:
    officer_client.post(url("begin", Agreement.objects.get(code="TH-KH-MOU").pk), {"number": "2.0.0"})
    draft = version("2.0.0", "TH-KH-MOU")
    form = {
        "languages": ["th", "en"], "provision-TOTAL_FORMS": "2", "provision-INITIAL_FORMS": "0", "provision-0-number": "1", "provision-0-type": "",
        "provision-0-prose_th": "ข้อหนึ่ง", "provision-0-prose_en": "Article one", "provision-1-number": "",
    }  # fmt: skip
    answer = officer_client.post(url("words", draft.pk), form)
    assert answer.status_code == 302, answer.content.decode()
    page = officer_client.get(url("version", draft.pk) + "?left=en&right=th").content.decode()
    assert page.index("Article one") < page.index("ข้อหนึ่ง")


def test_a_running_part_with_errors_is_kept_and_told(officer_client: Client) -> None:
    draft = version("3.1.0")
    source = draft.procedure.replace("by: focal_H, next", "by: nobody_known, next")
    assert officer_client.post(url("procedure", draft.pk), {"source": source}).status_code == 302
    page = officer_client.get(url("version", draft.pk)).content.decode()
    assert "it stays in drafting" in page
    assert "nobody_known" in page
    officer_client.post(url("negotiate", draft.pk))
    assert version("3.1.0").state == "drafting"


def test_the_table_has_no_formula(officer_client: Client) -> None:
    Agreement.objects.filter(code="TH-LA-SOP").update(source="=1+1")
    rows = list(csv.reader(io.StringIO(officer_client.get(url("csv")).content.decode().lstrip("\ufeff"))))
    assert len(rows) == Agreement.objects.count() + 1
    assert "'=1+1" in next(row for row in rows if row[0] == "TH-LA-SOP")


def test_due_points_and_dates_stand_on_my_day(officer_client: Client) -> None:
    with clock.stopped_at(NOON):
        page = officer_client.get("/desk/").content.decode()
    assert "Draft version 3.1" in page
    assert "TH-LA-SOP: review" in page


def test_a_point_is_done_once(officer_client: Client) -> None:
    point = ActionPoint.objects.order_by("due_on")[0]
    officer_client.post(url("finish", point.pk))
    point.refresh_from_db()
    assert point.done_at is not None


def test_a_file_is_kept_and_given_back(officer_client: Client, told: People) -> None:
    file = io.BytesIO(b"minutes of the meeting\n")
    file.name = "minutes.txt"
    answer = officer_client.post(url("add_file", sop().pk), {"file": file, "title": "Minutes", "kind": "minutes"})
    assert answer.status_code == 302, answer.content.decode()
    document = sop().documents.get()
    assert b"minutes" in officer_client.post(url("open_file", document.pk)).content
    assert client_of(told.stranger).post(url("open_file", document.pk)).status_code == 404


def test_a_draft_is_thrown_away_and_a_signed_one_is_not(officer_client: Client) -> None:
    assert officer_client.post(url("discard", version("3.1.0").pk)).status_code == 302
    assert officer_client.post(url("discard", version("3.0.0").pk)).status_code == 409
