"""The screens of the desk: the shell, preparing, the list of devices, bringing in a file, visits to a site."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit import devices, keys, visits
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.instruments import WORDS
from saphan.care.fieldkit.models import Device, SiteVisit, Submission
from saphan.care.fieldkit.tests.conftest import SECRET, Held
from saphan.care.fieldkit.words import sentences
from saphan.care.screening.models import Interview
from saphan.xlsform.faults import SENTENCES
from tests.people import NOON, client_of

pytestmark = pytest.mark.once
KIT = "/desk/screening/kit/"
SCRIPTS = sorted((settings.PACKAGE / "static" / "js" / "fieldkit").glob("*.js"))
FACTS = {"place": f"{SECRET} factory", "site_kind": "factory", "activity": "manufacture", "province": "", "conditions": f"{SECRET} doors locked"}


def test_the_shell_is_the_same_for_everybody_and_says_nothing(owner: User, people: People) -> None:
    pages = [client_of(user).get(KIT).content.decode() for user in (owner, people.supervisor)]
    assert pages[0] == pages[1]
    assert owner.name not in pages[0]
    assert "csrf" not in pages[0]


def test_the_shell_speaks_the_language_of_the_session_and_stays_one_shell(owner: User) -> None:
    from saphan.care.fieldkit import shell

    client, english = client_of(owner), shell.version()
    assert '<html lang="en">' in client.get(KIT).content.decode()
    client.cookies["django_language"] = "th"
    assert '<html lang="th">' in client.get(KIT).content.decode()
    with override("th"):
        assert shell.version() == english


def test_the_worker_may_serve_the_kit_only_and_the_policy_is_strict(owner: User) -> None:
    reply = client_of(owner).get(f"{KIT}sw.js")
    assert reply["Service-Worker-Allowed"] == KIT
    assert reply["Content-Type"].startswith("text/javascript")
    page = client_of(owner).get(KIT)
    assert "worker-src 'self'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]
    assert "<script>" not in page.content.decode()


def test_everything_the_worker_keeps_is_there(owner: User, settings: Any) -> None:
    from django.contrib.staticfiles import finders

    from saphan.care.fieldkit import shell

    client = client_of(owner)
    for address in shell.files():
        if address.startswith(settings.STATIC_URL):
            assert finders.find(address.removeprefix(settings.STATIC_URL)), address
        else:
            assert client.get(address).status_code == 200, address
    assert "prepare.js" not in "".join(shell.files())


def test_every_sentence_of_the_page_is_there_in_both_languages(db: Any) -> None:
    code = "\n".join(path.read_text() for path in SCRIPTS)
    asked = set(re.findall(r"""\b(?:t|listOf)\(["`]([a-z]+(?:\.[a-z_]+)*)["`]""", code))
    stems = {"queue.": ("waiting", "sending", "received", "refused"), "state.": ("safety", "open", "resting", "waiting"), "ask.": ("unknown", "declined"),
             "fault.": tuple(SENTENCES)}  # fmt: skip
    asked |= {f"{stem}{end}" for stem, ends in stems.items() for end in ends}
    for language in ("en", "th"):
        assert sorted(asked - sentences(language).keys()) == []


def test_the_page_evaluates_every_word_that_is_sent_to_it() -> None:
    logic = next(path for path in SCRIPTS if path.name == "logic.js").read_text()
    assert set(re.findall(r'^  "([^"]+)":', logic, re.MULTILINE)) == WORDS


def test_data_never_reaches_the_page_as_markup() -> None:
    for path in SCRIPTS:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()), path.name


def test_preparing_answers_the_tokens_once(owner: User) -> None:
    reply = client_of(owner).post(f"{KIT}prepare/", {"alias": "blue telephone"})
    made = reply.json()
    assert Device.objects.get().reference == made["reference"]
    assert devices.recognise(reference=made["reference"], token=made["reading_token"], at=NOON)
    assert client_of(owner).post(f"{KIT}prepare/", {"alias": ""}).status_code == 422


def test_the_list_lets_owner_and_supervisor_end_a_device(enrolled: Enrolled, people: People) -> None:
    assert enrolled.device.reference in client_of(people.supervisor).get(f"{KIT}devices/").content.decode()
    assert enrolled.device.reference not in client_of(people.colleague).get(f"{KIT}devices/").content.decode()
    address = f"{KIT}devices/{enrolled.device.pk}/expire/"
    assert client_of(people.colleague).post(address).status_code == 404
    assert client_of(people.stranger).post(address).status_code == 404
    assert client_of(people.supervisor).post(address).status_code == 302
    assert client_of(people.owner).post(f"{KIT}devices/{enrolled.device.pk}/revoke/").status_code == 302
    assert Device.objects.get().state == "revoked"


def test_a_token_for_odk_collect_is_shown_once(owner: User) -> None:
    page = client_of(owner).post(f"{KIT}devices/connect/", {"alias": "green telephone"}).content.decode()
    device = Device.objects.get()
    token = re.findall(r'<code class="token">([^<]{40,})</code>', page)[-1]
    assert devices.recognise(reference=device.reference, token=token, at=NOON)
    assert token not in client_of(owner).get(f"{KIT}devices/").content.decode()


def bundle(*parcels: Any, **other: Any) -> SimpleUploadedFile:
    rows = [{"id": str(uuid4()), "sealed": b64encode(p if isinstance(p, bytes) else keys.close(p)).decode()} for p in parcels]
    return SimpleUploadedFile("kit.json", json.dumps({"saphan_field_kit": 1, "device": "K-1", "parcels": rows} | other).encode())


def test_a_file_is_brought_in_and_again_gives_the_same_receipts(people: People, held: Held) -> None:
    parcels = [held(sequence=n) for n in (2, 1)]
    for words in ("received", "was here already"):
        reply = client_of(people.supervisor).post(f"{KIT}bring-in/", {"bundle": bundle(*parcels)})
        assert reply.status_code == 200
        assert reply.content.decode().count(f">{words}<") == 2
    assert Interview.objects.count() == 2
    assert {s.way for s in Submission.objects.all()} == {"bundle"}
    assert {s.received_by for s in Submission.objects.all()} == {people.supervisor}
    assert {i.interviewer for i in Interview.objects.all()} == {people.owner}


def test_what_was_sent_already_is_not_taken_twice_from_a_file(people: People, held: Held, telephone: Any) -> None:
    parcel = held()
    number = telephone.sends(parcel).json()["reference"]
    page = client_of(people.owner).post(f"{KIT}bring-in/", {"bundle": bundle(parcel)}).content.decode()
    assert number in page
    assert Interview.objects.count() == 1


def test_each_row_says_why_it_was_not_taken(people: People, held: Held) -> None:
    reply = client_of(people.owner).post(f"{KIT}bring-in/", {"bundle": bundle(held(), held(person={"known": str(uuid4())}), held(token="forged"))})
    page = reply.content.decode()
    assert Interview.objects.count() == 1
    assert "(person)" in page
    assert "prepared here" in page


def test_a_stranger_brings_in_nothing_of_another_house(people: People, held: Held) -> None:
    sealed = keys.close(held())
    client_of(people.stranger).post(f"{KIT}bring-in/", {"bundle": bundle(sealed)})
    assert not Interview.objects.exists()
    event = AuditEvent.objects.get(action="fieldkit:bring_in")
    assert (event.outcome, event.actor, event.target_kind, event.purpose) == ("denied", str(people.stranger.pk), "fieldkit.bundle", "refused")
    assert event.target_id == sha256(sealed).hexdigest()
    assert (event.subject_id, event.fields) == ("", "")


@pytest.mark.parametrize("broken", ["text", "other kind", "one bad row", "empty", "no rows"])
def test_a_broken_file_changes_nothing(people: People, held: Held, broken: str) -> None:
    files = {
        "text": SimpleUploadedFile("kit.json", b"hello"), "other kind": bundle(saphan_field_kit=9), "empty": SimpleUploadedFile("kit.json", b""),
        "no rows": bundle(), "one bad row": bundle(held(), keys.close(held())[:-4]),
    }  # fmt: skip
    content = files[broken].read()
    files[broken].seek(0)
    reply = client_of(people.owner).post(f"{KIT}bring-in/", {"bundle": files[broken]})
    assert reply.status_code == 422
    assert not Interview.objects.exists()
    told = list(AuditEvent.objects.filter(action="fieldkit:bring_in").values_list("target_id", "purpose", "outcome"))
    assert told == ([(sha256(content).hexdigest(), "unreadable", "denied")] if content else [])  # the form itself refuses an empty file


def test_a_visit_without_script_from_the_first_fact_to_the_print(people: People) -> None:
    client = client_of(people.owner)
    reply = client.post(f"{KIT}visits/new/", {"visited_on": "23/11/2569"} | FACTS)
    visit = SiteVisit.objects.get()
    assert reply["Location"] == f"{KIT}visits/{visit.pk}/"
    assert visit.visited_on.isoformat() == "2026-11-23"
    client.post(f"{KIT}visits/{visit.pk}/add/", {"age_band": "doubt", "sex": "unknown", "language": "my"})
    person = visit.people.get().person
    for page in (client.get(f"{KIT}visits/{visit.pk}/"), client.get(f"{KIT}visits/{visit.pk}/print/")):
        assert FACTS["place"] in page.content.decode()
        assert person.alias in page.content.decode()
    listed = client.get(f"{KIT}visits/").content.decode()
    assert visit.reference in listed
    assert SECRET not in listed


def test_a_visit_is_read_by_who_led_it_and_the_supervisor(people: People) -> None:
    visit = visits.record_visit(visited_on=NOON.date(), facts=FACTS, by=people.owner, at=NOON)
    codes = {
        name: client_of(getattr(people, name)).get(f"{KIT}visits/{visit.pk}/").status_code
        for name in ("owner", "supervisor", "colleague", "stranger")
    }
    assert codes == {"owner": 200, "supervisor": 200, "colleague": 404, "stranger": 404}
    assert client_of(people.colleague).post(f"{KIT}visits/{visit.pk}/add/", {}).status_code == 404
    assert AuditEvent.objects.filter(action="fieldkit:read_visit").count() == 2


def test_what_is_missing_is_said_and_what_was_typed_stays(people: People) -> None:
    reply = client_of(people.owner).post(f"{KIT}visits/new/", {"visited_on": "31/31/2569", "place": "", "conditions": "typed already"})
    assert reply.status_code == 422
    assert "typed already" in reply.content.decode()
    assert not SiteVisit.objects.exists()
