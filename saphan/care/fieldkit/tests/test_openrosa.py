"""ODK Collect takes forms and sends filled ones, as the app itself asks: HTTP Basic with a device's token, HEAD, multipart."""

import base64
import re
from typing import Any
from uuid import uuid4

import pytest
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saphan.access.models import User
from saphan.care.fieldkit import collect, devices
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import Device, Submission
from saphan.care.persons.models import Person
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview
from tests.people import NOON

pytestmark = pytest.mark.once
ALL = {
    "age_band": "adult",
    "language": "lo",
    "private_place": "yes",
    "interpreter": "not_needed",
    "consent": "yes",
    "may_skip": "yes",
    "referrals_ready": "yes",
    "person_risk": "some",
    "worker_risk": "low",
}


@pytest.fixture
def app(owner: User) -> Enrolled:
    return devices.enrol(kind=Device.Kind.COLLECT, alias="field telephone", by=owner, at=NOON)


class Collect:
    """The app with its settings: server address, user name, token."""

    def __init__(self, made: Enrolled, token: str = "") -> None:
        pair = f"{made.device.reference}:{token or made.reading_token}".encode()
        self.headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "X-OpenRosa-Version": "1.0",
            "Date": "Mon, 23 Nov 2026 05:00:00 GMT",
        }
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers)

    def head(self, path: str = "/openrosa/submission") -> Any:
        return self.client.head(path, headers=self.headers)

    def send(self, xml: str, **files: Any) -> Any:
        form = SimpleUploadedFile("form.xml", xml.encode(), content_type="text/xml")
        return self.client.post("/openrosa/submission", {"xml_submission_file": form, **files}, headers=self.headers)


@pytest.fixture
def telephone_app(app: Enrolled, version: InstrumentVersion) -> Collect:
    return Collect(app)


def filled(version: InstrumentVersion, *, instance: str = "", before: str = "", **answers: str) -> str:
    """A filled form as the app writes it, from the instance in the XForm itself."""
    xform = collect.xform_of(version).decode()
    given = (
        {f"saphan_{name}": value for name, value in ALL.items()}
        | {"saphan_start": "2026-11-23T11:00:00.000+07:00", "saphan_end": "2026-11-23T11:40:00.000+07:00", "AL.D5.DOCSCONF": "yes"}
        | answers
    )
    body = re.search(r"<instance>\s*(<data .*?</data>)", xform, re.DOTALL)
    assert body
    text = re.sub(r' xmlns:\w+="[^"]*"|(?<=\s)jr:\w+="[^"]*"|orx:', "", body[1])
    for name, value in given.items():
        text, found = re.subn(rf"<{re.escape(name)}\s*/>", f"<{name}>{value}</{name}>", text)
        assert found == 1, name
    text = re.sub(
        r"<instanceID\s*/>",
        f"<instanceID>{instance or f'uuid:{uuid4()}'}</instanceID>" + (f"<deprecatedID>{before}</deprecatedID>" if before else ""),
        text,
    )
    return text


def message(reply: Any) -> str:
    return "".join(ElementTree.fromstring(reply.content).itertext())


def test_the_list_names_each_form_with_its_version_and_where_it_is(telephone_app: Collect) -> None:
    reply = telephone_app.get("/openrosa/formList")
    assert reply.status_code == 200
    assert reply["X-OpenRosa-Version"] == "1.0"
    space = "{http://openrosa.org/xforms/xformsList}"
    forms = ElementTree.fromstring(reply.content).findall(f"{space}xform")
    assert {f.findtext(f"{space}formID") for f in forms} >= {"adult_labour", "child_labour"}
    assert all((f.findtext(f"{space}hash") or "").startswith("md5:") for f in forms)
    address = forms[0].findtext(f"{space}downloadUrl") or ""
    form = telephone_app.get(address.removeprefix("http://testserver"))
    assert form.status_code == 200
    assert b"<h:html" in form.content
    assert telephone_app.get(f"{address.removeprefix('http://testserver')}/manifest").status_code == 200


def test_head_says_how_much_is_taken(telephone_app: Collect) -> None:
    reply = telephone_app.head()
    assert reply.status_code == 204
    assert int(reply["X-OpenRosa-Accept-Content-Length"]) > 10 * 1024 * 1024
    assert reply["Location"].endswith("/openrosa/submission")


def test_a_filled_form_becomes_an_interview(telephone_app: Collect, version: InstrumentVersion, owner: User) -> None:
    reply = telephone_app.send(filled(version))
    assert reply.status_code == 201, reply.content
    interview = Interview.objects.get()
    assert interview.reference in message(reply)
    assert (interview.state, interview.interviewer, interview.person.language) == ("completed", owner, "lo")
    assert str(interview.started_at) == "2026-11-23 04:00:00+00:00"


def test_the_same_form_again_is_one_interview(telephone_app: Collect, version: InstrumentVersion) -> None:
    xml = filled(version)
    assert message(telephone_app.send(xml)) == message(telephone_app.send(xml))
    assert Interview.objects.count() == Person.objects.count() == 1


def test_an_edited_form_is_a_new_edition_of_the_first(telephone_app: Collect, version: InstrumentVersion) -> None:
    first, second, third = (f"uuid:{uuid4()}" for _n in range(3))
    telephone_app.send(filled(version, instance=first))
    telephone_app.send(filled(version, instance=second, before=first, **{"AL.D5.DOCSCONF": "no"}))
    telephone_app.send(filled(version, instance=third, before=second, **{"AL.D5.DOCSCONF": "declined"}))
    assert list(Submission.objects.values_list("edition", flat=True)) == [1, 2, 3]
    assert Submission.objects.values("source_id").distinct().count() == 1
    assert Person.objects.count() == 1


def test_a_form_that_was_not_safe_is_a_stopped_interview(telephone_app: Collect, version: InstrumentVersion) -> None:
    assert telephone_app.send(filled(version, saphan_private_place="no")).status_code == 201
    assert Interview.objects.get().stop_reason == "unsafe"


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        ("", 400), ("<data", 400), ("<data/>", 400), ('<data id="no_such_form" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>', 422),
        ('<data id="adult_labour" version="²"><meta><instanceID>uuid:1</instanceID></meta></data>', 422),
        ('<!DOCTYPE d [<!ENTITY e "x">]><data id="adult_labour" version="1">&e;</data>', 400), ('<data id="adult_labour" version="1"/>', 400),
        ('<data id="adult_labour" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>', 422),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(telephone_app: Collect, version: InstrumentVersion, xml: str, status: int) -> None:
    reply = telephone_app.send(xml)
    assert reply.status_code == status
    assert "submit_error" in reply.content.decode()
    assert message(reply)
    assert not Interview.objects.exists()


def test_a_post_without_a_form_is_refused(telephone_app: Collect) -> None:
    assert telephone_app.client.post("/openrosa/submission", {}, headers=telephone_app.headers).status_code == 422


def test_fifty_megabytes_are_refused_before_they_are_read(telephone_app: Collect, version: InstrumentVersion) -> None:
    photo = SimpleUploadedFile("photo.jpg", b"x" * (50 * 1024 * 1024), content_type="image/jpeg")
    reply = telephone_app.send(filled(version), **{"photo.jpg": photo})
    assert reply.status_code == 413
    assert "10 MB" in message(reply)


@pytest.mark.parametrize("token", ["wrong", "a long demo password"])
def test_a_wrong_token_or_a_password_is_answered_401(app: Enrolled, version: InstrumentVersion, token: str) -> None:
    stranger = Collect(app, token)
    for reply in (stranger.get("/openrosa/formList"), stranger.head(), stranger.send("<data/>")):
        assert reply.status_code == 401
        assert reply["WWW-Authenticate"].startswith("Basic")
        assert reply["X-OpenRosa-Version"] == "1.0"


@pytest.mark.parametrize(
    "said", ["Basic \xe9\xe9\xe9\xe9", "Basic AAA=", "Basic ADpB", "Basic /////w==", "Basic", "Device", "Device \xe9:\xe9", "\xe9"]
)
def test_whatever_stands_in_the_header_a_stranger_is_answered_401(client: Client, db: Any, said: str) -> None:
    for address in ("/openrosa/formList", "/fieldkit/catalogue/"):
        assert client.get(address, HTTP_AUTHORIZATION=said).status_code == 401


def test_the_token_of_a_browser_opens_nothing_here(enrolled: Enrolled) -> None:
    assert Collect(enrolled).get("/openrosa/formList").status_code == 401


def test_an_expired_app_may_send_but_not_read(telephone_app: Collect, app: Enrolled, version: InstrumentVersion, owner: User) -> None:
    devices.expire(device_id=app.device.pk, by=owner, at=NOON)
    assert telephone_app.get("/openrosa/formList").status_code == 403
    assert telephone_app.send(filled(version)).status_code == 201


def test_a_closed_app_is_a_stranger(telephone_app: Collect, app: Enrolled, version: InstrumentVersion, owner: User) -> None:
    devices.revoke(device_id=app.device.pk, by=owner, at=NOON)
    assert telephone_app.send(filled(version)).status_code == 401


def texts_of(xform: bytes) -> dict[str, dict[str, str]]:
    """By language the texts of the XForm by their id."""
    space = "{http://www.w3.org/2002/xforms}"
    found: dict[str, dict[str, str]] = {}
    for translation in ElementTree.fromstring(xform).iter(f"{space}translation"):
        texts = found.setdefault(str(translation.get("lang")), {})
        for text in translation.iter(f"{space}text"):
            texts[str(text.get("id"))] = "".join(text.itertext()).strip()
    return found


def test_the_safety_check_speaks_every_language_of_the_form(version: InstrumentVersion) -> None:
    texts = texts_of(collect.xform_of(version))
    assert {name.rpartition("(")[2].rstrip(")") for name in texts} == {"en", "th", "lo", "km", "my", "vi"}
    ours = {code for code in texts["English (en)"] if "saphan_" in code}
    assert len(ours) > 20
    for name, told in texts.items():
        assert [code for code in ours if told.get(code, "-") in ("-", "")] == [], name
    lao = texts["Lao (lo)"]
    [private] = [code for code in ours if code.endswith("saphan_private_place:label")]
    assert lao[private] == "ພວກເຮົາຢູ່ບ່ອນທີ່ບໍ່ມີໃຜຟັງ ຫຼື ເບິ່ງໄດ້ບໍ່?"


def test_every_sentence_of_the_safety_check_is_in_the_table_and_marked(db: Any) -> None:
    from saphan.care.fieldkit.tongues import LISTS, OTHERS, SAID
    from saphan.care.fieldkit.words import sentences
    from saphan.care.screening.reference import rows_of

    english = sentences("en")
    asked = {english[name] for name in SAID} | {option[1] for name in LISTS if name != "choices.language" for option in english[name]}
    rows = {row["en"]: row for row in rows_of("safety_words.csv")}
    assert asked == set(rows)
    assert [row for row in rows.values() if not all(row[code] for code in OTHERS) or "review" not in row["review"]] == []


def test_a_form_in_two_languages_gains_no_third(people: Any) -> None:
    from saphan.care.screening.tests.test_instruments import brought, workbook

    texts = texts_of(collect.xform_of(brought(people.supervisor, workbook())))
    assert set(texts) == {"English (en)", "Thai (th)"}
