"""The pages of a followed procedure: what each side reads and does, and a stranger finds nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.following import rebinding, services
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.desk import count_drift, count_due, drifting, due_soon
from saphan.agreements.following.models import Binding, CalendarDay, DriftFinding
from saphan.agreements.following.tests.conftest import recover
from saphan.agreements.following.tests.test_drift import approvers, newer
from saphan.core import clock
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def traced(people: People, binding: Binding) -> Binding:
    recover(binding, people.owner)
    services.enter(binding_id=binding.pk, stage="tracing", by=people.owner, at=NOON)
    return Binding.objects.get(pk=binding.pk)


def test_the_page_says_why_not_yet_with_the_article(people: People, binding: Binding) -> None:
    page = client_of(people.owner).get(reverse("following:procedure", args=[binding.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Art. 2: Not done yet: rights explained" in text
    assert "<svg" in text
    assert binding.procedure.digest in text


def test_a_stranger_gets_the_same_answer_as_for_nothing(people: People, binding: Binding) -> None:
    there = client_of(people.stranger).get(reverse("following:procedure", args=[binding.pk]))
    nowhere = client_of(people.stranger).get(reverse("following:procedure", args=[people.ngo.pk]))
    assert there.status_code == nowhere.status_code == 404
    assert client_of(people.dpo).get(reverse("following:promises")).status_code == 403


def test_the_queue_shows_what_we_owe_and_what_others_owe(people: People, traced: Binding) -> None:
    client = client_of(people.owner)
    with clock.stopped_at(NOON + timedelta(days=1)):
        ours = client.get(reverse("following:promises") + "?times=on").content.decode()
        theirs = client.get(reverse("following:promises") + "?whose=theirs").content.decode()
        late = client.get(reverse("following:promises") + "?show=late&whose=all").content.decode()
    assert "leave the stage: tracing" in ours
    assert "trace report" in theirs
    assert "30 working days in Laos" in theirs
    assert "No promise waits here" in late


def test_my_day_holds_what_the_organisation_owes(people: People, traced: Binding) -> None:
    with clock.stopped_at(NOON + timedelta(days=70)):
        look_at_promises(NOON + timedelta(days=70))
        assert count_drift(people.supervisor) > 0
        assert drifting(people.supervisor, NOON)
        assert count_due(people.owner) == 0
        assert not due_soon(people.owner, NOON)


def test_a_supervisor_shortens_a_check_and_says_that_the_other_side_knows(people: People, binding: Binding) -> None:
    client = client_of(people.supervisor)
    address = reverse("following:procedure", args=[binding.pk])
    offered = [name for name, _label in client.get(address).context["depart_form"].fields["rule"].choices]
    rule = next(name for name in offered if name.startswith("check:"))
    wrong = client.post(reverse("following:depart", args=[binding.pk]), {"rule": rule, "reason": ""})
    assert wrong.status_code == 422
    client.post(reverse("following:depart", args=[binding.pk]), {"rule": rule, "reason": "canary-why-31", "holds": "on"})
    page = client.get(address).content.decode()
    assert "canary-why-31" not in page
    client.post(reverse("following:tell", args=[binding.departures.get().pk]))
    assert binding.departures.get().told_by == people.supervisor
    assert client_of(people.owner).post(reverse("following:depart", args=[binding.pk]), {"rule": rule, "reason": "x"}).status_code == 403
    assert client_of(people.stranger).post(reverse("following:tell", args=[binding.departures.get().pk])).status_code == 404


def test_drift_is_counted_by_article_and_answered_for(people: People, traced: Binding) -> None:
    services.note_message(binding_id=traced.pk, message="trace_request", fields=["given_name", "shelter_name"], by=people.owner, at=NOON)
    client = client_of(people.supervisor)
    page = client.get(reverse("following:drift"))
    assert [(row.article, row.count) for row in page.context["counts"]] == [("3", 1)]
    finding = DriftFinding.objects.get()
    client.post(reverse("following:close_finding", args=[finding.pk]), {"how": "accept"})
    finding.refresh_from_db()
    assert (finding.state, finding.closed_by) == ("accepted", people.supervisor)
    assert "Nothing of this kind" in client.get(reverse("following:drift") + "?kind=late").content.decode()
    assert "shelter name" in client.get(reverse("following:drift") + "?closed=on").content.decode()
    assert client_of(people.stranger).post(reverse("following:close_finding", args=[finding.pk])).status_code == 404


def test_another_version_is_asked_for_and_approved_by_two(people: People, traced: Binding) -> None:
    after = newer(traced)
    client = client_of(people.supervisor)
    assert client.post(reverse("following:ask_rebinding", args=[traced.pk]), {"after": "sha256:none"}).status_code == 422
    client.post(reverse("following:ask_rebinding", args=[traced.pk]), {"after": after.digest})
    asked = traced.rebindings.get()
    assert client.post(reverse("following:answer_rebinding", args=[asked.pk]), {"how": "approve"}).status_code == 403
    for approver in approvers(people):
        client_of(approver).post(reverse("following:answer_rebinding", args=[asked.pk]), {"how": "approve"})
    traced.refresh_from_db()
    assert traced.procedure == after
    again = rebinding.ask(binding_id=traced.pk, after=asked.before, by=people.supervisor, at=NOON)
    client_of(people.colleague).post(reverse("following:answer_rebinding", args=[again.pk]), {"how": "refuse"})
    again.refresh_from_db()
    assert again.state == "refused"


def test_a_ministry_edits_the_calendar(people: People) -> None:
    client = client_of(people.agreement_officer)
    address = reverse("following:calendar")
    assert client.post(address, {"country": "LA", "day": "2026-12-03", "works": "off", "name": ""}).status_code == 422
    assert client.post(address, {"country": "LA", "day": "2026-12-03", "works": "off", "name": "given"}).status_code == 302
    assert client.post(address, {"country": "LA", "day": "2026-12-03", "works": "on", "name": ""}).status_code == 422
    assert "given" in client.get(address).content.decode()
    day = CalendarDay.objects.get()
    client.post(reverse("following:take_back_day", args=[day.pk]))
    assert not CalendarDay.objects.exists()
    assert client.post(reverse("following:take_back_day", args=[day.pk])).status_code == 404
