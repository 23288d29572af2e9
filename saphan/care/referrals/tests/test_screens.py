"""The screens: what each side sees, that strangers see nothing, and what a page costs."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.cases.models import Case, Consent
from saphan.care.referrals.models import Referral
from saphan.care.referrals.services import Request as Wanted
from saphan.care.referrals.services import decline, draft, send
from saphan.care.referrals.states import State
from saphan.care.referrals.tests.conftest import CANARY, LATER, NOTE_CANARY, SHARED
from saphan.core import clock
from saphan.directory.models import Service
from tests.counting import at_most
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
VERBS = ["send", "acknowledge", "accept", "decline", "withdraw", "start", "complete", "feedback", "note"]


@pytest.fixture(autouse=True)
def stopped() -> Any:
    with clock.stopped_at(LATER):
        yield


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"referrals:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def act(client: Client, verb: str, referral: Referral, **data: Any) -> Any:
    return client.post(reverse(f"referrals:{verb}", args=[referral.pk]), data)


def test_the_queue_shows_what_waits_and_late_ones_first(people: People, case: Case, trauma_care: Service, sent: Referral, consent: Consent) -> None:
    slow = draft(case_id=case.pk, request=Wanted(trauma_care.pk, "low"), by=people.owner, at=NOON)
    send(referral_id=slow.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=NOON)
    with clock.stopped_at(NOON + timedelta(hours=5)):
        shown = page(client_of(people.receiver), "list")
        assert shown.index(sent.reference) < shown.index(slow.reference)
        assert "late by" in shown
        only_late = page(client_of(people.receiver), "list", late="on")
        assert sent.reference in only_late
        assert slow.reference not in only_late
    assert sent.reference in page(client_of(people.owner), "list", box="out")
    assert sent.reference not in page(client_of(people.owner), "list")
    assert slow.reference in page(client_of(people.receiver), "list", risk="low", show="all")


def test_a_filter_that_does_not_read_is_passed_over(people: People, sent: Referral) -> None:
    assert sent.reference in page(client_of(people.receiver), "list", show="gossip", risk="x", box="y", after="%%%")


def test_before_acceptance_the_receivers_pages_hold_the_notice_and_nothing_of_the_person(people: People, case: Case, sent: Referral) -> None:
    client = client_of(people.receiver)
    for shown in (page(client, "detail", sent.pk), page(client, "print", sent.pk), page(client, "list")):
        assert sent.reference in shown
        secrets = [*CANARY.values(), NOTE_CANARY, case.person.alias, case.reference, str(case.pk), str(case.person_id), people.owner.name]
        assert not [secret for secret in secrets if secret in shown]
    notice = page(client, "detail", sent.pk)
    for fact in ("trauma care and counselling", "Lao", "high", "adult"):
        assert fact in notice
    assert act(client, "note", sent, purpose="care").status_code == 403
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 404


def test_after_acceptance_the_receiver_opens_the_file_and_reads_the_note(people: People, case: Case, sent: Referral) -> None:
    client = client_of(people.receiver)
    answer = act(client, "accept", sent)
    assert (answer.status_code, answer["Location"]) == (302, reverse("referrals:detail", args=[sent.pk]))
    assert reverse("cases:detail", args=[case.pk]) in page(client, "detail", sent.pk)
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 200
    assert NOTE_CANARY not in page(client, "detail", sent.pk)
    assert NOTE_CANARY in act(client, "note", sent, purpose="care").content.decode()


def test_the_note_asks_why_before_it_opens_and_the_answer_is_recorded(people: People, sent: Referral) -> None:
    client = client_of(people.receiver)
    act(client, "accept", sent)
    assert 'name="purpose"' in page(client, "detail", sent.pk)
    silent = act(client, "note", sent)
    assert (silent.status_code, NOTE_CANARY in silent.content.decode()) == (422, False)
    act(client, "note", sent, purpose="cover")
    event = AuditEvent.objects.filter(actor=people.receiver.actor_id, action="persons:reveal").latest("id")
    assert (event.purpose, event.fields) == ("cover", "note")


@pytest.mark.parametrize("who", ["stranger", "receiver"])
def test_a_foreign_referral_looks_like_an_absent_one(people: People, drafted: Referral, who: str) -> None:
    """A draft is foreign to its receiver too."""
    client = client_of(getattr(people, who))
    for name in ("detail", "print"):
        foreign = client.get(reverse(f"referrals:{name}", args=[drafted.pk]))
        absent = client.get(reverse(f"referrals:{name}", args=[uuid4()]))
        assert (foreign.status_code, same(foreign)) == (404, same(absent))
    for verb in VERBS:
        foreign, absent = act(client, verb, drafted), client.post(reverse(f"referrals:{verb}", args=[uuid4()]))
        assert (foreign.status_code, same(foreign)) == (404, same(absent)), verb
    for name in ("of_case", "compose"):
        assert client.get(reverse(f"referrals:{name}", args=[drafted.case_id])).status_code == 404


def same(answer: Any) -> str:
    """The page without its random tokens and its own address."""
    return re.sub(r'(value|nonce)="[^"]*"|[0-9a-f-]{36}', "", answer.content.decode())


def test_the_sender_cannot_answer(people: People, sent: Referral) -> None:
    client = client_of(people.owner)
    for verb in ("acknowledge", "accept", "start"):
        assert act(client, verb, sent).status_code == 403
    assert act(client, "decline", sent, reason="full").status_code == 403


def test_the_composer_goes_from_need_to_services_to_a_draft_with_its_preview(
    people: People, case: Case, trauma_care: Service, counselling: Service
) -> None:
    client = client_of(people.owner)
    address = reverse("referrals:compose", args=[case.pk])
    assert "What does the person need?" in page(client, "compose", case.pk)
    offered = page(client, "compose", case.pk, need="trauma_care", risk="high")
    assert offered.index("Trauma care") < offered.index("Counselling")
    assert "speaks the person&#x27;s language" in offered
    assert "4 free today" in offered
    empty = client.post(address, {"need": "trauma_care", "risk": "high", "note": "typed text stays"})
    assert (empty.status_code, "typed text stays" in empty.content.decode()) == (422, True)
    assert client.post(address, {"need": "trauma_care", "risk": "high", "service": str(uuid4())}).status_code == 422
    made = client.post(address, {"need": "trauma_care", "risk": "high", "service": str(trauma_care.pk)})
    referral = Referral.objects.get()
    assert made["Location"] == reverse("referrals:detail", args=[referral.pk])
    shown = page(client, "detail", referral.pk)
    assert "Not yet: sending" in shown
    assert f"receiver={people.hospital.pk}" in shown


def test_no_service_for_a_need_is_said_so(people: People, case: Case, trauma_care: Service) -> None:
    assert "No other organisation" in page(client_of(people.owner), "compose", case.pk, need="family_tracing", risk="low")


def test_sending_from_the_page(people: People, drafted: Referral, consent: Consent) -> None:
    client = client_of(people.owner)
    assert act(client, "send", drafted, consent="", classes=[]).status_code == 422
    assert act(client, "send", drafted, consent=str(uuid4()), classes=["plan"]).status_code == 422
    without_plan = act(client, "send", drafted, consent=str(consent.pk), classes=["health"])
    assert (without_plan.status_code, "Your note belongs to the plan" in without_plan.content.decode()) == (422, True)
    assert act(client, "send", drafted, consent=str(consent.pk), classes=list(SHARED)).status_code == 302
    assert act(client, "send", drafted, consent=str(consent.pk), classes=list(SHARED)).status_code in {409, 422}


def test_declining_offers_the_next_best_to_the_sender(people: People, case: Case, sent: Referral, counselling: Service) -> None:
    client = client_of(people.receiver)
    assert act(client, "decline", sent).status_code == 422
    assert act(client, "decline", sent, reason="full").status_code == 302
    shown = page(client_of(people.owner), "detail", sent.pk)
    assert "Refer there instead" in shown
    assert f"service={counselling.pk}" in shown


def test_the_course_from_start_to_the_persons_word(people: People, accepted: Referral) -> None:
    here, there = client_of(people.receiver), client_of(people.owner)
    assert act(here, "complete", accepted).status_code == 422
    assert act(here, "start", accepted).status_code == 302
    assert act(here, "complete", accepted, outcome="delivered").status_code == 302
    assert act(there, "feedback", accepted).status_code == 422
    assert act(there, "feedback", accepted, feedback="helped").status_code == 302
    assert "feedback closed" in page(there, "detail", accepted.pk)


def test_the_same_page_sent_twice_acts_once(people: People, sent: Referral) -> None:
    client = client_of(people.receiver)
    for _time in range(2):
        assert act(client, "accept", sent, once="a-token-of-sixteen").status_code == 302
    sent.refresh_from_db()
    assert sent.state == State.ACCEPTED
    assert act(client, "accept", sent).status_code == 409


def test_get_writes_nothing(people: People, sent: Referral) -> None:
    client = client_of(people.receiver)
    for verb in VERBS:
        assert client.get(reverse(f"referrals:{verb}", args=[sent.pk])).status_code == 405


def test_a_case_has_its_tab_of_services(people: People, case: Case, sent: Referral) -> None:
    shown = page(client_of(people.owner), "of_case", case.pk)
    assert sent.reference in shown
    assert reverse("referrals:compose", args=[case.pk]) in shown
    answer = client_of(people.colleague).get(reverse("referrals:of_case", args=[case.pk]))
    assert answer.status_code == 302  # asked why first


def test_my_day_and_the_menu_count_what_waits(people: People, sent: Referral) -> None:
    from saphan.care.referrals.desk import count_late, incoming, late, outgoing, waiting_elsewhere, waiting_here

    assert (waiting_here(people.receiver), waiting_here(people.owner), waiting_elsewhere(people.owner)) == (1, 0, 1)
    assert [task.label for task in incoming(people.receiver, LATER)] == [f"{sent.reference}: trauma care and counselling"]
    assert [task.due_at for task in outgoing(people.owner, LATER)] == [NOON + timedelta(hours=2)]
    assert list(late(people.owner, LATER)) == []
    with clock.stopped_at(NOON + timedelta(hours=3)):
        assert count_late(people.supervisor) == 1


@pytest.mark.parametrize(
    ("who", "name", "most"),
    [
        ("receiver", "list", 14),
        ("receiver", "detail", 16),
        ("owner", "detail", 18),
        ("owner", "of_case", 24),
        ("owner", "compose", 18),
        ("receiver", "print", 12),
    ],
)
def test_a_page_asks_few_questions_and_no_more_for_more_rows(
    people: People, case: Case, trauma_care: Service, sent: Referral, consent: Consent, who: str, name: str, most: int
) -> None:
    for n in range(12):
        referral = draft(case_id=case.pk, request=Wanted(trauma_care.pk, "low"), by=people.owner, at=NOON + timedelta(seconds=n))
        send(referral_id=referral.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=NOON)
    decline(referral_id=referral.pk, reason="full", by=people.receiver, at=LATER)
    client = client_of(getattr(people, who))
    args = {"list": [], "of_case": [case.pk], "compose": [case.pk]}.get(name, [sent.pk])
    page(client, name, *args)
    with at_most(most):
        page(client, name, *args, **({"need": "trauma_care", "risk": "low"} if name == "compose" else {}))
