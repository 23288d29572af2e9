"""A departure is approved by whoever can hold the article's office, its reason is read by those who may read the file, and it closes a finding."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following import departing, services
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.kept import keep_shipped
from saphan.agreements.following.models import Binding, Departure, DriftFinding
from saphan.agreements.following.names import office
from saphan.agreements.following.services import Subject
from saphan.agreements.following.subjects import SUBJECTS, SubjectKind
from saphan.agreements.following.tests.conftest import recover
from saphan.audit.models import AuditEvent
from saphan.core import clock
from saphan.core.errors import Invalid, NotFound, Refused
from saphan.core.sensitivity import Sensitivity
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db
CANARY = "canary-reason-4417"
LATE = NOON + timedelta(days=60)


@pytest.fixture
def departure(people: People, binding: Binding) -> Departure:
    return departing.depart(
        binding_id=binding.pk, what="check", name="rights_explained", role="focal_H", reason=CANARY, by=people.supervisor, at=NOON
    )


@pytest.fixture
def readers(office: SubjectKind) -> list[User]:
    """Those to whom the owning room opens the file."""
    found: list[User] = []

    def opens(user: User, subject_id: UUID) -> frozenset[Sensitivity]:  # the shape of the question
        return frozenset({Sensitivity.PLAN}) if user in found else frozenset()

    SUBJECTS["office"] = SubjectKind("office", office.label, office.visible_to, office.shown, office.facts, opens)
    return found


@pytest.fixture
def late(people: People, binding: Binding) -> DriftFinding:
    """The stage of tracing was not left in time."""
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    look_at_promises(LATE)
    return DriftFinding.objects.get(code="stage_late", name="stage:tracing:1")


# Who reads why


def test_whoever_may_read_the_file_reads_why_and_the_audit_says_so(people: People, departure: Departure, readers: list[User]) -> None:
    readers.append(people.owner)
    client, address = client_of(people.owner), reverse("following:procedure", args=[departure.binding_id])
    before = client.get(address).content.decode()
    assert CANARY not in before
    assert "Read why" in before
    page = client.post(reverse("following:read_reason", args=[departure.pk])).content.decode()
    assert CANARY in page
    event = AuditEvent.objects.get(action="agreements:read_departure")
    assert (event.actor, event.target_id, event.fields) == (str(people.owner.pk), str(departure.pk), "reason")
    assert not any(CANARY in str(row) for row in AuditEvent.objects.values_list())


def test_nobody_else_reads_why(people: People, departure: Departure, readers: list[User]) -> None:
    readers.append(people.stranger)  # opened by mistake: what she may not see at all stays closed
    address = reverse("following:read_reason", args=[departure.pk])
    colleague = client_of(people.colleague).post(address)
    assert colleague.status_code == 403
    assert CANARY not in colleague.content.decode()
    assert "Read why" not in client_of(people.colleague).get(reverse("following:procedure", args=[departure.binding_id])).content.decode()
    assert client_of(people.stranger).post(address).status_code == 404
    assert client_of(people.dpo).post(address).status_code == 403
    assert client_of(people.colleague).get(address).status_code == 405
    with pytest.raises(NotFound):
        departing.read_reason(departure_id=departure.pk, by=people.stranger, at=NOON)
    assert not AuditEvent.objects.filter(action="agreements:read_departure", outcome="done").exists()
    assert AuditEvent.objects.filter(action="agreements:read_departure", outcome="denied").exists()


def test_a_room_that_does_not_say_opens_nothing(people: People, departure: Departure) -> None:
    with pytest.raises(Refused):
        departing.read_reason(departure_id=departure.pk, by=people.supervisor, at=NOON)


# Who approves


@pytest.fixture
def identification(people: People) -> Binding:
    """One organisation stands for both parties, as it does in screening."""
    subject = Subject("office", people.ministry.pk, people.ministry.pk, {"P": people.ministry.pk, "M": people.ministry.pk})
    return services.bind(subject=subject, procedure=keep_shipped("th-identification", NOON), by=people.owner, at=NOON)


def test_a_supervisor_of_the_ministry_is_no_supervisor_of_the_police(people: People, identification: Binding) -> None:
    facts: dict[str, Any] = {
        "binding_id": identification.pk,
        "what": "check",
        "name": "danger_asked",
        "reason": "why",
        "by": people.supervisor,
        "at": NOON,
    }
    with pytest.raises(Refused):
        departing.depart(role="police_supervisor", **facts)
    departing.depart(role="provincial_head", **facts)
    event = AuditEvent.objects.filter(action="agreements:depart").latest("id")
    assert (event.purpose, event.actor) == ("provincial_head", str(people.supervisor.pk))


def test_the_page_offers_only_offices_that_could_be_hers_and_asks_her_to_say_so(people: People, identification: Binding) -> None:
    client, address = client_of(people.supervisor), reverse("following:depart", args=[identification.pk])
    page = client.get(reverse("following:procedure", args=[identification.pk]))
    offered = dict(page.context["depart_form"].fields["rule"].choices)
    assert offered["check:danger_asked:provincial_head"] == "danger asked about, as provincial head"
    assert not any(name.endswith("police_supervisor") for name in offered)
    answers = {"rule": "check:danger_asked:provincial_head", "reason": "why"}
    refused = client.post(address, answers)
    assert refused.status_code == 422
    assert "Only whoever holds the office may approve this." in refused.content.decode()
    assert client.post(address, answers | {"rule": "check:danger_asked:police_supervisor", "holds": "on"}).status_code == 422
    assert client.post(address, answers | {"holds": "on"}).status_code == 302
    written = client.get(reverse("following:procedure", args=[identification.pk])).content.decode()
    assert f"approved by {people.supervisor} as provincial head" in written


def test_whoever_can_hold_none_of_the_offices_is_told_which_they_are(people: People, subject: Subject) -> None:
    other = Subject(subject.kind, subject.id, subject.scope, {"K": people.ministry.pk, "M": people.hospital.pk})
    stay = services.bind(subject=other, procedure=keep_shipped("th-shelter", NOON), by=people.owner, at=NOON)
    page = client_of(people.supervisor).get(reverse("following:procedure", args=[stay.pk])).content.decode()
    assert "approves: provincial head. None of them is an office of yours." in page


def test_whoever_holds_an_office_is_not_told_to_ask_others(people: People, late: DriftFinding) -> None:
    page = client_of(people.supervisor).get(reverse("following:procedure", args=[late.binding_id])).content.decode()
    assert "None of them is an office of yours" not in page


def test_of_an_office_that_no_catalogue_knows_her_own_word_is_recorded(people: People) -> None:
    assert office("liaison", "kh-la/return").fits(people.owner)
    assert office("focal_H", "th-la/return").fits(people.supervisor)
    assert not office("focal_H", "th-la/return").fits(people.owner)  # a case worker
    assert not office("focal_H", "th-la/return").fits(people.stranger)


# A finding closed by a departure


def test_a_finding_is_closed_by_a_departure_written_down_late(people: People, late: DriftFinding) -> None:
    with clock.stopped_at(LATE):
        client = client_of(people.supervisor)
        assert "It was a departure" in client.get(reverse("following:procedure", args=[late.binding_id])).content.decode()
        address = reverse("following:explain_finding", args=[late.pk])
        wrong = client.post(address, {"how": "as:focal_H", "reason": "", "holds": "on"})
        assert wrong.status_code == 422
        assert client.post(address, {"how": "as:focal_O", "reason": "x", "holds": "on"}).status_code == 422
        assert client.post(address, {"how": "as:focal_H", "reason": CANARY, "holds": "on"}).status_code == 302
    late.refresh_from_db()
    departure = Departure.objects.get()
    assert (late.state, late.closed_by, late.departure) == ("departed", people.supervisor, departure)
    assert (departure.what, departure.name, departure.role) == ("due", "tracing", "focal_H")
    assert late.binding.promises.get(owed="tell").state_at(LATE) == "running"
    assert not any(CANARY in str(row) for row in AuditEvent.objects.values_list())


def test_a_departure_on_record_closes_the_finding_that_it_explains_and_no_other(people: People, late: DriftFinding) -> None:
    facts: dict[str, Any] = {"binding_id": late.binding_id, "role": "focal_H", "reason": "why", "by": people.supervisor, "at": LATE}
    other = departing.depart(what="check", name="person_heard", **facts)
    with pytest.raises(Invalid):
        departing.explain(finding_id=late.pk, departure_id=other.pk, by=people.supervisor, at=LATE)
    late.refresh_from_db()
    assert late.state == "open"
    right = departing.depart(what="due", name="tracing", **facts)
    with clock.stopped_at(LATE):
        client_of(people.supervisor).post(reverse("following:explain_finding", args=[late.pk]), {"how": f"of:{right.pk}"})
    late.refresh_from_db()
    assert (late.state, late.departure) == ("departed", right)


def test_what_no_article_lets_be_shortened_is_not_closed_by_a_departure(people: People, binding: Binding) -> None:
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    services.note_message(binding_id=binding.pk, message="trace_request", fields=["shelter_name"], by=people.owner, at=NOON)
    finding = DriftFinding.objects.get(kind="over_disclosure")
    client = client_of(people.supervisor)
    assert "It was a departure" not in client.get(reverse("following:procedure", args=[binding.pk])).content.decode()
    address = reverse("following:explain_finding", args=[finding.pk])
    assert client.post(address, {"how": "as:focal_H", "reason": "x", "holds": "on"}).status_code == 403
    with pytest.raises(Invalid):
        departing.explain_late(finding_id=finding.pk, role="focal_H", reason="x", by=people.supervisor, at=NOON)
    assert client_of(people.owner).post(address).status_code == 403
    assert client_of(people.stranger).post(address).status_code == 404
