"""My day tells an office which words and signatures are asked of it, and nobody else."""

from saphan.access.seeds import People
from saphan.agreements.drafting import agree
from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace import desk, keys
from saphan.agreements.workspace.states import Stance
from saphan.agreements.workspace.tests.test_negotiating import say, submitted
from tests.people import NOON


def test_a_proposal_waits_for_the_party_that_has_not_spoken(negotiated: AgreementVersion, people: People) -> None:
    proposal = submitted(negotiated, people.partner_officer)
    assert [task.url for task in desk.proposals(people.agreement_officer, NOON)] == [f"/desk/agreements/proposals/{proposal.pk}/"]
    assert desk.count_proposals(people.agreement_colleague) == 1
    assert desk.count_proposals(people.partner_officer) == 0
    assert desk.count_proposals(people.editor) == 0
    say(proposal, Stance.RESERVE, people.agreement_officer, "We ask the provinces first.")
    assert desk.count_proposals(people.agreement_officer) == 0


def test_a_prepared_signature_waits_for_a_colleague_and_never_for_its_maker(negotiated: AgreementVersion, people: People) -> None:
    agreed = agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON)
    keys.make_key(by=people.agreement_officer, at=NOON)
    keys.prepare(version_id=agreed.pk, office="Minister", signatory="A. Name", by=people.agreement_officer, at=NOON)
    assert desk.count_prepared(people.agreement_officer) == 0
    assert [task.url for task in desk.prepared(people.agreement_colleague, NOON)] == [f"/desk/agreements/versions/{agreed.pk}/signing/"]
    assert desk.count_prepared(people.partner_colleague) == 0
