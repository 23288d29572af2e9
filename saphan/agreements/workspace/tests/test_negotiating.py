"""A proposal becomes text when all parties accept the very same words, and never over words that nobody saw."""

from datetime import timedelta
from itertools import count

import pytest

from saphan.access.seeds import People
from saphan.agreements.drafting import NotClean, agree
from saphan.agreements.models import AgreementVersion, Position, Proposal
from saphan.agreements.workspace import brackets, negotiating
from saphan.agreements.workspace.articles import article_at, keys_of, mark_of
from saphan.agreements.workspace.states import ProposalState, Stance
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON


def begun(version: AgreementVersion, by, key: str = "5") -> Proposal:
    return negotiating.begin_proposal(version_id=version.pk, key=key, by=by, at=NOON)


def with_days(proposal: Proposal, days: str, by) -> Proposal:
    assert proposal.content
    content = proposal.content | {"oblige": [proposal.content["oblige"][0] | {"due": days}]}
    return negotiating.write_proposal(proposal_id=proposal.pk, content=content, mark=mark_of(proposal.content), by=by, at=NOON)


def submitted(version: AgreementVersion, by, days: str = "20wd") -> Proposal:
    proposal = with_days(begun(version, by), days, by)
    return negotiating.submit(proposal_id=proposal.pk, reason="Families wait.", by=by, at=NOON)


MINUTES = count(1)


def say(proposal: Proposal, stance: Stance, by, words: str = "") -> Proposal:
    """Each time a minute later, as in life: the last word counts."""
    at = NOON + timedelta(minutes=next(MINUTES))
    return negotiating.take_position(proposal_id=proposal.pk, stance=stance, words=words, by=by, at=at)


def due(version: AgreementVersion) -> str:
    version.refresh_from_db()
    return str(article_at(version.plain(), "5")["oblige"][0]["due"])


def test_when_both_accept_the_text_changes(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.partner_officer)
    assert due(negotiated) == "30wd"
    assert say(proposal, Stance.ACCEPT, people.agreement_officer).state == ProposalState.APPLIED
    assert due(negotiated) == "20wd"
    assert negotiated.revisions.latest("number").what == "proposal"


def test_a_rejected_proposal_leaves_the_text(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.agreement_officer)
    assert say(proposal, Stance.REJECT, people.partner_officer, "The roads.").state == ProposalState.DECLINED
    assert due(negotiated) == "30wd"


def test_a_reserved_position_keeps_the_article_in_brackets(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.agreement_officer)
    assert say(proposal, Stance.RESERVE, people.partner_officer, "We ask the capital.").state == ProposalState.OPEN
    assert list(brackets.open_articles(negotiated)) == ["5"]
    with pytest.raises(NotClean, match="NotClean"):
        agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON)
    assert say(proposal, Stance.ACCEPT, people.partner_officer).state == ProposalState.APPLIED
    assert agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON).state == "agreed_ad_referendum"


def test_to_say_no_needs_a_reason(negotiated: AgreementVersion, people: People) -> None:
    with pytest.raises(Invalid):
        say(submitted(negotiated, people.agreement_officer), Stance.REJECT, people.partner_officer)


def test_an_acceptance_never_passes_to_another_text(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.agreement_officer)
    say(proposal, Stance.RESERVE, people.partner_officer, "Later.")
    negotiating.take_back(proposal_id=proposal.pk, by=people.agreement_officer, at=NOON)
    proposal.refresh_from_db()
    with_days(proposal, "10wd", people.agreement_officer)
    again = negotiating.submit(proposal_id=proposal.pk, reason="", by=people.agreement_officer, at=NOON)
    assert again.state == ProposalState.OPEN
    assert {p.stance for p in negotiating.last_words(again).values()} == {Stance.ACCEPT}
    assert Position.objects.filter(proposal=proposal).count() == 3


def test_a_proposal_to_a_text_that_moved_on_is_not_applied(negotiated: AgreementVersion, people: People) -> None:
    first, second = submitted(negotiated, people.agreement_officer), submitted(negotiated, people.partner_officer, "25wd")
    say(second, Stance.ACCEPT, people.agreement_officer)
    with pytest.raises(WrongState):
        say(first, Stance.ACCEPT, people.partner_officer)
    assert due(negotiated) == "25wd"
    negotiating.take_back(proposal_id=first.pk, by=people.agreement_officer, at=NOON)
    negotiating.bring_up_to_date(proposal_id=first.pk, by=people.agreement_officer, at=NOON)
    negotiating.submit(proposal_id=first.pk, reason="", by=people.agreement_officer, at=NOON)
    say(first, Stance.ACCEPT, people.partner_officer)
    assert due(negotiated) == "20wd"


def test_a_change_that_would_bring_errors_is_not_applied(negotiated: AgreementVersion, people: People) -> None:
    proposal = begun(negotiated, people.agreement_officer)
    assert proposal.content
    content = proposal.content | {"oblige": [proposal.content["oblige"][0] | {"by": "focal_H"}]}
    negotiating.write_proposal(proposal_id=proposal.pk, content=content, mark=mark_of(proposal.content), by=people.agreement_officer, at=NOON)
    negotiating.submit(proposal_id=proposal.pk, reason="", by=people.agreement_officer, at=NOON)
    with pytest.raises(NotClean):
        say(proposal, Stance.ACCEPT, people.partner_officer)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN


def test_a_proposal_that_changes_nothing_is_not_submitted(negotiated: AgreementVersion, people: People) -> None:
    proposal = begun(negotiated, people.agreement_officer)
    with pytest.raises(Invalid):
        negotiating.submit(proposal_id=proposal.pk, reason="", by=people.agreement_officer, at=NOON)


def test_articles_come_and_go_by_proposals(negotiated: AgreementVersion, people: People) -> None:
    new = negotiating.begin_new_article(version_id=negotiated.pk, after="4", by=people.partner_officer, at=NOON)
    content = {"art": "4a", "prose": {"en": "A.", "th": "ก", "lo": "ກ"}}
    negotiating.write_proposal(proposal_id=new.pk, content=content, mark=mark_of(new.content), by=people.partner_officer, at=NOON)
    negotiating.submit(proposal_id=new.pk, reason="", by=people.partner_officer, at=NOON)
    say(new, Stance.ACCEPT, people.agreement_officer)
    negotiated.refresh_from_db()
    assert keys_of(negotiated.plain())[3:6] == ["4", "4a", "5"]
    gone = negotiating.propose_removal(version_id=negotiated.pk, key="4a", by=people.agreement_officer, at=NOON)
    negotiating.submit(proposal_id=gone.pk, reason="", by=people.agreement_officer, at=NOON)
    say(gone, Stance.ACCEPT, people.partner_officer)
    negotiated.refresh_from_db()
    assert "4a" not in keys_of(negotiated.plain())


def test_who_is_no_party_has_no_voice(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.agreement_officer)
    for act in (lambda: begun(negotiated, people.stranger), lambda: say(proposal, Stance.ACCEPT, people.stranger)):
        with pytest.raises(Refused):
            act()


def test_a_party_does_not_write_the_other_ones_proposal(negotiated: AgreementVersion, people: People) -> None:
    proposal = begun(negotiated, people.agreement_officer)
    with pytest.raises(Refused):
        with_days(proposal, "1wd", people.partner_officer)


def test_a_bracket_is_lifted_by_the_party_that_set_it(negotiated: AgreementVersion, people: People) -> None:
    bracket = brackets.set_bracket(version_id=negotiated.pk, key="8", reason="Health law", by=people.partner_officer, at=NOON)
    with pytest.raises(Refused):
        brackets.lift_bracket(bracket_id=bracket.pk, by=people.agreement_officer, at=NOON)
    with pytest.raises(NotClean):
        agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON)
    brackets.lift_bracket(bracket_id=bracket.pk, by=people.partner_officer, at=NOON)
    assert agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON).agreed_at == NOON


def test_a_new_article_behind_one_that_does_not_exist_stands_at_the_end(negotiated: AgreementVersion, people: People) -> None:
    new = negotiating.begin_new_article(version_id=negotiated.pk, after="9" * 500, by=people.partner_officer, at=NOON)
    assert new.after == ""
