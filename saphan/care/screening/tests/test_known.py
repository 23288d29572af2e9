"""Nobody is asked twice: what earlier interviews settled is known; and what was answered is mended in a new interview while the old one stays."""

from datetime import timedelta

import pytest

from saphan.access.models import User
from saphan.audit.models import AuditEvent
from saphan.care.persons.models import Person
from saphan.care.screening import results, services
from saphan.care.screening.board import board_of
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import person_of
from saphan.care.screening.versions import keep_form
from saphan.core.errors import WrongState
from saphan.xlsform.definition import Form
from tests.people import NOON, client_of

LATER = NOON + timedelta(days=2)
SETTLED, OPEN = "AL.D5.DOCSCONF", "AL.D5.VIOL"


def begun(interview: Interview, by: User) -> Interview:
    services.check_safety(interview_id=interview.pk, points=SAFE, by=by, at=LATER)
    return services.start(interview_id=interview.pk, present="", by=by, at=LATER)


def another_version(version: InstrumentVersion) -> InstrumentVersion:
    """The same questions under a second number, as a new wording would be."""
    made = InstrumentVersion.objects.create(instrument=version.instrument, number=version.number + 1, source_en="a test")
    keep_form(made, Form.from_json(version.form.as_json() | {"version": "2"}))
    return made


def test_settled_answers_are_known_and_say_from_where(owner: User, completed: Interview) -> None:
    again = services.prepare(person=completed.person, version=another_version(completed.version), by=owner, at=LATER)
    begun(again, owner)
    known = results.said(again, by=owner, at=LATER)
    assert known[SETTLED].value == "yes"
    assert known[SETTLED].known_from == completed.reference
    assert OPEN not in known  # declined: it may be asked again on a better day
    assert "AL.D1.CONTRACT" not in known  # not known
    assert board_of(again, by=owner, at=LATER).next_open() not in known


def test_what_is_known_is_not_counted_as_asked_again(owner: User, completed: Interview) -> None:
    from saphan.care.screening.tallies import QuestionTally

    again = begun(services.prepare(person=completed.person, version=another_version(completed.version), by=owner, at=LATER), owner)
    services.complete(interview_id=again.pk, by=owner, at=LATER)
    assert not QuestionTally.objects.filter(version=again.version).exists()
    assert QuestionTally.objects.get(version=completed.version, code=OPEN).declined == 1


def test_nothing_is_known_of_another_person(owner: User, completed: Interview) -> None:
    other = begun(services.prepare(person=person_of(owner), version=completed.version, by=owner, at=LATER), owner)
    assert not Reply.objects.filter(interview=other).exists()


def test_the_opening_of_what_is_known_is_in_the_audit(owner: User, completed: Interview) -> None:
    again = services.prepare(person=completed.person, version=another_version(completed.version), by=owner, at=LATER)
    services.check_safety(interview_id=again.pk, points=SAFE, by=owner, at=LATER)
    before = AuditEvent.objects.filter(action="persons:reveal").count()
    services.start(interview_id=again.pk, present="", by=owner, at=LATER)
    assert AuditEvent.objects.filter(action="persons:reveal").count() == before + 1


def test_mended_answers_are_a_new_interview_and_the_old_one_stays(owner: User, completed: Interview) -> None:
    before = results.stored(completed, by=owner, at=LATER)
    new = begun(services.revise(interview_id=completed.pk, by=owner, at=LATER), owner)
    said = results.said(new, by=owner, at=LATER)
    assert said[SETTLED].value == "yes"
    assert said[OPEN].value == "declined"  # also what was not said, for it is the same talk
    services.answer(interview_id=new.pk, code=SETTLED, value="no", note="", seen=1, by=owner, at=LATER)
    services.complete(interview_id=new.pk, by=owner, at=LATER)
    assert results.stored(completed, by=owner, at=LATER) == before
    assert results.said(completed, by=owner, at=LATER)[SETTLED].value == "yes"
    assert results.said(new, by=owner, at=LATER)[SETTLED].value == "no"


def test_answers_are_mended_once_from_the_newest(owner: User, completed: Interview) -> None:
    new = begun(services.revise(interview_id=completed.pk, by=owner, at=LATER), owner)
    with pytest.raises(WrongState):
        services.revise(interview_id=new.pk, by=owner, at=LATER)  # not ended yet
    services.complete(interview_id=new.pk, by=owner, at=LATER)
    with pytest.raises(WrongState):
        services.revise(interview_id=completed.pk, by=owner, at=LATER)
    assert services.revise(interview_id=new.pk, by=owner, at=LATER).revises == new


def test_the_screens_lead_from_one_to_the_other(owner: User, stranger: User, completed: Interview) -> None:
    assert client_of(stranger).post(f"/desk/screening/interviews/{completed.pk}/revise/").status_code in (403, 404)
    answered = client_of(owner).post(f"/desk/screening/interviews/{completed.pk}/revise/", {"once": "one"})
    new = Interview.objects.get(revises=completed)
    assert answered["Location"] == f"/desk/screening/interviews/{new.pk}/safety/"
    assert new.reference in client_of(owner).get(f"/desk/screening/interviews/{completed.pk}/").content.decode()
    assert completed.reference in client_of(owner).get(f"/desk/screening/interviews/{new.pk}/").content.decode()


def test_a_child_of_the_file_keeps_its_branch(owner: User, instruments: None) -> None:
    young = person_of(owner, Person.AgeBand.DOUBT)
    version = InstrumentVersion.objects.get(instrument="child_labour")
    assert services.prepare(person=young, version=version, by=owner, at=LATER).branch == "child"
