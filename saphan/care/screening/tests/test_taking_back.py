"""A conflict of interest that was declared by mistake is taken back by another person; until then, and until the member declares anew, nothing opens."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.persons.disclosure import readable_classes
from saphan.care.screening import decisions, selectors, teams
from saphan.care.screening.models import Hearing, Interview, Member, Retraction
from saphan.care.screening.story import declare_all, sit
from saphan.care.screening.tests.conftest import cast_votes, convene
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON, client_of

CANARY = "canary-avocet"


def page(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.get(reverse(f"screening:{name}", args=args), data)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


def conflicted(people: People, hearing: Hearing, number: int = 3) -> Member:
    """A member has declared a conflict of interest by mistake."""
    return teams.declare(hearing_id=hearing.pk, conflict="conflict", by=people.mdt[number], at=NOON)


def taken_back(people: People, hearing: Hearing, seat: Member) -> Retraction:
    return teams.take_back(hearing_id=hearing.pk, seat_id=seat.pk, reason=CANARY, by=people.owner, at=NOON)


def reads(user: User, hearing: Hearing) -> bool:
    return Sensitivity.EXPLOITATION in readable_classes(User.objects.get(pk=user.pk), hearing.person)


def test_the_lead_takes_a_mistaken_conflict_back_with_a_reason(people: People, hearing: Hearing) -> None:
    seat, owner = conflicted(people, hearing), client_of(people.owner)
    assert "The conflict was declared by mistake" in page(owner, "hearing", hearing.pk).content.decode()
    assert send(owner, "take_back", hearing.pk, seat.pk, reason=" ").status_code == 422
    assert send(owner, "take_back", hearing.pk, seat.pk, reason=CANARY).status_code == 302
    seat.refresh_from_db()
    taken = seat.retractions.get()
    assert (seat.conflict, seat.declared_at, taken.declared_at, taken.by) == ("not_declared", None, NOON, people.owner)
    shown = page(owner, "hearing", hearing.pk).content.decode()
    assert CANARY in shown
    assert f"by {people.owner.name}" in shown
    event = AuditEvent.objects.get(target_id=str(hearing.pk), action="hearings:convene", fields__contains="conflict")
    assert CANARY not in str(event.fields)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM care_screening_retraction")
        assert CANARY.encode() not in bytes(cursor.fetchone()[0])


def test_neither_the_member_nor_a_colleague_nor_a_stranger_takes_it_back(people: People, hearing: Hearing) -> None:
    seat = conflicted(people, hearing)
    for nobody, status in ((people.mdt[3], 403), (people.mdt[0], 403), (people.colleague, 404), (people.stranger, 404)):
        assert send(client_of(nobody), "take_back", hearing.pk, seat.pk, reason="so").status_code == status, nobody
    for nobody in (people.mdt[3], people.colleague, people.stranger, people.mdt[0], people.intake):
        with pytest.raises(Refused):
            teams.take_back(hearing_id=hearing.pk, seat_id=seat.pk, reason="so", by=nobody, at=NOON)
    assert Retraction.objects.count() == 0


def test_a_supervisor_who_sits_in_the_team_does_not_take_back_the_own_conflict(people: People, completed: Interview) -> None:
    RoleGrant.objects.create(user=people.supervisor, role=Role.MDT_MEMBER, granted_by=people.org_admin, granted_at=NOON)
    supervisor = User.objects.get(pk=people.supervisor.pk)
    hearing = convene(people, completed, members=[*people.mdt, supervisor])
    seat = teams.declare(hearing_id=hearing.pk, conflict="conflict", by=supervisor, at=NOON)
    with pytest.raises(Refused):
        teams.take_back(hearing_id=hearing.pk, seat_id=seat.pk, reason="so", by=supervisor, at=NOON)
    assert page(client_of(supervisor), "hearing", hearing.pk).status_code == 404
    taken_back(people, hearing, seat)
    assert selectors.may_know(User.objects.get(pk=supervisor.pk), hearing.person)


def test_the_file_opens_only_when_the_member_has_declared_anew(people: People, hearing: Hearing) -> None:
    seat, client = conflicted(people, hearing), client_of(people.mdt[3])
    assert page(client, "hearing", hearing.pk).status_code == 404
    taken_back(people, hearing, seat)
    shown = page(client, "hearing", hearing.pk).content.decode()
    assert ("Say anew how it is" in shown, CANARY in shown, "Minimum file" in shown) == (True, False, False)
    assert not reads(people.mdt[3], hearing)
    assert send(client, "declare", hearing.pk, conflict="none").status_code == 302
    assert reads(people.mdt[3], hearing)
    assert "Minimum file" in page(client, "hearing", hearing.pk).content.decode()


def test_a_conflict_declared_again_closes_again_and_both_stay_on_the_seat(people: People, hearing: Hearing) -> None:
    seat = conflicted(people, hearing)
    for _time in range(2):
        taken_back(people, hearing, seat)
        conflicted(people, hearing)
        assert page(client_of(people.mdt[3]), "hearing", hearing.pk).status_code == 404
        assert not reads(people.mdt[3], hearing)
    assert page(client_of(people.owner), "hearing", hearing.pk).content.decode().count("A conflict was declared") == 2


def test_an_earlier_vote_counts_again_only_when_the_member_has_declared_anew(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    counted = decisions.tally_of(hearing).voted
    seat = conflicted(people, hearing, 1)
    assert decisions.tally_of(hearing).voted == counted - 1
    taken_back(people, hearing, seat)
    assert decisions.tally_of(hearing).voted == counted - 1
    assert hearing in Hearing.objects.visible_to(people.mdt[1]).waiting_for_vote_of(people.mdt[1])
    teams.declare(hearing_id=hearing.pk, conflict="none", by=people.mdt[1], at=NOON)
    assert decisions.tally_of(hearing).voted == counted
    assert hearing not in Hearing.objects.visible_to(people.mdt[1]).waiting_for_vote_of(people.mdt[1])


def test_a_vote_that_was_not_declared_anew_is_not_among_the_reasons_of_the_decision(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    shown_before = page(client_of(people.owner), "hearing", hearing.pk)
    assert shown_before.status_code == 200
    taken_back(people, hearing, conflicted(people, hearing, 4))
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    reasons = page(client_of(people.owner), "hearing", hearing.pk).context["reasons"]
    assert people.mdt[4] not in {seat.user for seat, _vote, _reason in reasons}
    assert len(reasons) == 4


def test_nothing_is_taken_back_after_the_decision_or_where_none_was_declared(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    free, seat = hearing.members.get(user=people.mdt[0]), conflicted(people, hearing)
    with pytest.raises(WrongState):
        taken_back(people, hearing, free)
    with pytest.raises(Invalid):
        teams.take_back(hearing_id=hearing.pk, seat_id=seat.pk, reason="  ", by=people.owner, at=NOON)
    sit(people, hearing, NOON)
    for number in (0, 1, 2, 4):
        decisions.vote(hearing_id=hearing.pk, choice="identified", reason="so", by=people.mdt[number], at=NOON)
    decisions.decide(hearing_id=hearing.pk, summary="so", by=people.supervisor, at=NOON)
    refused = send(client_of(people.owner), "take_back", hearing.pk, seat.pk, reason=CANARY)
    assert refused.status_code == 409
    assert CANARY in refused.content.decode()  # what was typed is given back
