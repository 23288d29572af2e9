"""What a draft would have meant for closed cases: counted from their events, and silent where they are few."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.following.models import Binding, CaseEvent, KeptProcedure
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.tests.stories import BEGIN, Story, example
from saphan.agreements.workspace.impact import replayed
from saphan.agreements.workspace.redline import head_changed, procedures_changed, words_changed
from saphan.core.ids import new_id
from tests.people import NOON, client_of


def shorter() -> dict[str, Any]:
    plain = example().procedure.plain()
    article = next(a for a in plain["articles"] if a["art"] == "5")
    article["oblige"][0]["due"] = "20wd"
    article["prose"]["en"] = article["prose"]["en"].replace("thirty", "twenty")
    return plain


def told(days: int) -> list[Event]:
    story = Story().traced().day(days).tell("message_sent", "trace_report", party="O", to="H", fields=("relation",))
    return story.day(days + 1).enter("decision", "other_solution").day(days + 20).enter("closed").events


def histories(slow: int, quick: int) -> dict[str, list[Event]]:
    return {f"c{n}": told(36 if n < slow else 10) for n in range(slow + quick)}


def test_a_shorter_date_lowers_what_was_kept() -> None:
    found = replayed(example().procedure.plain(), shorter(), histories(6, 6), now=BEGIN + timedelta(days=400))
    line = next(line for line in found.lines if line.name == "ob_trace")
    assert (found.cases, line.before_share, line.after_share, line.falls, line.shown) == (12, 100, 50, True, True)


@pytest.mark.parametrize(("cases", "shown"), [(4, False), (5, True)])
def test_few_cases_are_not_shown(cases: int, shown: bool) -> None:
    found = replayed(example().procedure.plain(), shorter(), histories(0, cases), now=BEGIN + timedelta(days=400))
    assert found.is_enough is shown
    assert next(line for line in found.lines if line.name == "ob_trace").shown is shown


def test_articles_are_compared_in_words_and_rows() -> None:
    before, after = example().procedure.plain(), shorter()
    changed = [c for c in procedures_changed(before, after) if c.status != "same"]
    assert [c.key for c in changed] == ["5"]
    assert [(p.mark, p.text.strip()) for p in changed[0].prose[0].pieces if p.mark != "same"] == [("gone", "thirty"), ("new", "twenty")]
    assert [(r.kind, r.name) for r in changed[0].changed_rows] == [("oblige", "ob_trace")]
    assert head_changed(before, after) == []


def test_words_without_spaces_are_compared_by_their_letters() -> None:
    pieces = words_changed("ภายในสามสิบวันทำการ", "ภายในยี่สิบวันทำการ")
    assert "".join(p.text for p in pieces if p.mark != "new") == "ภายในสามสิบวันทำการ"
    assert "".join(p.text for p in pieces if p.mark != "gone") == "ภายในยี่สิบวันทำการ"
    assert all(p.mark == "same" for p in pieces if p.text.startswith("ภายใน"))


def kept(version: AgreementVersion, people: People, cases: int, orgs: str) -> None:
    kept = KeptProcedure.objects.create(digest=version.digest, identity="th-la/return", number="3.0.0", canonical=version.canonical, kept_at=NOON)
    for n in range(cases):
        events = told(36 if n % 2 else 10)
        binding = Binding.objects.create(
            subject_kind="invented", subject_id=new_id(), scope=new_id(), procedure=kept, identity=kept.identity, parties={}, orgs=orgs,
            state="over", stage="closed", seq=len(events), bound_at=BEGIN, ended_at=BEGIN,
        )  # fmt: skip
        CaseEvent.objects.bulk_create(
            CaseEvent(binding=binding, seq=e.seq, at=e.at, kind=e.kind, name=e.name, party=e.party, to=e.to, form=e.form, guardian=e.guardian)
            for e in events
        )  # fmt: skip


def test_the_page_tells_cases_of_ones_own_office_only(draft: AgreementVersion, people: People) -> None:
    from saphan.agreements.drafting import begin_version, write_procedure
    from saphan.agreements.workspace.writing import text_of

    kept(draft, people, 10, str(people.ministry.pk))
    newer = begin_version(agreement_id=draft.agreement_id, number=(3, 1, 0), based_on_id=draft.pk, by=people.agreement_officer, at=NOON)
    plain = shorter() | {"version": "3.1.0"}
    write_procedure(version_id=newer.pk, source=text_of(plain), by=people.agreement_officer, at=NOON)
    page = reverse("workspace:impact", args=[newer.pk])
    shown = client_of(people.agreement_officer).get(page).content.decode()
    assert "kept would go from 100 % to 50 %" in shown
    assert "What this does not know" in shown
    from saphan.agreements.drafting import negotiate

    negotiate(version_id=newer.pk, by=people.agreement_officer, at=NOON)
    negotiate(version_id=draft.pk, by=people.agreement_officer, at=NOON)
    theirs = client_of(people.partner_officer).get(page).content.decode()
    assert "kept would go" not in theirs
    assert "no figure is shown" in theirs
