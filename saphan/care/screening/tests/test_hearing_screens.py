"""The screens of the team, of the letter, of the review and of an identification, as the different people see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.screening import decisions, teams
from saphan.care.screening.codes import Conflict
from saphan.care.screening.models import Attendance, Hearing, Interview, Member, ProtectionNote, Reflection, ReviewRequest, Vote
from saphan.care.screening.story import cast, declare_all
from saphan.care.screening.tests.conftest import BEGAN_ON, cast_votes
from saphan.core import clock
from tests.counting import at_most
from tests.people import NOON, client_of

CANARY = "canary-cormorant"


def page(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.get(reverse(f"screening:{name}", args=args), data)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


@pytest.fixture
def decided(people: People, hearing: Hearing) -> Hearing:
    cast_votes(people, hearing)
    return decisions.decide(hearing_id=hearing.pk, summary=CANARY, by=people.supervisor, at=NOON)


def test_a_team_is_convened_sits_votes_and_its_decision_is_written_down(people: People, completed: Interview) -> None:
    owner, supervisor = client_of(people.owner), client_of(people.supervisor)
    assert send(owner, "convene", completed.pk).status_code == 422
    called = {"members": [str(m.pk) for m in people.mdt], "chair": str(people.mdt[2].pk), "services_began_on": BEGAN_ON.isoformat(), "needs": CANARY}
    assert send(owner, "convene", completed.pk, **called).status_code == 302
    hearing = Hearing.objects.get()
    assert send(supervisor, "decide", hearing.pk, summary="too early").status_code == 409
    for member in people.mdt:
        client = client_of(member)
        shown = page(client, "hearing", hearing.pk).content.decode()
        assert ("papers taken away" in shown, CANARY in shown) == (False, False)
        assert send(client, "vote", hearing.pk, choice="identified", reason="x").status_code == 409
        assert send(client, "declare", hearing.pk, conflict="none").status_code == 302
        shown = page(client, "hearing", hearing.pk).content.decode()
        assert ("papers taken away" in shown, CANARY in shown) == (True, True)
        assert send(client, "vote", hearing.pk, choice="identified").status_code == 422
        assert send(client, "vote", hearing.pk, choice="identified", reason="plain to see").status_code == 302
    chair = client_of(people.mdt[2])
    seats = {f"seat_{seat.pk.hex}": "remote" if seat.user == people.mdt[4] else "room" for seat in hearing.members.all()}
    assert send(chair, "open_session", hearing.pk, **dict.fromkeys(seats, "absent")).status_code == 422
    assert send(chair, "open_session", hearing.pk, **seats).status_code == 302
    assert send(chair, "end_session", hearing.pk, heard="person").status_code == 422
    ended = {"heard": "person", "language": "lo", "interpreter": "present", "told": "yes", "minutes": "She told it."}
    assert send(chair, "end_session", hearing.pk, **ended).status_code == 302
    assert send(supervisor, "decide", hearing.pk).status_code == 422
    assert send(supervisor, "decide", hearing.pk, summary="All five see it.").status_code == 302
    shown = page(supervisor, "hearing", hearing.pk).content.decode()
    assert all(words in shown for words in ("plain to see", "All five see it.", "She told it."))
    assert page(client_of(people.mdt[0]), "hearing", hearing.pk).status_code == 404


def test_members_come_and_go_in_an_open_sitting(people: People, hearing: Hearing) -> None:
    declare_all(people, hearing, NOON)
    chair, seats = client_of(people.mdt[0]), {seat.user: seat for seat in hearing.members.select_related("user")}
    assert (
        send(
            chair, "open_session", hearing.pk, **{f"seat_{s.pk.hex}": "room" if u == people.mdt[0] else "absent" for u, s in seats.items()}
        ).status_code
        == 302
    )
    assert send(chair, "move_member", hearing.pk, seats[people.mdt[3]].pk, how="remote").status_code == 302
    assert send(chair, "move_member", hearing.pk, seats[people.mdt[3]].pk, how="left").status_code == 302
    assert Attendance.objects.filter(member=seats[people.mdt[3]], remote=True, left_at=NOON).count() == 1
    assert send(client_of(people.mdt[3]), "move_member", hearing.pk, seats[people.mdt[4]].pk, how="room").status_code == 403
    assert send(client_of(people.stranger), "open_session", hearing.pk).status_code == 404


def test_vote_without_role_or_call_is_refused(people: People, hearing: Hearing) -> None:
    assert send(client_of(people.owner), "vote", hearing.pk, choice="identified", reason="x").status_code == 403
    assert send(client_of(people.stranger), "vote", hearing.pk, choice="identified", reason="x").status_code == 403
    assert send(client_of(people.mdt[0]), "decide", hearing.pk, summary="x").status_code == 403
    assert page(client_of(people.stranger), "hearing", hearing.pk).status_code == 404
    assert page(client_of(people.colleague), "hearing", hearing.pk).status_code == 404
    assert Vote.objects.count() == 0


def test_a_vote_sent_twice_is_one_vote(people: People, hearing: Hearing) -> None:
    teams.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=people.mdt[0], at=NOON)
    client = client_of(people.mdt[0])
    for _time in range(2):
        assert send(client, "vote", hearing.pk, choice="identified", reason="x", once="0123456789abcdef").status_code == 302
    assert Vote.objects.count() == 1


def test_members_see_how_others_voted_only_after_the_decision(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing, 4)
    shown = page(client_of(people.mdt[4]), "hearing", hearing.pk).content.decode()
    assert "bound by a debt" not in shown
    assert "identified as a victim of trafficking:" not in shown


def test_another_sits_in_a_members_place(people: People, hearing: Hearing) -> None:
    Member.objects.filter(hearing=hearing, user=people.mdt[4]).delete()
    seat = hearing.members.get(user=people.mdt[3])
    owner = client_of(people.owner)
    assert send(owner, "replace", hearing.pk, seat.pk, to=str(people.mdt[2].pk)).status_code == 422
    assert send(owner, "replace", hearing.pk, seat.pk, to=str(people.mdt[4].pk)).status_code == 302
    assert page(client_of(people.mdt[3]), "hearing", hearing.pk).status_code == 404
    assert page(client_of(people.mdt[4]), "hearing", hearing.pk).status_code == 200


@pytest.mark.parametrize(
    ("language", "title"),
    [("", "ຜົນການພິຈາລະນາ"), ("th", "ผลการพิจารณา"), ("km", "សេចក្តីសម្រេច"), ("my", "ဆုံးဖြတ်ချက်"), ("vi", "Quyết định"), ("en", "Decision")],
)
def test_the_letter_speaks_the_persons_language_and_names_nobody(people: People, decided: Hearing, language: str, title: str) -> None:
    shown = page(client_of(people.owner), "letter", decided.pk, **({"lang": language} if language else {})).content.decode()
    article = shown[shown.index("<article") : shown.index("</article>")]
    assert f'lang="{language or "lo"}"' in article
    assert title in article
    assert decided.reference in article
    assert decided.person.alias not in article
    assert CANARY not in shown


def test_no_letter_before_the_decision_and_none_for_strangers(people: People, hearing: Hearing) -> None:
    for name in ("letter", "letter_file"):
        assert page(client_of(people.owner), name, hearing.pk).status_code == 404
    cast_votes(people, hearing)
    decisions.decide(hearing_id=hearing.pk, summary=CANARY, by=people.supervisor, at=NOON)
    for nobody in (people.stranger, people.colleague, people.mdt[0]):
        for name in ("letter", "letter_file"):
            assert page(client_of(nobody), name, hearing.pk).status_code == 404


def test_the_file_of_a_letter_is_named_by_its_reference(people: People, decided: Hearing) -> None:
    pytest.importorskip("weasyprint")
    reply = page(client_of(people.owner), "letter_file", decided.pk, lang="my")
    assert reply.content.startswith(b"%PDF")
    assert reply["Content-Disposition"] == f'attachment; filename="{decided.reference}-my.pdf"'
    assert "no-store" in reply["Cache-Control"]


def test_handing_over_is_recorded_with_who_read_it(people: People, decided: Hearing) -> None:
    owner = client_of(people.owner)
    given = {"day": NOON.date().isoformat(), "how": "both", "read_by": "nobody", "language": "lo"}
    assert send(owner, "hand_over_letter", decided.pk, **given).status_code == 422
    assert send(owner, "hand_over_letter", decided.pk, **{**given, "read_by": "interpreter"}).status_code == 302
    handed = decided.handovers.get()
    assert (handed.at, handed.read_by, handed.language) == (NOON, "interpreter", "lo")
    assert send(client_of(people.stranger), "hand_over_letter", decided.pk, **given).status_code == 404


def test_a_request_for_review_is_taken_in_and_other_members_are_asked_for(people: People, decided: Hearing) -> None:
    owner, supervisor = client_of(people.owner), client_of(people.supervisor)
    assert send(supervisor, "review", decided.pk, members=[str(m.pk) for m in people.mdt], same="on").status_code == 409
    asked = {"asked_by": "lawyer", "form": "written", "received_on": NOON.date().isoformat(), "reason": CANARY}
    assert send(owner, "take_in", decided.pk, **{**asked, "reason": ""}).status_code == 422
    assert send(owner, "take_in", decided.pk, **asked).status_code == 302
    assert send(owner, "take_in", decided.pk, **asked).status_code == 409
    assert ReviewRequest.objects.get().late is False
    refused = send(supervisor, "review", decided.pk, members=[str(m.pk) for m in people.mdt])
    assert refused.status_code == 422
    assert "Chai Boonmee" in refused.content.decode()
    assert send(supervisor, "review", decided.pk, members=[str(m.pk) for m in people.mdt], same="on").status_code == 302
    assert (
        page(supervisor, "hearing", decided.pk).status_code
        == page(supervisor, "hearing", Hearing.objects.get(review_of=decided).pk).status_code
        == 200
    )


def test_a_late_request_is_taken_in_and_marked(people: People, decided: Hearing) -> None:
    later = NOON + timedelta(days=40)
    with clock.stopped_at(later):
        client = client_of(people.owner)
        assert "taken in all the same" in page(client, "take_in", decided.pk).content.decode()
        asked = {"asked_by": "person", "form": "spoken", "received_on": later.date().isoformat(), "reason": "I was ill"}
        assert send(client, "take_in", decided.pk, **asked).status_code == 302
        request = ReviewRequest.objects.get()
        assert request.late is True
        assert send(client, "withdraw_request", decided.pk, request.pk).status_code == 302
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_the_identification_shows_every_clock_with_its_article(people: People, decided: Hearing) -> None:
    shown = page(client_of(people.owner), "identification", decided.person_id).content.decode()
    assert "<svg viewBox" in shown
    for words in ("s.29", "s.31", "s.34", "National Referral Mechanism 2022", "recalled", "sourced", "proposal"):
        assert words in shown, words
    for nobody in (people.stranger, people.receiver, people.mdt[0], people.colleague):
        assert page(client_of(nobody), "identification", decided.person_id).status_code in (403, 404), nobody


def test_days_of_an_identification_are_recorded_on_its_page(people: People, completed: Interview) -> None:
    owner, person = client_of(people.owner), completed.person_id
    for what in ("rights", "leaves-soon", "testimony", "wishes-no-team", "wishes-team", "offer-reflection"):
        assert send(owner, "record_day", person, what).status_code == 302, what
    assert send(owner, "record_day", person, "rights").status_code == 409
    assert send(owner, "record_day", person, "nonsense").status_code == 404
    assert send(owner, "record_day", person, "custody", day="23/11/2569").status_code == 422
    assert send(owner, "record_day", person, "custody", day="22/11/2569", hour="10:00").status_code == 302
    extension = {"leave-day": "23/11/2026", "leave-hour": "09:00"}
    assert send(owner, "record_day", person, "extension", **{**extension, "leave-day": "23/12/2026"}).status_code == 422
    assert send(owner, "record_day", person, "extension", **extension).status_code == 302
    assert send(owner, "record_day", person, "services", services_began_on="23/11/2026", agrees="no").status_code == 302
    offered = Reflection.objects.get()
    assert send(owner, "answer_reflection", person, offered.pk, how="accept").status_code == 302
    assert send(owner, "answer_reflection", person, offered.pk, how="end", wishes=CANARY).status_code == 302
    assert send(client_of(people.stranger), "record_day", person, "rights").status_code == 404
    assert CANARY not in page(owner, "identification", person).content.decode()


def test_a_note_on_non_punishment_is_made_with_who_asked_and_who_received(people: People, completed: Interview) -> None:
    owner = client_of(people.owner)
    given = {"ground": "result", "asked_by": "lawyer", "received_by": "prosecutor"}
    assert send(owner, "note", completed.pk, **given).status_code == 422  # no answer speaks of forced crime
    assert send(owner, "note", completed.pk, **{**given, "ground": "marked"}).status_code == 422
    assert send(owner, "note", completed.pk, **{**given, "ground": "marked", "reason": CANARY}).status_code == 302
    made = ProtectionNote.objects.get()
    assert (made.asked_by, made.received_by) == ("lawyer", "prosecutor")
    assert AuditEvent.objects.filter(action="hearings:note_non_punishment", target_id=str(made.pk)).exists()
    shown = page(owner, "note", completed.pk).content.decode()
    assert "Section 41" in shown
    assert CANARY not in shown
    for nobody in (people.stranger, people.mdt[0]):
        assert page(client_of(nobody), "note_file", made.pk).status_code in (403, 404)
        assert page(client_of(nobody), "note", completed.pk).status_code in (403, 404)
    pytest.importorskip("weasyprint")
    reply = page(owner, "note_file", made.pk)
    assert reply.content.startswith(b"%PDF")
    assert made.reference in reply["Content-Disposition"]


@pytest.mark.parametrize(("name", "limit"), [("hearing", 75), ("identification", 60)])
def test_pages_ask_the_database_a_bounded_number_of_times(people: People, decided: Hearing, name: str, limit: int) -> None:
    args = {"hearing": decided.pk, "identification": decided.person_id}
    client = client_of(people.owner)
    page(client, name, args[name])
    with at_most(limit):
        assert page(client, name, args[name]).status_code == 200


def test_a_hearing_from_before_the_sittings_counts_as_it_did(people: People, hearing: Hearing) -> None:
    Hearing.objects.filter(pk=hearing.pk).update(quorum_version="1")
    hearing.refresh_from_db()
    declare_all(people, hearing, NOON)
    cast(people, hearing, NOON)
    assert decisions.tally_of(hearing).may_decide
