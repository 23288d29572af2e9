"""The screens as the different people see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.persons.disclosure import involve
from saphan.care.persons.models import Person
from saphan.care.screening import services
from saphan.care.screening.codes import StopReason
from saphan.care.screening.models import Hearing, Interview, Reply
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import convene
from saphan.core.sensitivity import SEALED_CLASSES
from tests.counting import at_most
from tests.people import NOON, client_of

CANARY = "canary-cormorant"
CODE = "AL.D5.DOCSCONF"


def page(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.get(reverse(f"screening:{name}", args=args), data)


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"screening:{name}", args=args), data)


def question(client: Client, interview: Interview, code: str = CODE, **data: Any) -> Any:
    return send(client, "question", interview.pk, code, **{"seen": 0, "note": "", "then": "next", **data})


def test_an_owner_walks_from_the_file_to_the_first_question(owner: User, person: Person) -> None:
    client = client_of(owner)
    shown = page(client, "new", person=person.pk)
    assert person.alias in shown.content.decode()
    version = shown.context["form"].initial["instrument"]
    reply = send(client, "new", person=person.pk, instrument=version)
    interview = Interview.objects.get()
    assert reply.status_code == 302
    assert reply["Location"] == reverse("screening:safety", args=[interview.pk])
    failed = send(client, "safety", interview.pk, **{**SAFE, "private_place": "no"})
    assert failed.status_code == 422
    assert "nobody can listen or watch, or wait" in failed.content.decode()
    assert send(client, "safety", interview.pk, **SAFE).status_code == 302
    began = send(client, "start", interview.pk, present="the interpreter")
    assert began["Location"] == reverse("screening:question", args=[interview.pk, "AL.ACT.RECRUIT"])
    shown = client.get(began["Location"]).content.decode()
    assert "find this work for you" in shown
    assert "Who brought a person" in shown


def test_an_empty_form_says_what_is_missing(owner: User, person: Person) -> None:
    client = client_of(owner)
    assert send(client, "new").status_code == 422
    assert send(client, "new", person="not an id", instrument="neither").status_code == 422
    assert Interview.objects.count() == 0


def test_each_page_saves_and_goes_on(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    reply = question(client, interview, answer="yes", note="in a drawer")
    assert reply.status_code == 302
    assert Reply.objects.count() == 1
    again = page(client, "question", interview.pk, CODE).content.decode()
    assert "in a drawer" in again
    assert 'value="yes" checked' in again


def test_ask_later_keeps_nothing_but_the_note(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    assert question(client, interview, then="later").status_code == 302
    assert Reply.objects.count() == 0
    assert question(client, interview, then="later", note="asks for a woman").status_code == 302
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}, {"answer": "yes", "seen": "x"}, {"answer": "yes", "note": "x" * 5000}])
def test_bad_answers_come_back_with_what_was_typed(owner: User, interview: Interview, data: dict[str, str]) -> None:
    reply = question(client_of(owner), interview, **data)
    assert reply.status_code == 422
    assert Reply.objects.count() == 0


def test_two_windows_see_each_others_answer(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    question(client, interview, answer="yes", note="first window")
    clash = question(client, interview, answer="no", note="second window")
    shown = clash.content.decode()
    assert clash.status_code == 409
    assert "first window" in shown
    assert "second window" in shown
    assert question(client, interview, answer="no", note="second window", seen=1).status_code == 302
    assert Reply.objects.count() == 2


def test_the_same_answer_sent_twice_is_one_answer(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    for _time in range(2):
        assert question(client, interview, answer="yes", note="once").status_code == 302
    assert Reply.objects.count() == 1


def test_an_answer_after_completion_is_a_conflict(owner: User, completed: Interview) -> None:
    assert question(client_of(owner), completed, answer="yes", seen=1).status_code == 409


def test_unknown_questions_are_not_found(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    assert page(client, "question", interview.pk, "AL.D9.X").status_code == 404
    assert question(client, interview, "AL.OVR.CHILDSEX", answer="yes").status_code == 404


PAGES_OF_AN_INTERVIEW = ["overview", "safety", "print", "convene"]
ACTS_ON_AN_INTERVIEW = ["safety", "start", "pause", "resume", "hand_over", "stop", "complete", "convene"]


@pytest.mark.parametrize("part", ["stranger", "receiver", "colleague"])
def test_who_has_no_tie_finds_no_interview(people: People, completed: Interview, part: str) -> None:
    client = client_of(getattr(people, part))
    assert {page(client, name, completed.pk).status_code for name in PAGES_OF_AN_INTERVIEW} == {404}
    assert {send(client, name, completed.pk).status_code for name in ACTS_ON_AN_INTERVIEW} == {404}
    assert question(client, completed, answer="yes").status_code == 404
    assert completed.reference not in page(client, "list").content.decode()


@pytest.mark.parametrize("part", ["dpo", "org_admin", "administrator", "editor"])
def test_roles_without_care_are_refused(people: People, completed: Interview, part: str) -> None:
    client = client_of(getattr(people, part))
    assert page(client, "list").status_code == 403
    assert page(client, "overview", completed.pk).status_code == 403


def test_a_supervisor_reads_but_does_not_answer(supervisor: User, interview: Interview) -> None:
    client = client_of(supervisor)
    assert page(client, "overview", interview.pk).status_code == 200
    assert question(client, interview, answer="yes").status_code == 403


def test_pause_hand_over_and_resume(people: People, interview: Interview) -> None:
    first, second = client_of(people.owner), client_of(people.colleague)
    assert send(first, "pause", interview.pk).status_code == 302
    assert send(first, "hand_over", interview.pk).status_code == 422
    assert send(first, "hand_over", interview.pk, to=str(people.colleague.pk)).status_code == 302
    assert send(second, "resume", interview.pk, present="").status_code == 422
    sent = send(second, "resume", interview.pk, present="", changed="no")
    assert sent.url == reverse("screening:safety", args=[interview.pk])  # another worker asks anew whether it is safe
    assert send(second, "safety", interview.pk, **SAFE).status_code == 302
    assert send(second, "resume", interview.pk, present="").status_code == 302
    assert question(second, interview, answer="yes").status_code == 302
    assert question(first, interview, answer="no", seen=1).status_code == 403


def test_stopping_asks_why(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    assert send(client, "stop", interview.pk).status_code == 422
    assert send(client, "stop", interview.pk, reason="wish").status_code == 302


def test_completing_twice_is_a_conflict(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    assert send(client, "complete", interview.pk).status_code == 302
    assert send(client, "complete", interview.pk).status_code == 409
    assert "Result with its reasons" in page(client, "overview", interview.pk).content.decode()


def test_prints_carry_two_languages_and_no_name(owner: User, completed: Interview) -> None:
    client = client_of(owner)
    blank = page(client, "print_blank", "adult_labour").content.decode()
    assert "Does or did somebody at the work keep your identity papers" in blank
    assert "เก็บเอกสารประจำตัว" in blank
    assert "The owner kept the passport" in page(client, "print", completed.pk).content.decode()
    assert page(client, "print_blank", "nothing").status_code == 404


def test_a_filled_print_carries_the_two_languages_that_were_chosen(owner: User, completed: Interview) -> None:
    shown = page(client_of(owner), "print", completed.pk).content.decode()
    assert "Does or did somebody at the work keep your identity papers" in shown
    assert 'lang="lo"' in shown  # she was asked in Lao
    chosen = page(client_of(owner), "print", completed.pk, left="th", right="vi").content.decode()
    assert "เก็บเอกสารประจำตัว" in chosen
    assert '<span lang="th">ใช่</span><br><span lang="vi">Có</span>' in chosen
    assert "The owner kept the passport" in chosen
    assert page(client_of(owner), "print", completed.pk, left="xx", right="").status_code == 200


def test_the_blank_print_is_of_the_approved_version_and_a_draft_only_when_asked_for(owner: User, completed: Interview) -> None:
    from saphan.care.screening.tests.test_known import another_version

    draft = another_version(completed.version)
    client = client_of(owner)
    assert page(client, "print_blank", "adult_labour").context["version"] == completed.version
    assert page(client, "print_blank", "adult_labour", version=draft.number).context["version"] == draft
    assert f"?version={draft.number}" in page(client, "version", draft.pk).content.decode()
    for wrong in ("99", "x", "²"):
        assert page(client, "print_blank", "adult_labour", version=wrong).status_code == 404
    completed.version.state, completed.version.approved_at = "draft", None
    completed.version.save()
    assert page(client, "print_blank", "adult_labour").context["version"] == draft


def test_emergency_is_one_step_from_every_question(owner: User, interview: Interview) -> None:
    client = client_of(owner)
    assert reverse("screening:emergency") in page(client, "question", interview.pk, CODE).content.decode()
    assert "191" in page(client, "emergency").content.decode()


def test_a_note_is_seen_by_nobody_who_may_not(people: People, interview: Interview) -> None:
    services.answer(interview_id=interview.pk, code=CODE, value="yes", note=CANARY, seen=0, by=people.owner, at=NOON)
    services.complete(interview_id=interview.pk, by=people.owner, at=NOON)
    hearing = convene(people, interview)
    addresses = [
        reverse("screening:list"), reverse("screening:hearings"), *(reverse(f"screening:{n}", args=[interview.pk]) for n in ("overview", "print")),
        reverse("screening:hearing", args=[hearing.pk]), reverse("screening:question", args=[interview.pk, CODE]),
    ]  # fmt: skip
    for user in [u for u in people.everyone() if u not in (people.owner, people.supervisor, people.second_supervisor)]:
        client = client_of(user)
        assert [a for a in addresses if CANARY in client.get(a).content.decode()] == [], user
    assert CANARY in page(client_of(people.owner), "overview", interview.pk).content.decode()


def test_filters_of_the_lists(people: People, hearing: Hearing) -> None:
    client = client_of(people.owner)
    assert hearing.interview.reference in page(client, "list", state="completed").content.decode()
    assert hearing.interview.reference not in page(client, "list", state="paused").content.decode()
    member = client_of(people.mdt[0])
    assert hearing.reference in page(member, "hearings", waiting="on").content.decode()
    assert hearing.reference not in page(member, "hearings", state="decided").content.decode()


@pytest.mark.parametrize(
    ("name", "limit"), [("list", 16), ("overview", 30), ("question", 30), ("hearings", 16), ("hearing", 45), ("instruments", 14)]
)
def test_pages_ask_the_database_a_bounded_number_of_times(owner: User, hearing: Hearing, interview_again: Interview, name: str, limit: int) -> None:
    known: dict[str, list[Any]] = {"overview": [interview_again.pk], "question": [interview_again.pk, CODE], "hearing": [hearing.pk]}
    args = known.get(name, [])
    client = client_of(owner)
    page(client, name, *args)
    with at_most(limit):
        assert page(client, name, *args).status_code == 200


@pytest.fixture
def interview_again(owner: User, hearing: Hearing) -> Interview:
    from saphan.care.screening.story import FACTORY, begin
    from saphan.care.screening.tests.conftest import person_of

    return begin(owner, person_of(owner), FACTORY, NOON)


def test_a_supervisor_hands_on_what_an_absent_colleague_holds(people: People, interview: Interview) -> None:
    client = client_of(people.supervisor)
    shown = page(client, "overview", interview.pk).content.decode()
    assert reverse("screening:hand_over", args=[interview.pk]) in shown
    assert reverse("screening:pause", args=[interview.pk]) not in shown
    assert send(client, "hand_over", interview.pk, to=str(people.owner.pk)).status_code == 422
    assert send(client, "hand_over", interview.pk, to=str(people.colleague.pk)).status_code == 302
    interview.refresh_from_db()
    assert (interview.interviewer, interview.state) == (people.colleague, "paused")
    assert page(client_of(people.colleague), "overview", interview.pk).status_code == 200


def test_a_supervisor_stops_what_an_absent_colleague_holds(supervisor: User, interview: Interview) -> None:
    client = client_of(supervisor)
    assert reverse("screening:stop", args=[interview.pk]) in page(client, "overview", interview.pk).content.decode()
    assert send(client, "stop", interview.pk, reason=StopReason.values[0]).status_code == 302
    interview.refresh_from_db()
    assert interview.state == "stopped"


def test_a_co_worker_who_only_reads_an_interview_is_shown_neither_stop_nor_hand_over(people: People, interview: Interview) -> None:
    involve(interview.person, org=people.ministry, user=people.colleague, relation="co_worker", classes=SEALED_CLASSES, at=NOON)
    client = client_of(people.colleague)
    shown = page(client, "overview", interview.pk).content.decode()
    for act in ("stop", "hand_over"):
        assert reverse(f"screening:{act}", args=[interview.pk]) not in shown
        assert send(client, act, interview.pk, to=str(people.colleague.pk), reason=StopReason.values[0]).status_code == 403
