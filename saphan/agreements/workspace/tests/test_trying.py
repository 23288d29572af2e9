"""An invented case from both sides: only what is possible has a button, and each refusal names its article."""

import pytest
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.tests.stories import BEGIN, example
from saphan.agreements.workspace.trying import Try
from saphan.core.errors import Invalid
from tests.people import client_of


def begun(*facts: str) -> Try:
    return Try.begun(example(), Calendars(), now=BEGIN, facts=list(facts))


def walk(tried: Try, *keys: str) -> Try:
    for key in keys:
        tried.take(key)
    return tried


RECOVERED = (
    "checked:rights_explained:case_officer", "checked:interpreter_offered:case_officer", "checked:immediate_needs_met:case_officer",
    "consent_given:c_trace:", "document_filed:identification_record:case_officer",
)  # fmt: skip


def test_a_stage_opens_when_all_is_done() -> None:
    tried = begun()
    assert any("Art. 2" in reason for stage, reasons in tried.waiting() if stage == "tracing" for reason in reasons)
    assert "enter:tracing" not in {step.key for step in tried.steps()}
    walk(tried, *RECOVERED, "enter:tracing")
    assert tried.standing.stage == "tracing"


def test_what_is_not_possible_is_refused() -> None:
    with pytest.raises(Invalid):
        begun().take("enter:handover")


def test_a_message_waits_for_her_consent() -> None:
    tried = walk(begun(), *RECOVERED, "enter:tracing", "consent_withdrawn:c_trace:")
    assert next((send.id, missing) for send, missing in tried.held_back()) == ("trace_request", ["c_trace"])


def test_the_other_side_is_late_when_the_clock_moves() -> None:
    tried = walk(begun(), *RECOVERED, "enter:tracing")
    promise = {p.id: late for p, _state, late in tried.promises()}
    assert promise["ob_trace"] is False
    tried.forward("30d")
    tried.forward("30d")
    assert {p.id: late for p, _state, late in tried.promises()}["ob_trace"] is True
    tried.forward("90d")
    assert {p.id: state for p, state, _late in tried.promises()}["ob_trace"] == "not_kept"
    tried.back()
    assert tried.standing.stage == "recovery"


def test_working_days_move_by_the_calendar() -> None:
    tried = begun()
    tried.forward("5wd")
    assert (tried.now - BEGIN).days in (7, 8)  # Makha Bucha falls into the week


def test_it_goes_on_as_it_was_kept() -> None:
    tried = walk(begun("child"), "consent_given:c_trace:")
    again = Try.kept(example(), Calendars(), tried.keep())
    assert again.standing.plain(again.now) == tried.standing.plain(tried.now)
    assert again.standing.consents["c_trace"].guardian


def test_the_screen_walks_and_forgets(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    page, step = reverse("workspace:simulate", args=[draft.pk]), reverse("workspace:simulate_step", args=[draft.pk])
    client.post(reverse("workspace:simulate_begin", args=[draft.pk]), {"facts": ["child"]})
    assert "Not yet: tracing" in client.get(page).content.decode()
    for key in RECOVERED:
        client.post(step, {"step": key})
    client.post(step, {"step": "enter:tracing"})
    shown = client.get(page).content.decode()
    assert "Now at: tracing" in shown
    assert "Crosses: given name, family name" in shown
    assert "not possible now" in client.post(step, {"step": "enter:closed"}, follow=True).content.decode()
    client.post(reverse("workspace:simulate_forget", args=[draft.pk]))
    assert "An invented case" in client.get(page).content.decode()
