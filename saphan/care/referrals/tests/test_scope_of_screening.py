"""What screening found is part of what happened to a person: a receiver sees it only where the consented scope says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following.models import Binding
from saphan.audit.models import AuditEvent
from saphan.care.cases import services as cases
from saphan.care.cases.consents import withdraw_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.referrals import services
from saphan.care.referrals.services import Request
from saphan.care.referrals.tests.conftest import consent_to
from saphan.care.screening import decisions, letters, procedure, selectors, teams
from saphan.care.screening import services as screening
from saphan.care.screening.models import Hearing, Identification, Interview, Member
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.story import FACTORY, begin, cast, declare_all, sit
from saphan.core import clock
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Service
from tests.people import NOON, client_of

NARROW = (Sensitivity.CONTACT.value, Sensitivity.LEGAL.value)
WIDE = (Sensitivity.CONTACT.value, Sensitivity.EXPLOITATION.value)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.stopped_at(NOON + timedelta(hours=3)):
        yield


@pytest.fixture
def hearing(people: People, case: Case) -> Hearing:
    """The person of the case is interviewed, a team decides, the letter is handed over, the case follows."""
    load_instruments()
    interview = begin(people.owner, case.person, FACTORY, NOON - timedelta(minutes=30))
    screening.complete(interview_id=interview.pk, by=people.owner, at=NOON)
    call = teams.Call(members=people.mdt, chair=people.mdt[0])
    found = teams.convene(interview_id=interview.pk, call=call, services_began_on=NOON.date(), by=people.owner, at=NOON)
    declare_all(people, found, NOON)
    sit(people, found, NOON)
    cast(people, found, NOON)
    decided_at = NOON + timedelta(hours=1)
    done = decisions.decide(hearing_id=found.pk, summary="so", by=people.supervisor, at=decided_at)
    letters.hand_over(hearing_id=done.pk, how="paper", read_by="nobody", language="lo", handed_at=decided_at, by=people.owner, at=decided_at)
    cases.move_case(case_id=case.pk, verb="identify", by=people.owner, at=decided_at)
    return done


def referred(people: People, case: Case, classes: tuple[str, ...]) -> None:
    """The hospital has accepted a referral with this scope."""
    service = Service.objects.filter(organisation=people.hospital).first()
    assert service is not None
    asked = services.draft(case_id=case.pk, request=Request(service.pk, "high", ""), by=people.owner, at=NOON)
    consent = consent_to(people.hospital, case, people, classes)
    services.send(referral_id=asked.pk, consent_id=consent.pk, classes=classes, by=people.owner, at=NOON)
    services.accept(referral_id=asked.pk, by=people.receiver, at=NOON)


def pages(hearing: Hearing) -> list[str]:
    """Every page that tells a result, a decision or how it came about."""
    found = procedure.identification_of(hearing.person_id)
    assert found is not None
    followed = Binding.objects.get(subject_id=found.pk)
    named = [
        ("overview", hearing.interview_id),
        ("print", hearing.interview_id),
        ("hearing", hearing.pk),
        ("letter", hearing.pk),
        ("letter_file", hearing.pk),
        ("identification", hearing.person_id),
    ]
    return [*(reverse(f"screening:{name}", args=[pk]) for name, pk in named), reverse("following:procedure", args=[followed.pk])]


def lists(client: Client, user: User) -> str:
    """All that lists, the desk and searches show this worker, in one text."""
    addresses = [
        "/desk/", reverse("screening:list"), reverse("screening:list") + "?state=completed", reverse("screening:hearings"), reverse("screening:hearings") + "?state=decided",
        reverse("cases:list") + "?from=others", reverse("cases:list") + "?from=others&state=identified", reverse("following:promises"),
    ]  # fmt: skip
    return " ".join(client.get(address).content.decode() for address in addresses)


def test_a_receiver_whose_scope_leaves_it_out_finds_neither_value_nor_page(people: People, case: Case, hearing: Hearing) -> None:
    referred(people, case, NARROW)
    client = client_of(people.receiver)
    assert case.person.alias in client.get(reverse("cases:list") + "?from=others").content.decode()  # the tie is there
    assert {client.get(address).status_code for address in pages(hearing)} == {404}
    shown = lists(client, people.receiver)
    for telling in (hearing.reference, hearing.interview.reference, "indicated", *hearing.members.values_list("user__name", flat=True)):
        assert telling not in shown, telling
    assert case.person.alias not in client.get(reverse("cases:list") + "?from=others&state=identified").content.decode()
    own = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert ">identified<" not in own
    assert hearing.reference not in client.get(reverse("cases:timeline", args=[case.pk])).content.decode()


def test_nor_may_any_act_reach_it(people: People, case: Case, hearing: Hearing) -> None:
    referred(people, case, NARROW)
    client = client_of(people.receiver)
    acts = [
        ("hearing", "take_in"),
        ("hearing", "hand_over_letter"),
        ("hearing", "cancel"),
        ("hearing", "open_session"),
        ("interview", "convene"),
        ("interview", "note"),
        ("interview", "revise"),
    ]
    for of, name in acts:
        target = hearing.pk if of == "hearing" else hearing.interview_id
        assert client.post(reverse(f"screening:{name}", args=[target])).status_code == 404, name
    assert client.post(reverse("screening:record_day", args=[hearing.person_id, "rights"])).status_code == 404
    assert not selectors.may_know(people.receiver, hearing.person)
    for rows in (Interview, Hearing, Identification):
        assert not rows.objects.visible_to(people.receiver).exists()


def test_a_receiver_whose_scope_names_it_keeps_what_it_may_see(people: People, case: Case, hearing: Hearing) -> None:
    referred(people, case, WIDE)
    client = client_of(people.receiver)
    assert {client.get(address).status_code for address in pages(hearing)} == {200}
    assert hearing.reference in client.get(reverse("screening:hearings")).content.decode()
    assert case.person.alias in client.get(reverse("cases:list") + "?from=others&state=identified").content.decode()
    assert ">identified<" in client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    reads = AuditEvent.objects.filter(actor=people.receiver.actor_id, subject_id=str(hearing.person_id))
    assert {"hearings:read", "identifications:read", "agreements:read_procedure"} <= set(reads.values_list("action", flat=True))


def test_it_closes_with_the_consent(people: People, case: Case, hearing: Hearing) -> None:
    referred(people, case, WIDE)
    consent = Consent.objects.get(person=case.person, receiver=people.hospital)
    withdraw_consent(consent_id=consent.pk, by=people.owner, at=NOON + timedelta(hours=2))
    client = client_of(people.receiver)
    assert {client.get(address).status_code for address in pages(hearing)} == {404}


def test_owner_and_supervisor_see_all_of_it_a_colleague_and_a_stranger_nothing(people: People, case: Case, hearing: Hearing) -> None:
    for part in (people.owner, people.supervisor):
        assert {client_of(part).get(address).status_code for address in pages(hearing)} == {200}, part
    for part in (people.colleague, people.stranger):
        assert {client_of(part).get(address).status_code for address in pages(hearing)} == {404}, part


def test_the_timeline_hides_it_from_a_supervisor_in_conflict_and_from_no_other(people: People, case: Case, hearing: Hearing) -> None:
    timeline = reverse("cases:timeline", args=[case.pk])
    for part in (people.owner, people.supervisor):
        assert hearing.reference in client_of(part).get(timeline).content.decode()
    Member.objects.create(hearing=hearing, user=people.supervisor, agency=people.ministry, conflict="conflict", declared_at=NOON)
    assert hearing.reference not in client_of(people.supervisor).get(timeline).content.decode()
    assert hearing.reference in client_of(people.owner).get(timeline).content.decode()
