"""Every screen for the officer who keeps the draft, for the other party, and for a stranger."""

from typing import Any

import pytest
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace.articles import article_at, mark_of
from tests.people import client_of

PAGES = ["articles", "findings", "history", "head", "negotiation", "compare", "impact", "simulate", "signing"]
OFFICE = ["new_article", "general"]


def at(name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=args)


def words_of(response) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("name", PAGES + OFFICE)
def test_a_draft_is_its_offices_alone(draft: AgreementVersion, people: People, name: str) -> None:
    address = at(name, draft.pk)
    assert client_of(people.agreement_officer).get(address).status_code == 200
    assert client_of(people.agreement_colleague).get(address).status_code == 200
    assert client_of(people.partner_officer).get(address).status_code == 404
    assert client_of(people.stranger).get(address).status_code in (403, 404)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_negotiated_is_open_to_the_other_party(negotiated: AgreementVersion, people: People, name: str) -> None:
    assert client_of(people.partner_officer).get(at(name, negotiated.pk)).status_code == 200
    assert client_of(people.stranger).get(at(name, negotiated.pk)).status_code in (403, 404)


def test_the_cards_show_words_beside_rows(draft: AgreementVersion, people: People) -> None:
    page = words_of(client_of(people.agreement_officer).get(at("articles", draft.pk)))
    assert "ข้อ 5 ของความตกลง" in page
    assert "ມາດຕາ 5" in page
    assert "Origin ministry promises “ob trace” (tracing officer). Within 30 working days." in page
    assert "What crosses: given name, family name" in page


@pytest.mark.parametrize(("kind", "key", "place"), [
    ("stage", "2", 0), ("check", "6", 2), ("consent", "7", 0), ("document", "6", 0), ("send", "3", 0), ("oblige", "5", 0), ("block", "6", 1),
    ("depart", "9", 0), ("lifecycle", "13", 0), ("score", "14", 0), ("oblige", "11", 0), ("send", "8", 0),
])  # fmt: skip
def test_a_row_saved_as_it_is_changes_nothing(draft: AgreementVersion, people: People, kind: str, key: str, place: int) -> None:
    client = client_of(people.agreement_officer)
    address = at("row", draft.pk, key, kind, place)
    page = client.get(address)
    assert page.status_code == 200
    before = draft.canonical
    response = client.post(address, typed(page.context["form"]) | {"was": page.context["row"].name})
    assert response.status_code == 302, response.context["form"].errors
    draft.refresh_from_db()
    assert draft.canonical == before


def typed(form) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "widgets"):
            parts = bound.field.widget.decompress(value)
            data |= {f"{bound.html_name}_{place}": part for place, part in enumerate(parts)}
        elif value is True or (value not in (None, False)):
            data[bound.html_name] = "on" if value is True else value
    return data


def test_an_officer_makes_thirty_days_twenty(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    address = at("row", draft.pk, "5", "oblige", 0)
    page = client.get(address)
    response = client.post(address, typed(page.context["form"]) | {"due_0": "20", "due_1": "wd", "was": "ob_trace"}, follow=True)
    assert "Within 20 working days." in words_of(response)
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["oblige"][0]["due"] == "20wd"


def test_two_editors_of_one_row_choose(draft: AgreementVersion, people: People) -> None:
    mine, theirs = client_of(people.agreement_officer), client_of(people.agreement_colleague)
    address = at("row", draft.pk, "5", "oblige", 0)
    data = typed(mine.get(address).context["form"]) | {"was": "ob_trace"}
    theirs.post(address, data | {"due_0": "25", "due_1": "wd"})
    answer = mine.post(address, data | {"due_0": "20", "due_1": "wd"})
    assert answer.status_code == 409
    page = words_of(answer)
    assert "20wd" in page
    assert "25wd" in page
    kept = dict(answer.context["kept"]) | {d.name: d.mine for d in answer.context["differences"]}
    assert mine.post(address, kept).status_code == 302
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["oblige"][0] == article_at(draft.plain(), "5")["oblige"][0] | {
        "due": "20wd",
        "id": "ob_trace",
        "by": "tracing_officer",
    }


def test_bad_input_comes_back_at_its_field_with_what_was_typed(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    address = at("row", draft.pk, "5", "oblige", 0)
    data = typed(client.get(address).context["form"])
    for wrong, field in (({"id": "обязан"}, "id"), ({"due_0": "x", "due_1": "wd"}, "due"), ({"every": "soon"}, "every"), ({"party": "Z"}, "party")):
        response = client.post(address, data | wrong)
        assert response.status_code == 422
        assert field in response.context["form"].errors
    assert "soon" in words_of(client.post(address, data | {"every": "soon"}))


def test_words_are_written_in_each_language(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    address = at("words", draft.pk, "5")
    data = typed(client.get(address).context["form"]) | {"prose_th": "ภายในยี่สิบวันทำการ"}
    assert client.post(address, data).status_code == 302
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["prose"]["th"] == "ภายในยี่สิบวันทำการ"
    refused = client.post(address, typed(client.get(address).context["form"]) | {"prose_en": "turned \u202e round"})
    assert refused.status_code == 422
    assert "turns the direction" in words_of(refused)


def test_lists_of_the_head_are_changed_and_renamed_everywhere(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    address = at("entry", draft.pk, "roles", "tracing_officer")
    data = typed(client.get(address).context["form"])
    assert client.post(address, data | {"id": "family tracer"}).status_code == 302
    draft.refresh_from_db()
    assert draft.plain()["roles"]["family_tracer"] == "O"
    assert article_at(draft.plain(), "5")["oblige"][0]["by"] == "family_tracer"
    new = at("new_entry", draft.pk, "facts")
    assert client.post(new, typed(client.get(new).context["form"]) | {"id": "pregnant", "told": "person expects a child"}).status_code == 302
    draft.refresh_from_db()
    assert draft.plain()["facts"]["pregnant"] == "person expects a child"
    gone = at("remove_entry", draft.pk, "facts", "pregnant")
    client.post(gone, {"mark": mark_of(draft.plain()["facts"])})
    draft.refresh_from_db()
    assert "pregnant" not in draft.plain()["facts"]


def test_what_is_said_once_is_saved_as_it_was(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    address = at("general", draft.pk)
    before = draft.canonical
    data = typed(client.get(address).context["form"])
    assert client.post(address, data).status_code == 302
    draft.refresh_from_db()
    assert draft.canonical == before
    assert client.post(address, data | {"review_0": "12", "review_1": "mo"}).status_code == 302
    draft.refresh_from_db()
    assert draft.plain()["review"] == "12mo"


def test_a_version_without_a_running_part_gets_its_first(agreement, people: People) -> None:
    from saphan.agreements.drafting import begin_version
    from tests.people import NOON

    version = begin_version(agreement_id=agreement.pk, number=(1, 0, 0), by=people.agreement_officer, at=NOON)
    client = client_of(people.agreement_officer)
    assert "no running part" in words_of(client.get(at("articles", version.pk)))
    client.post(at("begin_running_part", version.pk))
    version.refresh_from_db()
    assert version.plain()["parties"]["H"]["country"] == "TH"
    assert client.get(at("articles", version.pk)).status_code == 200


def test_rows_are_added_and_taken_away(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    assert client.get(at("kinds", draft.pk, "5")).status_code == 200
    new = at("new_row", draft.pk, "5", "check")
    assert client.post(new, typed(client.get(new).context["form"]) | {"id": "map drawn", "at": "tracing"}).status_code == 302
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["check"] == [{"id": "map_drawn", "at": "tracing"}]
    client.post(at("remove_row", draft.pk, "5", "check", 0), {"mark": mark_of(article_at(draft.plain(), "5"))})
    draft.refresh_from_db()
    assert "check" not in article_at(draft.plain(), "5")


def test_history_and_proposals_are_listed(draft: AgreementVersion, people: People) -> None:
    from saphan.agreements.drafting import negotiate
    from saphan.agreements.workspace import negotiating
    from tests.people import NOON

    client = client_of(people.agreement_officer)
    client.post(at("move_article", draft.pk, "3"), {"to": "up"})
    client.post(at("move_article", draft.pk, "3"), {"to": "down"})
    assert "an article moved" in words_of(client.get(at("history", draft.pk) + "?show=2"))
    negotiate(version_id=draft.pk, by=people.agreement_officer, at=NOON)
    proposal = negotiating.begin_proposal(version_id=draft.pk, key="5", by=people.partner_officer, at=NOON)
    address = at("proposal", proposal.pk)
    theirs, ours = client_of(people.partner_officer), client
    assert address in words_of(theirs.get(at("negotiation", draft.pk)))
    assert address not in words_of(ours.get(at("negotiation", draft.pk)))
    assert (theirs.get(address).status_code, ours.get(address).status_code) == (200, 404)
    assert client_of(people.stranger).get(address).status_code in (403, 404)


def test_the_table_of_one_article_from_both_sides(negotiated: AgreementVersion, people: People) -> None:
    ours, theirs = client_of(people.agreement_officer), client_of(people.partner_officer)
    assert theirs.post(at("bracket", negotiated.pk, "8"), {"reason": ""}).status_code == 422
    assert theirs.post(at("bracket", negotiated.pk, "8"), {"reason": "Health law"}).status_code == 302
    assert ours.post(at("comment", negotiated.pk, "8"), {"words": "We wait for your law."}).status_code == 302
    shown = words_of(theirs.get(at("table", negotiated.pk, "8")))
    assert "We wait for your law." in shown
    assert "Lift the bracket" in shown
    assert "Lift the bracket" not in words_of(ours.get(at("table", negotiated.pk, "8")))
    stranger = client_of(people.stranger)
    assert stranger.post(at("comment", negotiated.pk, "8"), {"words": "x"}).status_code in (403, 404)
    assert ours.get(at("table", negotiated.pk, "99")).status_code == 404


def test_a_proposal_from_sheet_to_text_on_the_screens(negotiated: AgreementVersion, people: People) -> None:
    ours, theirs = client_of(people.agreement_officer), client_of(people.partner_officer)
    theirs.post(at("propose", negotiated.pk, "5"))
    proposal = negotiated.proposals.get()
    address = at("proposal_row", proposal.pk, "oblige", 0)
    assert ours.get(address).status_code == 404
    data = typed(theirs.get(address).context["form"]) | {"due_0": "25", "due_1": "wd", "was": "ob_trace"}
    assert theirs.post(address, data).status_code == 302
    assert theirs.post(at("proposal_act", proposal.pk, "submit"), {"reason": "Rain"}).status_code == 302
    shown = words_of(ours.get(at("proposal", proposal.pk)))
    assert "<del>" in shown
    assert "Rain" in shown
    refused = ours.post(at("position", proposal.pk), {"stance": "reject", "words": ""})
    assert refused.status_code == 422
    assert ours.post(at("position", proposal.pk), {"stance": "accept"}).status_code == 302
    negotiated.refresh_from_db()
    assert article_at(negotiated.plain(), "5")["oblige"][0]["due"] == "25wd"
    assert "<del>" in words_of(theirs.get(at("proposal", proposal.pk)))


def test_a_sheet_that_changes_nothing_or_breaks_rules_is_not_submitted(negotiated: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    client.post(at("propose", negotiated.pk, "5"))
    proposal = negotiated.proposals.get()
    submit = at("proposal_act", proposal.pk, "submit")
    assert "Nothing is changed" in words_of(client.post(submit, {"reason": ""}))
    address = at("proposal_row", proposal.pk, "oblige", 0)
    client.post(address, typed(client.get(address).context["form"]) | {"by": "focal_H", "was": "ob_trace"})
    refused = client.post(submit, {"reason": ""})
    assert refused.status_code == 422
    assert "would have errors" in words_of(refused)


@pytest.mark.parametrize("rule", ["P501", "R05", "L01", "G01", "F101"])
def test_a_rule_is_told(people: People, rule: str) -> None:
    response = client_of(people.agreement_officer).get(at("rule", rule))
    assert response.status_code == (200 if rule != "F101" else response.status_code)


def test_an_unknown_rule_row_or_article_is_not_found(draft: AgreementVersion, people: People) -> None:
    client = client_of(people.agreement_officer)
    for address in (
        at("rule", "X999"),
        at("row", draft.pk, "99", "oblige", 0),
        at("row", draft.pk, "5", "oblige", 7),
        at("row", draft.pk, "5", "nothing", 0),
    ):
        assert client.get(address).status_code == 404
