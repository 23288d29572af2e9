"""An interview from its safety check to its result."""

import json
from datetime import timedelta

import pytest

from saphan.access.models import User
from saphan.audit.models import AuditEvent
from saphan.care.persons.disclosure import reveal
from saphan.care.persons.models import Person
from saphan.care.screening import results, services
from saphan.care.screening.aloud import read_aloud
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.rules import Branch
from saphan.care.screening.safety import failing_points
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.shipped import shipped_codes
from saphan.care.screening.story import FACTORY, SAFE, begin
from saphan.care.screening.tests.conftest import person_of
from saphan.core import clock
from saphan.core.errors import Invalid, NotFound, Outdated, Refused, WrongState
from tests.people import NOON

CODE = "AL.D5.DOCSCONF"


def give(interview: Interview, value: str, *, by: User, seen: int = 0, note: str = "", code: str = CODE) -> Reply:
    return services.answer(interview_id=interview.pk, code=code, value=value, note=note, seen=seen, by=by, at=NOON)


def test_loading_instruments_twice_changes_nothing(instruments: None) -> None:
    before = sorted(InstrumentVersion.objects.values_list("pk", flat=True))
    assert load_instruments() == len(shipped_codes()) >= 2
    assert sorted(InstrumentVersion.objects.values_list("pk", flat=True)) == before
    assert InstrumentVersion.objects.get(instrument="adult_labour").questions.count() == 71


def test_a_used_version_is_never_rewritten(interview: Interview) -> None:
    interview.version.questions.filter(code=CODE).update(text_en="another wording")
    with pytest.raises(Invalid):
        load_instruments()


def test_an_interview_cannot_start_before_its_safety_check(owner: User, person: Person) -> None:
    prepared = services.prepare(person=person, version=InstrumentVersion.objects.get(instrument="adult_labour"), by=owner, at=NOON)
    with pytest.raises(WrongState):
        services.start(interview_id=prepared.pk, present="", by=owner, at=NOON)


@pytest.mark.parametrize(
    ("point", "value"),
    [("private_place", "no"), ("interpreter", "missing"), ("same_village", "yes"), ("same_village", "unknown"), ("same_community", "yes"), ("sex_asked", "no"),
     ("consent", "no"), ("may_skip", "no"), ("referrals_ready", "no"), ("person_risk", "danger"), ("worker_risk", "danger")],
)  # fmt: skip
def test_each_failing_point_stops_the_start_and_says_why(owner: User, person: Person, point: str, value: str) -> None:
    points = {**SAFE, point: value}
    assert list(failing_points(points)) == [point]
    assert failing_points(points)[point]
    prepared = services.prepare(person=person, version=InstrumentVersion.objects.get(instrument="adult_labour"), by=owner, at=NOON)
    services.check_safety(interview_id=prepared.pk, points=SAFE, by=owner, at=NOON)
    services.check_safety(interview_id=prepared.pk, points=points, by=owner, at=NOON + timedelta(minutes=1))
    with pytest.raises(WrongState):
        services.start(interview_id=prepared.pk, present="", by=owner, at=NOON)


def test_nobody_is_asked_the_same_questions_twice_at_once(owner: User, interview: Interview) -> None:
    with pytest.raises(WrongState):
        services.prepare(person=interview.person, version=interview.version, by=owner, at=NOON)


def test_age_in_doubt_takes_the_childs_branch(owner: User, instruments: None) -> None:
    young = person_of(owner, Person.AgeBand.DOUBT)
    prepared = services.prepare(person=young, version=InstrumentVersion.objects.get(instrument="child_labour"), by=owner, at=NOON)
    assert prepared.branch == Branch.CHILD


def test_an_adult_is_not_asked_the_childrens_questions(owner: User, person: Person) -> None:
    with pytest.raises(Invalid):
        services.prepare(person=person, version=InstrumentVersion.objects.get(instrument="child_labour"), by=owner, at=NOON)


def test_a_changed_answer_keeps_the_earlier_one(owner: User, interview: Interview) -> None:
    give(interview, "no", by=owner)
    give(interview, "yes", by=owner, seen=1, note="said later")
    assert Reply.objects.filter(interview=interview).count() == 2
    assert results.said(interview, by=owner, at=NOON)[CODE].value == "yes"


def test_two_windows_on_one_question_lose_nothing(owner: User, interview: Interview) -> None:
    give(interview, "yes", by=owner, seen=0)
    with pytest.raises(Outdated):
        give(interview, "no", by=owner, seen=0)
    assert [r.seq for r in Reply.objects.filter(interview=interview)] == [1]


def test_two_windows_on_different_questions_do_not_disturb_each_other(owner: User, interview: Interview) -> None:
    give(interview, "yes", by=owner)
    give(interview, "declined", by=owner, code="AL.D5.VIOL")
    assert {c: s.value for c, s in results.said(interview, by=owner, at=NOON).items()} == {CODE: "yes", "AL.D5.VIOL": "declined"}


@pytest.mark.parametrize("value", ["maybe", "", "YES"])
def test_an_answer_that_is_no_answer_is_refused(owner: User, interview: Interview, value: str) -> None:
    with pytest.raises(Invalid):
        give(interview, value, by=owner)


def test_a_question_that_does_not_exist_is_not_found(owner: User, interview: Interview) -> None:
    with pytest.raises(NotFound):
        give(interview, "yes", by=owner, code="AL.D9.NOTHING")
    with pytest.raises(NotFound):
        give(interview, "yes", by=owner, code="AL.OVR.CHILDSEX")


def test_every_answer_is_sealed_at_one_length(owner: User, interview: Interview) -> None:
    sizes = set()
    for number, value in enumerate(["yes", "no", "unknown", "not_asked", "declined"]):
        reply = give(interview, value, by=owner, seen=number)
        assert reply.value is not None
        sizes.add(len(reply.value.ciphertext))
    assert len(sizes) == 1


def test_reading_all_answers_is_one_event(owner: User, interview: Interview) -> None:
    give(interview, "yes", by=owner)
    give(interview, "no", by=owner, code="AL.D5.VIOL")
    before = AuditEvent.objects.count()
    results.said(interview, by=owner, at=NOON)
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.latest("id").subject_id == str(interview.person_id)


def test_a_result_names_its_basis_and_leaves_the_decision_to_people(owner: User, completed: Interview) -> None:
    assert completed.formal
    assert completed.result_code == "trafficking_indicated"
    reading = read_aloud(results.stored(completed, by=owner, at=NOON), list(completed.version.questions.all()))
    told = " ".join(reading.sentences)
    for part in ("adult_labour", "version 1", "ILO-2009 rule 1", "2009", "papers taken away", "A named team decides", "not taken for a no"):
        assert part in told
    assert reading.basis["version"] == 1
    assert reading.basis["formal"]


def test_a_draft_gives_an_informal_result_only(owner: User, person: Person) -> None:
    InstrumentVersion.objects.filter(instrument="adult_labour").update(state="draft")
    draft = InstrumentVersion.objects.get(instrument="adult_labour")
    prepared = services.prepare(person=person, version=draft, by=owner, at=NOON)
    services.check_safety(interview_id=prepared.pk, points=SAFE, by=owner, at=NOON)
    services.start(interview_id=prepared.pk, present="", by=owner, at=NOON)
    done = services.complete(interview_id=prepared.pk, by=owner, at=NOON)
    assert not done.formal
    with pytest.raises(results.NotApproved):
        results.conclude(results.evaluate(done, by=owner, at=NOON), results.basis_of(draft))
    kept = json.loads(str(reveal(done, "result", by=owner, at=NOON)["result"]))
    assert "draft" in " ".join(read_aloud(kept, list(draft.questions.all())).sentences)


def test_an_answer_after_the_end_is_refused(owner: User, completed: Interview) -> None:
    with pytest.raises(WrongState):
        give(completed, "yes", by=owner, seen=1)


def test_pause_and_resume_lose_nothing_and_keep_the_times(owner: User, interview: Interview) -> None:
    give(interview, "yes", by=owner)
    services.pause(interview_id=interview.pk, by=owner, at=NOON)
    with pytest.raises(WrongState):
        give(interview, "no", by=owner, seen=1)
    services.resume(interview_id=interview.pk, present="", by=owner, at=NOON + timedelta(hours=1))
    sittings = list(interview.sittings.values_list("began_at", "ended_at"))
    assert sittings == [(NOON - timedelta(hours=1), NOON), (NOON + timedelta(hours=1), None)]
    assert results.said(interview, by=owner, at=NOON)[CODE].value == "yes"


def test_a_colleague_goes_on_only_when_it_was_handed_over(owner: User, colleague: User, interview: Interview) -> None:
    with pytest.raises(Refused):
        give(interview, "yes", by=colleague)
    services.hand_over(interview_id=interview.pk, to=colleague, by=owner, at=NOON)
    with pytest.raises(WrongState):
        services.resume(interview_id=interview.pk, present="", by=colleague, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=colleague, at=NOON)
    services.resume(interview_id=interview.pk, present="", by=colleague, at=NOON)
    give(interview, "yes", by=colleague)
    with pytest.raises(Refused):
        give(interview, "no", by=owner, seen=1)


def test_an_interview_is_not_handed_to_another_organisation(owner: User, stranger: User, interview: Interview) -> None:
    with pytest.raises(Invalid):
        services.hand_over(interview_id=interview.pk, to=stranger, by=owner, at=NOON)


def test_a_supervisor_may_stop_but_not_answer(supervisor: User, interview: Interview) -> None:
    with pytest.raises(Refused):
        give(interview, "yes", by=supervisor)
    stopped = services.stop(interview_id=interview.pk, reason="unsafe", by=supervisor, at=NOON)
    assert stopped.ended_at == NOON
    assert not interview.sittings.filter(ended_at=None).exists()


def test_a_stranger_cannot_prepare_an_interview(stranger: User, person: Person) -> None:
    with pytest.raises(Refused):
        services.prepare(person=person, version=InstrumentVersion.objects.get(instrument="adult_labour"), by=stranger, at=NOON)


def test_the_sentences_are_read_in_thai_too(owner: User, completed: Interview) -> None:
    from django.utils import translation

    with translation.override("th"):
        reading = read_aloud(results.stored(completed, by=owner, at=NOON), list(completed.version.questions.all()))
    assert "ถูกยึดเอกสารในที่ทำงาน" in " ".join(reading.sentences)


def test_the_evaluation_of_a_full_set_asks_for_its_questions_and_nothing_of_each_answer(
    owner: User, person: Person, django_assert_num_queries
) -> None:
    interview = begin(owner, person, FACTORY, NOON)
    replies = results.said(interview, by=owner, at=clock.now())
    results.result_from(interview, replies)
    with django_assert_num_queries(2):
        results.result_from(interview, replies)
