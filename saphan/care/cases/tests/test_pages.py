"""The pages of a case as each of us sees them."""

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.audit.models import AuditEvent
from saphan.care.cases import services
from saphan.care.cases.models import Case, CaseNote, Consent
from saphan.care.cases.selectors import who_sees_what
from saphan.care.persons.disclosure import involve, readable_classes
from saphan.core.models import Attachment
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from tests.counting import at_most
from tests.people import NOON, client_of

TABS = ["", "plan/", "timeline/", "documents/", "sharing/", "audit/"]
ACTS = ["move/", "review/", "transfer/", "close/", "plan/add/", "plan/read/", "documents/add/", "sharing/add/"]
EVERYBODY = ["owner", "colleague", "supervisor", "intake", "stranger", "receiver", "dpo", "org_admin", "administrator", "editor"]
CONSENT = {"purpose": "service", "classes": ["health"], "language": "lo", "form": "spoken", "capacity": "adult", "evidence": "CANARY-evidence-zx77"}


def plain(response: Any) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)


@pytest.fixture
def full(case, owner):
    """A case with a note and a document."""
    services.write_note(case_id=case.pk, kind="plan", text="CANARY-note-zx78", by=owner, at=NOON)
    file = SimpleUploadedFile("CANARY-name-zx79.txt", b"CANARY-content-zx80")
    services.add_document(case_id=case.pk, file=file, sensitivity="health", by=owner, at=NOON)
    return case


def url_of(case: Case, part: str = "") -> str:
    return f"/desk/cases/{case.pk}/{part}"


@pytest.mark.parametrize("who", EVERYBODY)
def test_nothing_sealed_is_on_any_page_that_is_only_opened(full, people, who):
    client = client_of(getattr(people, who))
    bodies = [client.get(url, follow=True).content.decode() for url in ["/desk/cases/", *(url_of(full, tab) for tab in TABS)]]
    assert not any("CANARY" in body for body in bodies)
    assert not any(full.person.alias in title for body in bodies for title in re.findall(r"<title>(.*?)</title>", body, re.S))


@pytest.mark.parametrize("who", ["stranger", "receiver"])
def test_a_foreign_case_looks_the_same_as_none(case, people, who):
    client, nowhere = client_of(getattr(people, who)), Case(pk=uuid.uuid4())
    for tab in TABS:
        foreign, absent = client.get(url_of(case, tab)), client.get(url_of(nowhere, tab))
        assert (foreign.status_code, plain(foreign)) == (absent.status_code, plain(absent)) == (404, plain(absent))
    for act in ACTS:
        foreign, absent = client.post(url_of(case, act)), client.post(url_of(nowhere, act))
        assert (foreign.status_code, plain(foreign)) == (absent.status_code, plain(absent))
        assert foreign.status_code in (404, 403)


def test_the_lead_opens_every_tab(full, owner):
    client = client_of(owner)
    assert {client.get(url_of(full, tab)).status_code for tab in TABS} == {200}


def test_a_colleague_is_asked_why_first_and_comes_back_to_the_same_tab(case, colleague):
    client = client_of(colleague)
    asked = client.get(url_of(case, "timeline/"))["Location"]
    assert asked.startswith(f"/desk/reports/people/{case.person_id}/why/")
    after = client.post(asked.split("?")[0], {"purpose": "cover", "next": url_of(case, "timeline/")})
    assert after["Location"] == url_of(case, "timeline/")
    assert client.get(url_of(case, "timeline/")).status_code == 200


def test_a_receiver_sees_the_outside_of_a_case_only(full, receiver, hospital):
    involve(full.person, org=hospital, relation="receiver", classes=["health"], source="R-1", at=NOON)
    client = client_of(receiver)
    assert {tab: client.get(url_of(full, tab)).status_code for tab in TABS} == {
        "": 200, "plan/": 403, "timeline/": 200, "documents/": 200, "sharing/": 403, "audit/": 403
    }  # fmt: skip
    page = client.get("/desk/cases/?from=others").content.decode()
    assert full.person.alias in page
    assert client.post(url_of(full, "plan/add/"), {"kind": "plan", "text": "x"}).status_code == 403


def test_a_receiver_downloads_what_the_consent_opens(full, receiver, hospital):
    involve(full.person, org=hospital, relation="receiver", classes=["contact"], source="R-1", at=NOON)
    client, kept = client_of(receiver), Attachment.objects.get()
    assert client.post(url_of(full, f"documents/{kept.pk}/"), {"purpose": "care"}).status_code == 403
    involve(full.person, org=hospital, relation="receiver", classes=["health"], source="R-2", at=NOON)
    answer = client.post(url_of(full, f"documents/{kept.pk}/"), {"purpose": "care"})
    assert b"CANARY-content-zx80" in answer.content
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.latest("id").action == "documents:read"


def test_a_document_asks_why_once_above_the_list_and_records_the_answer(full, owner):
    client, kept = client_of(owner), Attachment.objects.get()
    tab = client.get(url_of(full, "documents/")).content.decode()
    assert 'name="purpose"' in tab
    assert 'type="hidden" name="purpose"' not in tab
    assert f'form="open" formaction="{url_of(full, f"documents/{kept.pk}/")}"' in tab
    assert client.post(url_of(full, f"documents/{kept.pk}/"), {}).status_code == 422
    client.post(url_of(full, f"documents/{kept.pk}/"), {"purpose": "cover"})
    assert AuditEvent.objects.latest("id").purpose == "cover"


def test_notes_are_read_on_a_sent_form_only(full, owner):
    client = client_of(owner)
    assert client.get(url_of(full, "plan/read/")).status_code == 405
    assert "CANARY-note-zx78" in client.post(url_of(full, "plan/read/"), {"purpose": "care"}).content.decode()
    assert client.post(url_of(full, "plan/read/"), {}).status_code == 422


def test_a_case_opens_with_its_consent_on_one_page(person, owner):
    client, url = client_of(owner), f"/desk/cases/open/{person.pk}/"
    typed = {"ground": "statement", "language": "lo", "form": "spoken", "capacity": "adult", "evidence": "told to the interpreter"}
    assert client.get(url).status_code == 200
    slip = client.post(url, typed | {"ground": ""})
    assert slip.status_code == 422
    assert "told to the interpreter" in slip.content.decode()
    client.post(url, typed)
    case = Case.objects.get()
    assert client.post(url, typed)["Location"] == url_of(case)
    assert Consent.objects.count() == 1


def test_a_note_sent_twice_is_kept_once(case, owner):
    client = client_of(owner)
    for _ in range(2):
        client.post(url_of(case, "plan/add/"), {"kind": "plan", "text": "once", "once": "0123456789abcdef0123"})
    assert CaseNote.objects.count() == 1


def test_a_consent_is_given_and_taken_back_on_the_sharing_page(case, owner, hospital):
    client = client_of(owner)
    answer = client.post(url_of(case, "sharing/add/"), CONSENT | {"receiver": str(hospital.pk)}, follow=True)
    assert "Provincial Hospital" in answer.content.decode()
    consent = Consent.objects.get(receiver=hospital)
    answer = client.post(url_of(case, f"sharing/{consent.pk}/withdraw/"), follow=True)
    consent.refresh_from_db()
    assert consent.withdrawn_at == NOON
    assert "no service changes" in answer.content.decode()


def test_a_consent_with_a_slip_keeps_what_was_typed(case, owner):
    answer = client_of(owner).post(url_of(case, "sharing/add/"), CONSENT | {"evidence": "a paper in the safe"})
    assert answer.status_code == 422
    assert "a paper in the safe" in answer.content.decode()
    assert Consent.objects.filter(purpose="service").count() == 0


@pytest.mark.parametrize("act", ["review/", "plan/add/", "sharing/add/", "documents/add/", "plan/read/"])
def test_an_empty_form_is_422(case, owner, act):
    assert client_of(owner).post(url_of(case, act), {}).status_code == 422


def test_a_consent_of_another_case_cannot_be_taken_back_here(case, child, owner):
    foreign = Consent.objects.create(
        person=child, owner_org=child.org, purpose="case", language="lo", form="spoken", capacity="child", guardian_tie="parent", given_at=NOON,
        recorded_by=owner, expires_at=NOON.replace(year=2027),
    )  # fmt: skip
    assert client_of(owner).post(url_of(case, f"sharing/{foreign.pk}/withdraw/")).status_code == 404


def test_the_audit_tab_names_who_did_what_without_values(full, owner):
    client = client_of(owner)
    client.post(f"/desk/reports/people/{full.person_id}/show/", {"classes": ["identity"], "purpose": "care"})
    body = client.get(url_of(full, "audit/")).content.decode()
    assert "persons:reveal" in body
    assert "given_name" in body
    assert owner.name in body


def test_the_list_is_found_by_alias_reference_state_and_lead(case, owner, colleague):
    client = client_of(owner)
    word = case.person.alias.split()[0].lower()
    for query, found in [
        (f"find={word}", True), (f"find={case.reference.lower()}", True), ("find=C-00000000", False), ("state=presumed", True), ("state=closed", False),
        (f"lead={owner.pk}", True), (f"lead={colleague.pk}", False), ("late=on", False), ("lead=nonsense&state=%00", True),
    ]:  # fmt: skip
        assert (case.reference in client.get(f"/desk/cases/?{query}").content.decode()) is found, query


def test_the_list_takes_few_queries(case, owner):
    client = client_of(owner)
    client.get("/desk/cases/")  # the first page of a session also writes the session
    with at_most(12):
        client.get("/desk/cases/")


def test_a_move_that_the_state_does_not_allow_is_409(case, owner):
    assert client_of(owner).post(url_of(case, "move/"), {"verb": "settle"}).status_code == 409


def test_a_supervisor_hands_over_and_closes(case, supervisor, colleague):
    client = client_of(supervisor)
    client.post(url_of(case, "transfer/"), {"lead": str(colleague.pk)})
    client.post(url_of(case, "close/"), {"reason": "wish"})
    case.refresh_from_db()
    assert (case.lead, case.state) == (colleague, "closed")


def sights(case: Case) -> dict[tuple[str, str], str]:
    return {(line.who, line.how): line.what for line in who_sees_what(case, NOON)}


def test_who_can_see_what_shows_what_the_matrix_leaves_of_a_tie(case, people, hospital):
    involve(case.person, org=hospital, relation="receiver", classes=["health", "plan"], source="R-1", at=NOON)
    involve(case.person, org=people.ministry, user=people.colleague, relation="purpose", classes=SEALED_CLASSES, at=NOON)
    shown = sights(case)
    for who, how in [
        (people.owner, "lead worker"),
        (people.colleague, "opened for a stated purpose"),
        (people.supervisor, "supervisor of the organisation"),
    ]:
        assert shown[str(who), how] == ", ".join(str(c.label) for c in Sensitivity if c in readable_classes(who, case.person))
    assert shown[str(hospital), "receiver of a referral"] == "health, plan"
    assert "health" not in shown[str(people.colleague), "opened for a stated purpose"]


def test_who_lost_the_role_or_the_account_sees_nothing_although_the_tie_stands(case, people):
    tied = (str(people.owner), "lead worker")
    assert sights(case)[tied]
    people.owner.grants.update(revoked_at=NOON)
    assert sights(case)[tied] == ""
    people.supervisor.is_active = False
    people.supervisor.save()
    assert (str(people.supervisor), "supervisor of the organisation") not in sights(case)
