"""An interview goes on: another day, worker, place or interpreter asks anew whether it is safe; an absent worker keeps nobody waiting; the age in the file is followed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.persons.models import Person
from saphan.care.screening import services, teams
from saphan.care.screening.asking import asked_questions
from saphan.care.screening.codes import Conflict
from saphan.care.screening.models import Hearing, Interview, SafetyCheck
from saphan.care.screening.rules import Branch
from saphan.care.screening.selectors import colleagues_who_interview
from saphan.care.screening.story import FACTORY, SAFE, begin
from saphan.care.screening.tests.conftest import person_of
from saphan.core import clock
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON, client_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGAIN = {
    name: SAFE[name]
    for name in ("private_place", "interpreter", "same_village", "same_community", "sex_asked", "consent", "person_risk", "worker_risk")
}


def page(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(f"screening:{name}", args=args))


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


@pytest.fixture
def paused(owner: User, interview: Interview) -> Interview:
    return services.pause(interview_id=interview.pk, by=owner, at=NOON)


def go_on(interview: Interview, by: User, at: Any, **how: Any) -> Interview:
    return services.resume(interview_id=interview.pk, present="", by=by, at=at, **how)


def check(interview: Interview, by: User, at: Any, **points: str) -> SafetyCheck:
    return services.check_safety(interview_id=interview.pk, points=SAFE | points, by=by, at=at)


def test_the_same_worker_on_the_same_day_in_the_same_place_just_goes_on(owner: User, paused: Interview) -> None:
    assert go_on(paused, owner, NOON + HOUR).state == "under_way"


def test_another_day_or_place_asks_for_the_check_first_and_the_earlier_one_stays(owner: User, paused: Interview) -> None:
    with pytest.raises(WrongState):
        go_on(paused, owner, NOON + HOUR, elsewhere=True)
    with pytest.raises(WrongState):
        go_on(paused, owner, NOON + DAY)
    assert check(paused, owner, NOON + DAY, consent="no").passed is False
    with pytest.raises(WrongState):
        go_on(paused, owner, NOON + DAY)
    check(paused, owner, NOON + DAY)
    assert go_on(paused, owner, NOON + DAY, elsewhere=True).state == "under_way"
    assert list(paused.checks.values_list("sitting", "passed")) == [(1, True), (2, False), (2, True)]


def test_a_handed_interview_and_a_stale_beginning_ask_for_it_too(people: People, person: Person, interview: Interview) -> None:
    services.hand_over(interview_id=interview.pk, to=people.colleague, by=people.owner, at=NOON)
    with pytest.raises(WrongState):
        go_on(interview, people.colleague, NOON)
    check(interview, people.colleague, NOON)
    assert go_on(interview, people.colleague, NOON).state == "under_way"
    other = services.prepare(person=person_of(people.owner), version=interview.version, by=people.owner, at=NOON)
    check(other, people.owner, NOON)
    with pytest.raises(WrongState):
        services.start(interview_id=other.pk, present="", by=people.owner, at=NOON + DAY)


def test_the_page_asks_briefly_and_carries_the_rest(owner: User, paused: Interview) -> None:
    client = client_of(owner)
    assert send(client, "resume", paused.pk, present="").status_code == 422  # whether the place is another
    assert send(client, "resume", paused.pk, changed="yes").url == reverse("screening:safety", args=[paused.pk])
    shown = page(client, "safety", paused.pk).content.decode()
    assert ("agree to go on, here, now and with you" in shown, "list of services at hand" in shown) == (True, False)
    assert send(client, "safety", paused.pk, **{**AGAIN, "private_place": "no"}).status_code == 422
    assert send(client, "safety", paused.pk, **AGAIN).status_code == 302
    last = paused.checks.last()
    assert last is not None
    assert (last.passed, last.referrals_ready, last.language) == (True, "yes", "lo")
    assert send(client, "resume", paused.pk, present="").status_code == 302
    assert "Earlier checks" in page(client, "overview", paused.pk).content.decode()


def test_on_another_day_the_page_leads_to_the_check(owner: User, paused: Interview) -> None:
    with clock.stopped_at(NOON + DAY):
        client = client_of(owner)
        assert "The safety check is of another day" in page(client, "overview", paused.pk).content.decode()
        assert send(client, "resume", paused.pk, changed="no").url == reverse("screening:safety", args=[paused.pk])


def test_a_prepared_interview_of_an_absent_worker_is_handed_over_by_the_supervisor(people: People, interview: Interview) -> None:
    prepared = services.prepare(person=person_of(people.owner), version=interview.version, by=people.owner, at=NOON)
    assert "Hand to a colleague" in page(client_of(people.supervisor), "overview", prepared.pk).content.decode()
    with pytest.raises(Refused):
        services.hand_over(interview_id=prepared.pk, to=people.colleague, by=people.colleague, at=NOON)
    with pytest.raises(Invalid):
        services.hand_over(interview_id=prepared.pk, to=people.stranger, by=people.supervisor, at=NOON)
    sent = send(client_of(people.supervisor), "hand_over", prepared.pk, to=str(people.colleague.pk))
    assert sent.status_code == 302
    prepared.refresh_from_db()
    assert (prepared.state, prepared.interviewer) == ("prepared", people.colleague)
    check(prepared, people.colleague, NOON)
    assert services.start(interview_id=prepared.pk, present="", by=people.colleague, at=NOON).state == "under_way"


def doubt(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(age_band=Person.AgeBand.DOUBT)
    person.refresh_from_db()


def test_a_doubt_about_the_age_that_arises_later_reaches_the_interview(owner: User, person: Person) -> None:
    interview = begin(owner, person, FACTORY, NOON - HOUR)
    client = client_of(owner)
    assert "The age in the file has changed" not in page(client, "overview", interview.pk).content.decode()
    doubt(person)
    shown = page(client, "overview", interview.pk).content.decode()
    assert "Go on with the questions for children" in shown
    refused = send(client, "complete", interview.pk)
    assert refused.status_code == 409
    assert "Go on with the questions for children first" in refused.content.decode()
    assert reverse("screening:overview", args=[interview.pk]) in refused.content.decode()  # the page leads back
    before = interview.replies.count()
    assert send(client, "follow_age", interview.pk).status_code == 302
    interview = Interview.objects.select_related("person", "version").get(pk=interview.pk)
    assert (interview.branch, interview.replies.count()) == (Branch.CHILD, before)
    assert any(question.child_only for question in asked_questions(interview))
    assert AuditEvent.objects.filter(target_id=str(interview.pk), fields__contains="branch", action="interviews:answer").exists()
    with pytest.raises(WrongState):
        services.follow_age(interview_id=interview.pk, by=owner, at=NOON)
    assert services.complete(interview_id=interview.pk, by=owner, at=NOON).state == "completed"


def test_a_completed_result_stays_and_says_that_the_age_has_changed(people: People, completed: Interview) -> None:
    doubt(completed.person)
    shown = page(client_of(people.owner), "overview", completed.pk).content.decode()
    assert "This result stays as it was" in shown
    with pytest.raises(WrongState):
        services.follow_age(interview_id=completed.pk, by=people.owner, at=NOON)
    mended = services.revise(interview_id=completed.pk, by=people.owner, at=NOON)
    assert mended.branch == Branch.CHILD


def test_nobody_else_switches_the_questions(people: People, interview: Interview) -> None:
    doubt(interview.person)
    for part in (people.colleague, people.stranger):
        assert send(client_of(part), "follow_age", interview.pk).status_code == 404
    assert send(client_of(people.supervisor), "follow_age", interview.pk).status_code == 403
    with pytest.raises(Refused):
        services.follow_age(interview_id=interview.pk, by=people.supervisor, at=NOON)


def test_an_interview_is_not_handed_to_a_colleague_with_a_conflict_of_interest(people: People, hearing: Hearing) -> None:
    member = next(one for one in people.mdt if one.org_id == people.owner.org_id)
    RoleGrant.objects.create(user=member, role=Role.CASE_WORKER, granted_at=NOON)
    prepared = services.prepare(person=hearing.person, version=hearing.interview.version, by=people.owner, at=NOON)
    assert member in colleagues_who_interview(prepared)
    teams.declare(hearing_id=hearing.pk, conflict=Conflict.CONFLICT, by=member, at=NOON)
    assert member not in colleagues_who_interview(prepared)
    with pytest.raises(Invalid):
        services.hand_over(interview_id=prepared.pk, to=User.objects.get(pk=member.pk), by=people.owner, at=NOON)
    assert not Interview.objects.visible_to(User.objects.get(pk=member.pk)).filter(pk=prepared.pk).exists()
