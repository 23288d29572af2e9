"""Who comes too late keeps what was typed: pages that say "this cannot be done now" give the words back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.screening import decisions, reflections, services
from saphan.care.screening.models import Hearing, Interview, Reflection, Reply, Vote
from saphan.care.screening.teams import LONGEST
from saphan.care.screening.tests.conftest import cast_votes
from tests.people import NOON, client_of

TYPED = "canary-avocet"


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


@pytest.fixture
def paused(owner: User, interview: Interview) -> Interview:
    return services.pause(interview_id=interview.pk, by=owner, at=NOON)


def test_a_note_to_a_question_stays_when_the_interview_was_paused_in_another_window(owner: User, paused: Interview) -> None:
    place = paused.version.questions.values_list("code", flat=True)[0]
    refused = send(client_of(owner), "question", paused.pk, place, answer="yes", note=TYPED, seen=0)
    shown = refused.content.decode()
    assert (refused.status_code, TYPED in shown, "What you typed stands below, not kept" in shown) == (409, True, True)
    assert not Reply.objects.exists()


def test_a_part_stays_as_it_was_filled_when_the_interview_was_paused_in_another_window(owner: User, paused: Interview) -> None:
    client = client_of(owner)
    services.resume(interview_id=paused.pk, present="", by=owner, at=NOON)
    section = client.get(reverse("screening:overview", args=[paused.pk])).context["sections"][0].code
    before = client.get(reverse("screening:part", args=[paused.pk, section])).context["form"]
    name = before.add_prefix(next(iter(before.fields)))
    services.pause(interview_id=paused.pk, by=owner, at=NOON)
    refused = send(client, "part", paused.pk, section, **{name: "yes"})
    assert refused.status_code == 409
    again = refused.context["form"]
    assert (again[next(iter(again.fields))].value(), 'role="alert"' in refused.content.decode()) == ("yes", True)
    assert re.search(rf'name="{re.escape(name)}"[^>]*value="yes"[^>]*checked', refused.content.decode())
    assert client.get(reverse("screening:part", args=[paused.pk, section])).status_code == 302
    assert not Reply.objects.exists()


def test_who_is_present_stays_when_the_interview_began_in_another_window(owner: User, interview: Interview) -> None:
    for act in ("start", "resume"):
        refused = send(client_of(owner), act, interview.pk, present=TYPED)
        shown = refused.content.decode()
        assert (refused.status_code, TYPED in shown, "This cannot be done now" in shown) == (409, True, True), act


def test_wishes_after_the_time_to_reflect_stay(owner: User, completed: Interview) -> None:
    client, person = client_of(owner), completed.person
    offered = reflections.offer(person=person, by=owner, at=NOON)
    for status, wishes in ((409, TYPED), (422, TYPED + "x" * LONGEST)):
        refused = send(client, "answer_reflection", person.pk, offered.pk, how="end", wishes=wishes)
        assert (refused.status_code, TYPED in refused.content.decode()) == (status, True)
        if status == 409:  # it did not run yet; now it does
            reflections.accept(reflection_id=offered.pk, by=owner, at=NOON)
    assert Reflection.objects.get().state == "running"


def test_a_member_whose_hearing_was_decided_meanwhile_gets_the_own_words_back_and_nothing_else(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing, 4)
    decisions.decide(hearing_id=hearing.pk, summary="canary-summary", by=people.supervisor, at=NOON)
    before = Vote.objects.count()
    late = send(client_of(people.mdt[4]), "vote", hearing.pk, choice="identified", reason=TYPED)
    shown = late.content.decode()
    assert (late.status_code, TYPED in shown) == (409, True)
    for closed in (hearing.reference, hearing.person.alias, "canary-summary", "identified as a victim"):
        assert closed not in shown
    assert Vote.objects.count() == before
    assert client_of(people.mdt[4]).get(reverse("screening:hearing", args=[hearing.pk])).status_code == 404
    for nobody in (people.colleague, people.stranger):
        other = send(client_of(nobody), "vote", hearing.pk, choice="identified", reason=TYPED)
        assert (other.status_code, TYPED in other.content.decode()) == (403, False)
