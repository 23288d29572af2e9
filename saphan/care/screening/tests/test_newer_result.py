"""A newer result reaches the open hearing; a conflict of interest closes the file to whoever declared it; the page costs the same for any team."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saphan.access.actions import Action
from saphan.access.models import RoleGrant, User
from saphan.access.policy import check
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.screening import decisions, selectors, services, sessions, teams
from saphan.care.screening.models import Hearing, Identification, Interview
from saphan.care.screening.story import FACTORY, SAFE, begin, cast, declare_all, sit
from saphan.care.screening.tests.conftest import BEGAN_ON, cast_votes, convene, person_of
from saphan.core.errors import Outdated, Refused
from tests.counting import questions
from tests.people import NOON, client_of

CANARY = "canary-avocet"
HOUR = timedelta(hours=1)


def page(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.get(reverse(f"screening:{name}", args=args), data)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


def mended(people: People, interview: Interview) -> Interview:
    """The answers are mended and the interview is completed again."""
    again = services.revise(interview_id=interview.pk, by=people.owner, at=NOON)
    services.check_safety(interview_id=again.pk, points=SAFE, by=people.owner, at=NOON)
    services.start(interview_id=again.pk, present="", by=people.owner, at=NOON)
    return services.complete(interview_id=again.pk, by=people.owner, at=NOON + HOUR)


def test_the_hearing_says_that_a_newer_result_exists_and_the_lead_takes_it_over(people: People, hearing: Hearing) -> None:
    owner = client_of(people.owner)
    assert "There is a newer result" not in page(owner, "hearing", hearing.pk).content.decode()
    declare_all(people, hearing, NOON)
    cast(people, hearing, NOON)
    old, new = hearing.interview, mended(people, hearing.interview)
    assert "There is a newer result" in page(client_of(people.mdt[0]), "hearing", hearing.pk).content.decode()
    shown = page(owner, "hearing", hearing.pk).content.decode()
    assert reverse("screening:take_over", args=[hearing.pk, new.pk]) in shown
    assert hearing.reference in page(owner, "overview", new.pk).content.decode()  # the mended interview leads to the hearing
    for part, status in ((people.colleague, 404), (people.stranger, 404), (people.mdt[0], 403)):
        assert send(client_of(part), "take_over", hearing.pk, new.pk).status_code == status
    assert send(owner, "take_over", hearing.pk, new.pk).status_code == 302
    hearing.refresh_from_db()
    assert (hearing.interview, hearing.interview_before, hearing.interview_taken_by) == (new, old, people.owner)
    told = AuditEvent.objects.filter(target_id=str(hearing.pk), action="hearings:convene", fields__contains="interview")
    assert told.count() == 1
    shown = page(owner, "hearing", hearing.pk).content.decode()
    assert "There is a newer result" not in shown
    assert old.reference in shown
    assert "before the newer result" in shown  # votes given on the old one are marked


def test_only_the_newest_is_taken_over_and_only_before_the_decision(people: People, hearing: Hearing) -> None:
    old = hearing.interview
    with pytest.raises(Outdated):
        teams.take_over(hearing_id=hearing.pk, interview_id=old.pk, by=people.owner, at=NOON)
    new = mended(people, old)
    cast_votes(people, hearing)
    earlier: dict[str, Any] = {"earlier": new.pk, "why_earlier": "so"}
    decisions.decide(hearing_id=hearing.pk, summary="so", **earlier, by=people.supervisor, at=NOON + 2 * HOUR)
    again = send(client_of(people.owner), "take_over", hearing.pk, new.pk)
    assert again.status_code == 409
    assert reverse("screening:hearing", args=[hearing.pk]) in again.content.decode()


def test_who_decides_on_the_earlier_result_says_so_and_why(people: People, hearing: Hearing) -> None:
    new = mended(people, hearing.interview)
    cast_votes(people, hearing)
    supervisor = client_of(people.supervisor)
    assert "Why the team decided on the earlier result" in page(supervisor, "hearing", hearing.pk).content.decode()
    left_out = {"earlier": str(new.pk), "why_earlier": CANARY}
    for lacking in (
        {},
        {"earlier": str(new.pk)},
        {"why_earlier": CANARY},
        left_out | {"earlier": str(hearing.interview.pk)},
        left_out | {"why_earlier": " "},
    ):
        refused = send(supervisor, "decide", hearing.pk, summary="typed already", **lacking)
        assert (refused.status_code, "typed already" in refused.content.decode()) == (422, True), lacking
    for nobody, status in ((people.owner, 403), (people.colleague, 403), (people.mdt[0], 403), (people.stranger, 404)):
        assert send(client_of(nobody), "decide", hearing.pk, summary="so", **left_out).status_code == status
    hearing.refresh_from_db()
    assert hearing.state == "convened"
    assert send(supervisor, "decide", hearing.pk, summary="so", **left_out).status_code == 302
    hearing.refresh_from_db()
    assert (hearing.state, hearing.newer_left_out) == ("decided", new)
    event = AuditEvent.objects.get(target_id=str(hearing.pk), action="hearings:decide")
    assert "why_earlier" in event.fields
    assert CANARY not in str(event.fields)


def test_why_the_earlier_result_was_decided_on_stands_on_the_hearing_and_not_in_the_letter(people: People, hearing: Hearing) -> None:
    new = mended(people, hearing.interview)
    cast_votes(people, hearing)
    decisions.decide(hearing_id=hearing.pk, summary="so", earlier=new.pk, why_earlier=CANARY, by=people.supervisor, at=NOON)
    owner = client_of(people.owner)
    shown = page(owner, "hearing", hearing.pk).content.decode()
    assert (CANARY in shown, new.reference in shown, "There is a newer result" in shown) == (True, True, False)
    assert CANARY not in page(owner, "letter", hearing.pk).content.decode()
    for nobody in (people.colleague, people.stranger, people.mdt[0]):
        assert page(client_of(nobody), "hearing", hearing.pk).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT why_earlier FROM care_screening_hearing")
        assert CANARY.encode() not in bytes(cursor.fetchone()[0])


def test_without_a_newer_result_nothing_is_said_of_an_earlier_one(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    assert "Why the team decided on the earlier result" not in page(client_of(people.supervisor), "hearing", hearing.pk).content.decode()
    decisions.decide(hearing_id=hearing.pk, summary="so", earlier=hearing.interview_id, why_earlier=CANARY, by=people.supervisor, at=NOON)
    hearing.refresh_from_db()
    assert (hearing.newer_left_out, hearing.why_earlier) == (None, None)


def test_convening_beside_an_open_hearing_keeps_what_was_typed_and_leads_on(people: People, hearing: Hearing) -> None:
    new = mended(people, hearing.interview)
    called = {"members": [str(m.pk) for m in people.mdt], "services_began_on": BEGAN_ON.isoformat(), "needs": CANARY}
    refused = send(client_of(people.owner), "convene", new.pk, **called)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert CANARY in shown
    assert reverse("screening:hearing", args=[hearing.pk]) in shown


def test_a_decision_that_comes_too_late_gives_the_words_back(people: People, hearing: Hearing) -> None:
    refused = send(client_of(people.supervisor), "decide", hearing.pk, summary=CANARY)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert CANARY in shown
    assert "The team cannot decide yet" in shown


def test_cancelling_asks_why(people: People, hearing: Hearing) -> None:
    owner = client_of(people.owner)
    assert send(owner, "cancel", hearing.pk).status_code == 422
    assert send(owner, "cancel", hearing.pk, reason="nonsense").status_code == 422
    assert send(client_of(people.stranger), "cancel", hearing.pk, reason="wish").status_code == 404
    assert send(owner, "cancel", hearing.pk, reason="wish").status_code == 302
    hearing.refresh_from_db()
    assert (hearing.state, hearing.cancel_reason) == ("cancelled", "wish")
    assert "the person does not wish it now" in page(owner, "hearing", hearing.pk).content.decode()


def supervisor_in_the_team(people: People) -> User:
    """The supervisor is also called to the team."""
    RoleGrant.objects.create(user=people.supervisor, role=Role.MDT_MEMBER, granted_by=people.org_admin, granted_at=NOON)
    return User.objects.get(pk=people.supervisor.pk)


def test_a_conflict_of_interest_closes_the_file_to_a_supervisor_too(people: People, completed: Interview) -> None:
    supervisor = supervisor_in_the_team(people)
    hearing = convene(people, completed, members=[*people.mdt, supervisor])
    assert selectors.may_know(supervisor, hearing.person)
    client = client_of(supervisor)
    assert send(client, "declare", hearing.pk, conflict="conflict").status_code == 302
    addresses = [
        ("hearing", hearing.pk),
        ("letter", hearing.pk),
        ("overview", completed.pk),
        ("print", completed.pk),
        ("identification", hearing.person_id),
    ]
    assert {page(client, name, pk).status_code for name, pk in addresses} == {404}
    for listed, reference in (("list", completed.reference), ("hearings", hearing.reference)):
        assert reference not in page(client, listed).content.decode()
    supervisor = User.objects.get(pk=supervisor.pk)
    assert not selectors.may_know(supervisor, hearing.person)
    for rows in (Hearing, Interview, Identification):
        assert not rows.objects.visible_to(supervisor).exists()
    acts = (
        Action.HEARING_READ,
        Action.HEARING_VOTE,
        Action.HEARING_DECIDE,
        Action.HEARING_REVIEW,
        Action.HEARING_SIT,
        Action.HEARING_CONVENE,
        Action.LETTER_HAND_OVER,
        Action.REVIEW_TAKE_IN,
    )
    assert [act for act in acts if check(supervisor, act, hearing)] == []
    assert not check(supervisor, Action.INTERVIEW_READ, completed)
    assert not check(supervisor, Action.IDENTIFICATION_READ, hearing.person)
    declare_all(people, hearing, NOON)
    for seat in hearing.members.filter(user=people.owner):
        assert seat.takes_part
    cast(people, hearing, NOON)
    with pytest.raises(Refused):
        decisions.decide(hearing_id=hearing.pk, summary="so", by=supervisor, at=NOON)


def test_another_supervisor_writes_the_decision_down(people: People, completed: Interview) -> None:
    supervisor = supervisor_in_the_team(people)
    hearing = convene(people, completed, members=[*people.mdt, supervisor])
    teams.declare(hearing_id=hearing.pk, conflict="conflict", by=supervisor, at=NOON)
    declare_all(people, hearing, NOON)
    RoleGrant.objects.create(user=people.colleague, role=Role.CASE_SUPERVISOR, granted_by=people.org_admin, granted_at=NOON)
    other = User.objects.get(pk=people.colleague.pk)
    sit(People(**{**people.__dict__, "supervisor": other}), hearing, NOON)
    cast(people, hearing, NOON)
    assert decisions.decide(hearing_id=hearing.pk, summary="so", by=other, at=NOON).state == "decided"


def asked_by_the_page(people: People, interview: Interview, everyone: list[User]) -> list[str]:
    """What the page of a hearing with these seats, all of which voted and whose first declaration was taken back, asks the database."""
    hearing = convene(people, interview, members=everyone)
    for member in everyone:
        seat = teams.declare(hearing_id=hearing.pk, conflict="conflict", by=member, at=NOON)
        teams.take_back(hearing_id=hearing.pk, seat_id=seat.pk, reason="so", by=people.owner, at=NOON)
        teams.declare(hearing_id=hearing.pk, conflict="none", by=member, at=NOON)
    seats = {seat.pk: "room" for seat in hearing.members.all()}
    sessions.open_session(hearing_id=hearing.pk, present=seats, by=people.owner, at=NOON)
    ended = {"heard": "person", "language": "lo", "interpreter": "present", "told": "yes", "minutes": "so"}
    sessions.end_session(hearing_id=hearing.pk, **ended, by=people.owner, at=NOON)
    for member in everyone:
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="so", by=member, at=NOON)
    client = client_of(people.supervisor)
    page(client, "hearings")  # what a session asks once
    with CaptureQueriesContext(connection) as open_page:
        assert page(client, "hearing", hearing.pk).status_code == 200
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    with CaptureQueriesContext(connection) as decided_page:
        assert page(client, "hearing", hearing.pk).status_code == 200
    return [str(len(questions(open_page))), str(len(questions(decided_page)))]


@pytest.mark.once
def test_the_page_asks_the_database_as_often_for_three_members_as_for_six(people: People, completed: Interview, instruments: None) -> None:
    other = begin(people.owner, person_of(people.owner), FACTORY, NOON - HOUR)
    other = services.complete(interview_id=other.pk, by=people.owner, at=NOON)
    six = [*people.mdt, supervisor_in_the_team(people)]
    assert asked_by_the_page(people, completed, people.mdt[:3]) == asked_by_the_page(people, other, six)


def test_lists_are_searched_by_alias_reference_and_questions(people: People, hearing: Hearing) -> None:
    owner, interview = client_of(people.owner), hearing.interview
    questions_name = str(interview.version.instrument)[:8]
    for listed, reference in (("list", interview.reference), ("hearings", hearing.reference)):
        for typed in (reference.lower(), reference[:5], hearing.person.alias.lower(), questions_name):
            assert reference in page(owner, listed, find=typed).content.decode(), (listed, typed)
        assert reference not in page(owner, listed, find="nothing like it").content.decode()
        assert reference not in page(client_of(people.stranger), listed, find=hearing.person.alias).content.decode()
