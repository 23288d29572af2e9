"""An identification follows the national procedure: acts are its events, its promises are the clocks, with their articles and legal bases."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following import kept
from saphan.agreements.following.deriving import standing_of
from saphan.agreements.following.kept import shipped
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.loading import load_plain
from saphan.audit.models import AuditEvent
from saphan.care.persons.models import Person
from saphan.care.screening import clocks, decisions, identifying, letters, procedure, reflections, reviews, services
from saphan.care.screening.models import Hearing, Identification, Interview, Reflection
from saphan.care.screening.reference import legal_bases
from saphan.care.screening.story import BOAT, begin
from saphan.care.screening.tests.conftest import cast_votes, person_of
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON, client_of

DAY = timedelta(days=1)


def stage_of(person: Person) -> str:
    found = procedure.identification_of(person.pk)
    assert found is not None
    binding = procedure.binding(found)
    assert binding is not None
    return str(standing_of(binding).stage)


def last_moment(day: date) -> datetime:
    """The end of a day in Thailand (UTC+7), worked out by hand."""
    return datetime(day.year, day.month, day.day, 16, 59, 59, 999999, tzinfo=UTC)


def clock_named(person: Person, code: str, at: datetime = NOON) -> clocks.Clock:
    found = clocks.clocks_of(procedure.identification_of(person.pk), list(Hearing.objects.filter(person=person)), at=at)
    return next(clock for clock in found if clock.code == code)


def test_screening_moves_a_person_along_the_way(people: People, interview: Interview) -> None:
    person = interview.person
    assert stage_of(person) == "first_contact"
    services.complete(interview_id=interview.pk, by=people.owner, at=NOON)
    assert stage_of(person) == "presumed_victim"  # nothing answered is no reason to stop: a low threshold


def test_hearing_and_decision_are_stages_and_the_written_record_has_its_clock(people: People, hearing: Hearing) -> None:
    assert stage_of(hearing.person) == "temporary_shelter"
    cast_votes(people, hearing)
    assert stage_of(hearing.person) == "mdt_interview"
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    assert stage_of(hearing.person) == "identified"
    record = clock_named(hearing.person, "ob_record")
    assert (record.limit.article, record.began_at, record.due_at) == ("10", NOON, last_moment(date(2026, 11, 26)))
    letters.hand_over(hearing_id=hearing.pk, how="paper", read_by="nobody", language="lo", handed_at=NOON + DAY, by=people.owner, at=NOON + DAY)
    assert clock_named(hearing.person, "ob_record", NOON + DAY).ended_at == NOON + DAY


def test_clocks_by_hand(people: People, completed: Interview) -> None:
    person, owner = completed.person, people.owner
    identifying.begin_custody(person=person, began_at=NOON - 2 * DAY, by=owner, at=NOON)
    assert clock_named(person, "custody").due_at == NOON - DAY  # twenty-four hours to the minute
    identifying.extend_custody(person=person, leave_at=NOON - DAY, by=owner, at=NOON)
    assert clock_named(person, "custody_extended").due_at == last_moment(date(2026, 11, 29))  # seven days after 22 November
    identifying.begin_services(person=person, on=date(2026, 11, 23), agrees=False, by=owner, at=NOON)
    assert clock_named(person, "temporary_shelter").due_at == last_moment(date(2026, 12, 8))  # fifteen days after 23 November
    identifying.mark_leaving_soon(person=person, by=owner, at=NOON)
    assert clock_named(person, "ob_testimony").due_at == last_moment(date(2026, 11, 26))
    identifying.consider_testimony(person=person, by=owner, at=NOON + DAY)
    assert clock_named(person, "ob_testimony", NOON + DAY).ended_at == NOON + DAY
    offered = reflections.offer(person=person, by=owner, at=NOON)
    reflections.accept(reflection_id=offered.pk, by=owner, at=NOON)
    assert clock_named(person, "reflection").due_at == last_moment(date(2027, 1, 7))  # forty-five days after 23 November
    assert clock_named(person, "ob_rights").due_at == NOON + DAY


def test_the_right_of_review_and_the_review_have_their_clocks(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    assert clock_named(hearing.person, "not_identified").due_at == last_moment(date(2026, 12, 8))
    reviews.take_in(hearing_id=hearing.pk, asked_by="guardian", form="spoken", reason="why", received_at=NOON + DAY, by=people.owner, at=NOON + DAY)
    assert clock_named(hearing.person, "review_asked", NOON + DAY).due_at == last_moment(date(2026, 12, 24))
    assert stage_of(hearing.person) == "review_asked"


def test_clocks_that_have_not_begun_are_named_so_that_nobody_forgets_them(hearing: Hearing) -> None:
    custody = clock_named(hearing.person, "custody")
    assert (custody.began_at, custody.limit.article) == (None, "6")
    with translation.override("th"):
        assert "มาตรา 29" in custody.basis.basis
        assert procedure.limit_of("custody").language == "th"


def test_the_picture_holds_every_clock_that_began(people: People, hearing: Hearing) -> None:
    found = clocks.clocks_of(procedure.identification_of(hearing.person_id), [hearing], at=NOON)
    drawn = clocks.picture(found, at=NOON)
    assert drawn is not None
    assert len(drawn.rows) == sum(1 for clock in found if clock.began_at)
    assert all(0 <= row.x <= row.x + row.width <= drawn.width for row in drawn.rows)
    assert clocks.picture([], at=NOON) is None


def test_telling_of_rights_keeps_its_promise_once(people: People, completed: Interview) -> None:
    identifying.tell_of_rights(person=completed.person, by=people.owner, at=NOON)
    assert clock_named(completed.person, "ob_rights").ended_at == NOON
    with pytest.raises(WrongState):
        identifying.tell_of_rights(person=completed.person, by=people.owner, at=NOON)


def test_only_the_workers_of_the_file_record_its_days(people: People, completed: Interview) -> None:
    for nobody in (people.colleague, people.stranger, people.receiver, people.mdt[0]):
        with pytest.raises(Refused):
            identifying.tell_of_rights(person=completed.person, by=nobody, at=NOON)
        with pytest.raises(Refused):
            reflections.offer(person=completed.person, by=nobody, at=NOON)
        assert not Identification.objects.visible_to(nobody).exists()
    for somebody in (people.owner, people.supervisor):
        assert Identification.objects.visible_to(somebody).count() == 1


def test_what_lies_in_the_future_or_out_of_order_is_refused_at_its_field(people: People, completed: Interview) -> None:
    person, owner = completed.person, people.owner
    with pytest.raises(Invalid):
        identifying.begin_services(person=person, on=date(2026, 11, 24), agrees=True, by=owner, at=NOON)
    with pytest.raises(Invalid):
        identifying.begin_custody(person=person, began_at=NOON + DAY, by=owner, at=NOON)
    with pytest.raises(WrongState):
        identifying.extend_custody(person=person, leave_at=NOON, by=owner, at=NOON)
    with pytest.raises(WrongState):
        identifying.consider_testimony(person=person, by=owner, at=NOON)


def test_why_not_yet_names_the_article(people: People, completed: Interview) -> None:
    identifying.begin_services(person=completed.person, on=date(2026, 11, 23), agrees=True, by=people.owner, at=NOON)
    found = procedure.identification_of(completed.person_id)
    assert found is not None
    assert any(reason.startswith("Art. 8") for reason in procedure.why_not(found, "mdt_interview", at=NOON))
    identifying.note_wish(person=completed.person, declines=True, by=people.owner, at=NOON)
    assert any("does not wish to be interviewed" in reason for reason in procedure.why_not(found, "mdt_interview", at=NOON))


def test_a_person_has_one_identification_however_many_interviews(owner: User, interview: Interview) -> None:
    again = begin(owner, person_of(owner), BOAT, NOON)
    assert Identification.objects.count() == 2
    assert procedure.opened(again.person, at=NOON) == procedure.identification_of(again.person_id)
    assert Identification.objects.count() == 2


def test_reflection_stops_nothing_and_can_be_asked_for_again(people: People, hearing: Hearing) -> None:
    offered = reflections.offer(person=hearing.person, by=people.owner, at=NOON)
    with pytest.raises(WrongState):
        reflections.offer(person=hearing.person, by=people.owner, at=NOON)
    reflections.decline(reflection_id=offered.pk, by=people.owner, at=NOON)
    again = reflections.offer(person=hearing.person, by=people.owner, at=NOON)
    reflections.accept(reflection_id=again.pk, by=people.owner, at=NOON)
    cast_votes(people, hearing)  # the team may sit while it runs
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    reflections.end(reflection_id=again.pk, wishes="to go home", by=people.owner, at=NOON + DAY)
    assert [one.state for one in Reflection.objects.order_by("id")].count("ended") == 1
    with pytest.raises(WrongState):
        reflections.accept(reflection_id=again.pk, by=people.owner, at=NOON)


def test_the_audit_holds_names_of_fields_and_no_words(people: People, completed: Interview) -> None:
    offered = reflections.offer(person=completed.person, by=people.owner, at=NOON)
    reflections.accept(reflection_id=offered.pk, by=people.owner, at=NOON)
    reflections.end(reflection_id=offered.pk, wishes="canary-heron", by=people.owner, at=NOON)
    assert not AuditEvent.objects.filter(fields__icontains="canary-heron").exists()


def test_the_database_refuses_a_custody_extended_before_it_began(hearing: Hearing) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Identification.objects.filter(person=hearing.person_id).update(custody_extended_at=NOON)


def test_every_clock_has_a_basis_and_a_length_in_the_procedure() -> None:
    compiled = shipped(procedure.FILE)
    assert set(clocks.ORDER) == set(legal_bases())
    for code in clocks.ORDER:
        assert code in compiled.stages or code in compiled.promises
        assert procedure.limit_of(code, compiled).length
    for outcome in ("identified", "not_identified", "more_information", "child_procedure"):
        assert outcome in compiled.stages["mdt_interview"].stage.next


@pytest.fixture
def not_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only version of the national procedure comes the day after the story."""
    text = shipped(procedure.FILE)
    later = compile_procedure(text.procedure.model_copy(update={"effective": date(2026, 11, 24)}))
    monkeypatch.setattr(kept, "shipped_versions", lambda _name: (later,))


@pytest.mark.usefixtures("not_in_force")
def test_where_no_version_is_in_force_the_work_goes_on_and_the_page_says_so(people: People, hearing: Hearing) -> None:
    found = procedure.identification_of(hearing.person_id)
    assert found is not None
    assert procedure.binding(found) is None
    assert hearing.due_at == last_moment(date(2026, 12, 5))  # fifteen days by the text that comes, as a reminder
    shown = client_of(people.owner).get(reverse("screening:identification", args=[hearing.person_id]))
    assert "this identification follows none" in shown.content.decode()


@pytest.mark.usefixtures("not_in_force")
def test_an_identification_follows_from_the_day_in_bangkok(people: People, completed: Interview) -> None:
    midnight = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    for at, follows in ((midnight - timedelta(seconds=1), False), (midnight, True), (midnight + DAY, True)):
        found = procedure.opened(completed.person, at=at)
        assert (procedure.binding(found) is not None) == follows


def test_a_case_keeps_the_lengths_of_the_version_it_follows(people: People, hearing: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shipped(procedure.FILE)
    plain = json.loads(canonical(text.procedure).decode().replace('"due":"15d"', '"due":"7d"'))
    newer = compile_procedure(load_plain(plain | {"version": "9.0.0"}))
    monkeypatch.setattr(kept, "shipped_versions", lambda _name: (newer, text))
    assert procedure.limit_of("temporary_shelter").length == "7 days"
    assert clock_named(hearing.person, "temporary_shelter").limit.length == "15 days"
    assert procedure.due_after(NOON, "temporary_shelter", hearing.person_id) == last_moment(date(2026, 12, 8))
    assert procedure.due_after(NOON, "temporary_shelter") == last_moment(date(2026, 11, 30))
