"""Known answers are not asked again on a device either: who gets what along, sealed how, and how it comes back."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit import devices, keys
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.tests.conftest import SECRET, Held, Telephone
from saphan.care.persons.disclosure import involve
from saphan.care.persons.models import Involvement, Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import results, services
from saphan.care.screening.codes import Conflict
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview, Member, Reply
from saphan.care.screening.story import FACTORY, begin
from saphan.care.screening.tallies import QuestionTally
from saphan.care.screening.tests.conftest import convene
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON

SETTLED, DECLINED, NO = "AL.D5.DOCSCONF", "AL.D5.VIOL", "AL.D2.VIOL"


@pytest.fixture
def completed(owner: User, version: InstrumentVersion) -> Interview:
    person = open_person(report_id=None, facts=Facts(age_band="adult", language="lo"), by=owner, at=NOON - timedelta(days=1))
    interview = begin(owner, person, FACTORY, NOON - timedelta(hours=5))
    return services.complete(interview_id=interview.pk, by=owner, at=NOON - timedelta(hours=4))


@pytest.fixture
def waiting(owner: User, completed: Interview) -> Interview:
    return services.prepare(person=completed.person, version=completed.version, by=owner, at=NOON)


class Fetched:
    """What a kit got when it fetched the list: as it travelled, and what it alone can open of it."""

    def __init__(self, telephone: Telephone) -> None:
        own = ec.generate_private_key(ec.SECP256R1())
        point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.answer = telephone.asks("catalogue/", **{"X-Device-Key": b64encode(point).decode()})
        assert self.answer.status_code == 200, self.answer.content
        self.sealed = b64decode(self.answer.json()["known"])
        self.waiting = json.loads(keys.SUITE.decrypt(self.sealed, own, info=keys.CONTEXT_KNOWN))["waiting"]


def telephone_of(worker: User, kind: str = Device.Kind.BROWSER) -> Telephone:
    return Telephone(devices.enrol(kind=kind, alias="another", by=worker, at=NOON - timedelta(days=1)))


def known_in(waiting: dict[str, Any]) -> dict[str, str]:
    return {one["place"]: one["value"] for one in waiting["known"]}


def test_the_worker_of_a_prepared_interview_takes_the_settled_answers_along(telephone: Telephone, completed: Interview, waiting: Interview) -> None:
    [found] = Fetched(telephone).waiting
    assert (found["interview"], found["person"], found["version"]) == (str(waiting.pk), str(waiting.person_id), str(waiting.version_id))
    assert known_in(found)[SETTLED] == "yes"
    assert known_in(found)[NO] == "no"
    assert DECLINED not in known_in(found)
    assert {one["reference"] for one in found["known"]} == {completed.reference}


def test_nothing_goes_along_of_a_person_whose_interview_nobody_prepared(telephone: Telephone, completed: Interview) -> None:
    fetched = Fetched(telephone)
    assert fetched.waiting == []
    assert str(completed.person_id) in fetched.answer.content.decode()  # the alias does, as before


def test_a_colleague_gets_nothing_until_the_interview_is_handed_over(people: People, owner: User, waiting: Interview) -> None:
    theirs = telephone_of(people.colleague)
    assert Fetched(theirs).waiting == []
    services.hand_over(interview_id=waiting.pk, to=people.colleague, by=owner, at=NOON)
    assert [found["interview"] for found in Fetched(theirs).waiting] == [str(waiting.pk)]
    assert Fetched(telephone_of(owner)).waiting == []


def test_a_stranger_gets_nothing_even_where_the_row_bore_the_name(stranger_device: Enrolled, people: People, waiting: Interview) -> None:
    assert Fetched(Telephone(stranger_device)).waiting == []
    Interview.objects.filter(pk=waiting.pk).update(interviewer=people.stranger)
    assert Fetched(Telephone(stranger_device)).waiting == []


@pytest.mark.parametrize("classes", [[], [Sensitivity.CONTACT], [Sensitivity.CONTACT, Sensitivity.EXPLOITATION]])
def test_a_receiver_of_a_referral_gets_nothing_whatever_the_scope(
    stranger_device: Enrolled, people: People, waiting: Interview, classes: list[str]
) -> None:
    """Interviews belong to the organisation that leads the file; a scope that leaves the answers out does not even show that there is one."""
    involve(waiting.person, org=people.stranger.org, relation=Involvement.Relation.RECEIVER, classes=classes, at=NOON, source="R-TEST")
    Interview.objects.filter(pk=waiting.pk).update(interviewer=people.stranger)
    assert Fetched(Telephone(stranger_device)).waiting == []


def test_whoever_may_not_know_any_more_takes_nothing_along(
    telephone: Telephone, owner: User, people: People, completed: Interview, waiting: Interview
) -> None:
    hearing = convene(people, completed)
    seat = Member.objects.create(hearing=hearing, user=owner, agency=owner.org, conflict=Conflict.CONFLICT, declared_at=NOON)
    assert Fetched(telephone).waiting == []
    seat.delete()
    assert len(Fetched(telephone).waiting) == 1
    Involvement.objects.filter(person=waiting.person).update(until=NOON)
    assert not check(owner, Action.INTERVIEW_ANSWER, waiting)
    assert Fetched(telephone).waiting == []


def test_an_ended_device_an_app_without_a_lock_and_an_older_kit_get_nothing(telephone: Telephone, owner: User, waiting: Interview) -> None:
    assert telephone.asks("catalogue/").json()["known"] is None
    assert telephone.asks("catalogue/", **{"X-Device-Key": "no key"}).json()["known"] is None
    assert not AuditEvent.objects.filter(action="persons:reveal", at=NOON).exists()
    assert Fetched(telephone_of(owner, Device.Kind.COLLECT)).waiting == []
    devices.expire(device_id=telephone.made.device.pk, by=owner, at=NOON)
    assert telephone.asks("catalogue/").status_code == 403


def test_what_goes_along_travels_sealed_to_the_device_alone(telephone: Telephone, completed: Interview, waiting: Interview) -> None:
    fetched, again = Fetched(telephone), Fetched(telephone)
    body = fetched.answer.content.decode()
    for told in (completed.reference, str(waiting.pk), *(str(pk) for pk in Reply.objects.values_list("pk", flat=True))):
        assert told not in body
    assert fetched.sealed != again.sealed
    services.stop(interview_id=waiting.pk, reason="wish", by=completed.interviewer, at=NOON)
    assert len(Fetched(telephone).sealed) == len(fetched.sealed)  # the length does not tell how much is known


def test_taking_it_along_is_on_record_as_a_reading_without_values(telephone: Telephone, waiting: Interview) -> None:
    Fetched(telephone)
    read = AuditEvent.objects.get(action="persons:reveal", at=NOON)
    taken = AuditEvent.objects.get(action="fieldkit:list", subject_id=str(waiting.person_id))
    assert (read.subject_id, read.fields) == (str(waiting.person_id), "value")
    assert (taken.target_id, taken.fields) == (str(telephone.made.device.pk), "value")


def brought_back(held: Held, found: dict[str, Any], **other: Any) -> dict[str, Any]:
    known = {one["place"]: one["reply"] for one in found["known"]}
    return held(person={"known": found["person"]}, prepared=found["interview"], known=known, answers={}) | other


def test_what_was_known_comes_back_as_taken_over_in_the_interview_that_was_prepared(
    telephone: Telephone, held: Held, owner: User, completed: Interview, waiting: Interview
) -> None:
    [found] = Fetched(telephone).waiting
    asked = {"AL.D5.VIOL": {"value": "yes", "note": SECRET, "at": None}}
    answer = telephone.sends(brought_back(held, found, answers=asked)).json()
    assert answer["reference"] == waiting.reference
    assert Interview.objects.count() == 2
    back = Interview.objects.get(pk=waiting.pk)
    assert (back.state, back.source, back.interviewer) == ("completed", "kit", owner)
    said = results.said(back, by=owner, at=NOON)
    assert (said[SETTLED].value, said[SETTLED].known_from, said[SETTLED].at) == ("yes", completed.reference, NOON - timedelta(hours=1))
    assert (said[DECLINED].value, said[DECLINED].known_from) == ("yes", "")
    tally = QuestionTally.objects.get(version=back.version, code=SETTLED)
    assert tally.asked == 1  # by the first interview: what is known is not counted as asked again


def test_what_was_asked_again_all_the_same_is_an_answer_of_this_interview(telephone: Telephone, held: Held, owner: User, waiting: Interview) -> None:
    [found] = Fetched(telephone).waiting
    asked = {SETTLED: {"value": "no", "note": "", "at": None}}
    assert telephone.sends(brought_back(held, found, answers=asked)).status_code == 200
    said = results.said(Interview.objects.get(pk=waiting.pk), by=owner, at=NOON)
    assert (said[SETTLED].value, said[SETTLED].known_from) == ("no", "")
    assert said[NO].known_from


def test_a_device_that_names_what_it_cannot_know_brings_nothing_of_it(
    telephone: Telephone, held: Held, owner: User, version: InstrumentVersion, waiting: Interview
) -> None:
    other = open_person(report_id=None, facts=Facts(age_band="adult"), by=owner, at=NOON)
    elsewhere = services.complete(interview_id=begin(owner, other, {"D4.HOURS": ("yes", "")}, NOON - timedelta(hours=3)).pk, by=owner, at=NOON)
    own = Reply.objects.get(interview__person=waiting.person, question__code=SETTLED)
    known = {
        "AL.D4.HOURS": str(elsewhere.replies.get().pk),
        "AL.D2.DEBT": str(own.pk),
        "AL.D3.ECON": str(uuid4()),
        "NO.SUCH": str(own.pk),
        SETTLED: str(own.pk),
    }
    assert telephone.sends(held(person={"known": str(waiting.person_id)}, prepared=str(waiting.pk), known=known, answers={})).status_code == 200
    assert list(Reply.objects.filter(interview=waiting).values_list("question__code", flat=True)) == [SETTLED]


@pytest.mark.parametrize("meanwhile", ["begun", "handed on", "of another person"])
def test_an_interview_that_is_no_longer_the_one_prepared_stays_and_nothing_is_lost(
    telephone: Telephone, held: Held, owner: User, people: People, waiting: Interview, meanwhile: str
) -> None:
    [found] = Fetched(telephone).waiting
    parcel = brought_back(held, found)
    if meanwhile == "begun":
        Interview.objects.filter(pk=waiting.pk).update(state="under_way", started_at=NOON)
    elif meanwhile == "handed on":
        services.hand_over(interview_id=waiting.pk, to=people.colleague, by=owner, at=NOON)
    else:
        parcel |= {"person": {"known": str(open_person(report_id=None, facts=Facts(age_band="adult"), by=owner, at=NOON).pk)}}
    answer = telephone.sends(parcel)
    assert answer.status_code == 200, answer.content
    assert answer.json()["reference"] != waiting.reference
    assert Interview.objects.get(pk=waiting.pk).source == "desk"
    assert Interview.objects.get(reference=answer.json()["reference"]).replies.exists() == (meanwhile != "of another person")


def test_a_prepared_interview_stopped_over_its_check_is_that_interview_too(telephone: Telephone, held: Held, waiting: Interview) -> None:
    [found] = Fetched(telephone).waiting
    broken_off = {"language": "lo", "private_place": "yes", "interpreter": "not_needed", "consent": "no"}
    sent = telephone.sends(brought_back(held, found, safety=broken_off, sittings=[], ending="stop", stop_reason="wish"))
    assert sent.status_code == 200, sent.content
    back = Interview.objects.get(pk=waiting.pk)
    assert (back.state, back.stop_reason, back.replies.count()) == ("stopped", "wish", 0)


@pytest.mark.parametrize(
    ("part", "value"), [("known", []), ("known", {"AL.D4.HOURS": "no number"}), ("known", {"AL.D4.HOURS": ""}), ("prepared", "no number")]
)
def test_what_cannot_be_read_of_it_is_refused(telephone: Telephone, held: Held, part: str, value: Any) -> None:
    assert telephone.sends(held(**{part: value})).status_code == 422
    assert Interview.objects.count() == Person.objects.count() == 0
