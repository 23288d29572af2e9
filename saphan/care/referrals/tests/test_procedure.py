"""A referral follows the national procedure: its stages are the states, its clocks the promises of the articles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.following import kept, triggers
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.deriving import standing_of
from saphan.agreements.following.kept import compiled, shipped
from saphan.agreements.following.models import Binding, CaseEvent, DriftFinding, PromiseInstance
from saphan.agreements.following.sitting import NotYet
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.drifting import drift
from saphan.care.cases.consents import withdraw_consent
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.models import Person
from saphan.care.referrals import procedure, services
from saphan.care.referrals.clocks import clock_for
from saphan.care.referrals.models import Referral
from saphan.care.referrals.states import WAITING, State
from saphan.care.referrals.tests.conftest import LATER, SHARED, consent_to
from saphan.core import clock
from saphan.core.sealing import sealed_fields
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from saphan.directory.models import Service
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db


def bound(referral: Referral) -> Binding:
    found = procedure.binding(referral)
    assert found is not None
    return found


def test_its_stages_are_the_states_of_a_referral() -> None:
    assert set(shipped(procedure.FILE).stages) == set(State.values)


@pytest.mark.parametrize("risk", ["high", "medium", "low"])
@pytest.mark.parametrize("state", sorted(WAITING))
def test_its_clocks_are_those_of_the_reference_data(risk: str, state: str) -> None:
    rule = procedure._promise(shipped(procedure.FILE), risk, procedure.KEPT_BY[State(state)])
    assert rule is not None
    assert rule.clause.due is not None
    assert rule.clause.due.unit == "h"
    assert timedelta(hours=rule.clause.due.amount) == clock_for(risk, state).length


def test_the_whole_way_leaves_no_drift_and_keeps_each_promise(people: People, accepted: Referral) -> None:
    services.start(referral_id=accepted.pk, by=people.receiver, at=LATER)
    services.complete(referral_id=accepted.pk, outcome="delivered", by=people.receiver, at=LATER)
    services.close_feedback(referral_id=accepted.pk, feedback="helped", by=people.owner, at=LATER)
    binding = bound(accepted)
    assert (binding.stage, binding.state) == ("feedback_closed", "over")
    assert drift(standing_of(binding), now=LATER + timedelta(days=400)) == ()
    assert set(PromiseInstance.objects.filter(owed="promise").values_list("ending", flat=True)) == {"kept"}


def test_whoever_answers_late_is_found_with_the_article(people: People, sent: Referral) -> None:
    look_at_promises(NOON + timedelta(hours=25))
    found = DriftFinding.objects.get(code="promise_late", name__contains="reply")
    assert (found.article, found.org_id) == ("3", people.hospital.pk)


def test_events_hold_no_word_about_the_person(accepted: Referral) -> None:
    told = " ".join(str(row) for row in CaseEvent.objects.values_list("kind", "name", "role", "party", "to", "ref", "fields"))
    assert "canary" not in told
    assert accepted.reference not in told


def test_a_withdrawn_consent_ends_it_and_the_receiver_owes_nothing(people: People, sent: Referral, consent: Consent) -> None:
    with clock.stopped_at(LATER):
        withdraw_consent(consent_id=consent.pk, by=people.owner, at=LATER)
    assert bound(sent).stage == "withdrawn"
    assert set(PromiseInstance.objects.filter(org=people.hospital).values_list("ending", flat=True)) == {"void"}


def test_what_the_procedure_forbids_does_not_happen(people: People, sent: Referral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procedure, "_reply", lambda sitting: procedure.acknowledge(sitting))
    with pytest.raises(NotYet) as refused:
        services.accept(referral_id=sent.pk, by=people.receiver, at=LATER)
    assert "Art. 7: Not done yet: capacity checked." in refused.value.reasons
    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert bound(sent).stage == "sent"


def test_a_referral_from_before_the_engine_is_bound_when_it_moves_on(people: People, sent: Referral) -> None:
    words = compiled(bound(sent).procedure)

    triggers.lift(connection)
    for model in (DriftFinding, PromiseInstance, CaseEvent, Binding):
        model._default_manager.all().delete()
    triggers.lay(connection)
    services.acknowledge(referral_id=sent.pk, by=people.receiver, at=LATER)
    assert bound(sent).stage == "acknowledged"
    sent.refresh_from_db()
    assert sent.due_at == NOON + timedelta(hours=24)
    assert compiled(bound(sent).procedure) is words


def test_a_child_is_referred_with_a_guardian_only(people: People, case: Case, trauma_care: Service, consent: Consent) -> None:
    case.person.age_band = "child"
    case.person.save(update_fields=["age_band"])
    drafted = services.draft(case_id=case.pk, request=services.Request(trauma_care.pk, "high"), by=people.owner, at=NOON)
    with pytest.raises(NotYet) as refused:
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=SHARED, by=people.owner, at=NOON)
    assert "consent" in refused.value.sentence
    chosen = {"consent": str(consent.pk), "classes": list(SHARED)}
    with clock.stopped_at(LATER):
        page = client_of(people.owner).post(reverse("referrals:send", args=[drafted.pk]), chosen)
    assert page.status_code == 422
    assert "Art. 2: A message crossed without the consent it needs" in page.content.decode()


@pytest.fixture
def not_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only version of the national procedure comes the day after the story."""
    text = shipped(procedure.FILE)
    later = compile_procedure(text.procedure.model_copy(update={"effective": date(2026, 11, 24)}))
    monkeypatch.setattr(kept, "shipped_versions", lambda _name: (later,))


@pytest.mark.usefixtures("not_in_force")
def test_where_no_version_is_in_force_a_referral_goes_its_way_and_its_page_says_so(people: People, sent: Referral) -> None:
    assert procedure.binding(sent) is None
    assert sent.due_at == NOON + timedelta(hours=2)  # a reminder by the length of the shipped text
    with clock.stopped_at(LATER):
        shown = client_of(people.owner).get(reverse("referrals:detail", args=[sent.pk]))
    assert "follows no procedure: none was in force on the day it was drafted" in shown.content.decode()
    services.accept(referral_id=sent.pk, by=people.receiver, at=LATER)
    services.start(referral_id=sent.pk, by=people.receiver, at=LATER)
    services.complete(referral_id=sent.pk, outcome="delivered", by=people.receiver, at=NOON + timedelta(days=2))
    sent.refresh_from_db()
    assert sent.state == State.COMPLETED
    assert procedure.binding(sent) is None  # the version that came since does not judge what began before it
    assert not PromiseInstance.objects.exists()


@pytest.mark.usefixtures("not_in_force")
@pytest.mark.parametrize(("at", "follows"), [(datetime(2026, 11, 23, 16, 59, tzinfo=UTC), False), (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), True)])
def test_a_referral_follows_from_the_day_in_bangkok(people: People, case: Case, trauma_care: Service, at: datetime, follows: bool) -> None:
    drafted = services.draft(case_id=case.pk, request=services.Request(service_id=trauma_care.pk, risk="high"), by=people.owner, at=at)
    assert (procedure.binding(drafted) is not None) == follows
    assert drafted.due_at == at + timedelta(hours=1)


@pytest.mark.parametrize(
    ("classes", "beyond"),
    [
        ((), ()),
        (("identity", "plan", "exploitation", "health"), ()),
        (("contact", "identity"), ("phone", "safe_contact")),
        (("location",), ("whereabouts",)),
    ],
)
def test_what_opens_beyond_the_article_is_found_and_stops_nothing(
    people: People, case: Case, trauma_care: Service, classes: tuple[str, ...], beyond: tuple[str, ...]
) -> None:
    offered = classes or ("plan",)
    consent = consent_to(people.hospital, case, people, classes=offered)
    drafted = services.draft(case_id=case.pk, request=services.Request(service_id=trauma_care.pk, risk="high"), by=people.owner, at=NOON)
    services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=offered, by=people.owner, at=NOON)
    assert not DriftFinding.objects.exists()  # the notice alone has crossed
    accepted = services.accept(referral_id=drafted.pk, by=people.receiver, at=LATER)
    assert accepted.state == State.ACCEPTED
    found = DriftFinding.objects.filter(binding=bound(accepted))
    assert sorted(found.values_list("name", flat=True)) == sorted(beyond)
    assert {(one.kind, one.code, one.article, one.org_id) for one in found} == (
        {("over_disclosure", "field_not_agreed", "8", people.ministry.pk)} if beyond else set()
    )
    crossed = CaseEvent.objects.get(binding=bound(accepted), name="scope_of_referral").fields
    assert set(crossed) == {name for one in offered for name in procedure.CROSSES[Sensitivity(one)]}


def test_over_disclosure_is_shown_before_it_happens_and_where_drift_is_shown(people: People, case: Case, trauma_care: Service) -> None:
    consent = consent_to(people.hospital, case, people, classes=("identity", "location"))
    with clock.stopped_at(LATER):
        drafted = services.draft(case_id=case.pk, request=services.Request(service_id=trauma_care.pk, risk="high"), by=people.owner, at=LATER)
        before = client_of(people.owner).get(reverse("referrals:detail", args=[drafted.pk])).content.decode()
        assert "Art. 8 of the procedure does not name: location." in before
        services.send(referral_id=drafted.pk, consent_id=consent.pk, classes=("identity", "location"), by=people.owner, at=LATER)
        services.accept(referral_id=drafted.pk, by=people.receiver, at=LATER)
        for address in (reverse("following:procedure", args=[bound(drafted).pk]), reverse("following:drift")):
            shown = client_of(people.supervisor).get(address).content.decode()
            assert "A field crossed that the agreement does not let cross: whereabouts." in shown
            assert "canary" not in shown
        assert "whereabouts" not in client_of(people.stranger).get(reverse("following:drift")).content.decode()


def test_nothing_beyond_is_told_where_the_article_names_all(people: People, drafted: Referral) -> None:
    assert procedure.beyond(bound(drafted), SHARED) is None
    assert procedure.beyond(None, ["location"]) is None
    assert procedure.beyond(bound(drafted), ["identity", "location"]) == procedure.Beyond("8", ("location",))


def test_every_sealed_part_of_a_file_has_its_words_in_the_procedure() -> None:
    assert set(procedure.CROSSES) == set(SEALED_CLASSES)
    kept = {field.sensitivity for model in apps.get_models() if model._meta.label.startswith("care_") for field in sealed_fields(model).values()}
    assert kept
    assert {one for one, names in procedure.CROSSES.items() if not names}.isdisjoint(kept)
    known = {name for names in procedure.CROSSES.values() for name in names}
    assert set(sealed_fields(Person)) <= known
