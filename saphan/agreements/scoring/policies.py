"""Who may see how an agreement is kept, say what happened, confirm it, and let a scorecard out: and why not."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, rule
from saphan.agreements.models import Agreement, AgreementParty
from saphan.agreements.scoring.commitment_models import inside_of
from saphan.agreements.scoring.models import Commitment, Occurrence, PublicationConsent, ScoreSnapshot
from saphan.agreements.scoring.occurring import OccurrenceState
from saphan.agreements.workspace.parties import party_of

A = Action
NO_PARTY = _("Your organisation is no party of this agreement.")


def _inside(user: User, agreement: Agreement) -> bool:
    return inside_of(user).filter(pk=agreement.pk).exists()


def _speaks_for(user: User, agreement: Agreement) -> AgreementParty | None:
    """The party for which the user speaks, where she sees the inside."""
    return party_of(user, agreement) if _inside(user, agreement) else None


@rule(A.COMMITMENT_LIST, A.SCORE_READ)
def parties_see_how_it_is_kept(user: User, agreement: Agreement) -> Verdict:
    """The office that keeps the agreement and the parties; an agreement of one office only is that office's."""
    return Verdict(_inside(user, agreement), _("How an agreement is kept is for its parties."))


@rule(A.COMMITMENT_PROPOSE)
def a_party_proposes_a_commitment(user: User, target: Agreement | Commitment) -> Verdict:
    """Each party proposes; what was proposed is withdrawn by its own party."""
    agreement = target if isinstance(target, Agreement) else target.version.agreement
    party = _speaks_for(user, agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    mine = isinstance(target, Agreement) or target.proposed_party_id == party.pk
    return Verdict(mine, _("Another party has proposed this."))


@rule(A.COMMITMENT_ANSWER)
def another_party_answers(user: User, commitment: Commitment) -> Verdict:
    """Another party than the one that proposed it; one of the two is the one that will owe it."""
    party = _speaks_for(user, commitment.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    if party.pk == commitment.proposed_party_id:
        return Verdict(False, _("Your party has proposed this. The other party accepts it."))
    return Verdict(commitment.party_id in (party.pk, commitment.proposed_party_id), _("The party that will owe this must agree to it."))


@rule(A.COMMITMENT_RELEASE)
def nobody_releases_itself(user: User, commitment: Commitment) -> Verdict:
    """Only a party to which it is owed."""
    party = _speaks_for(user, commitment.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    return Verdict(party.pk != commitment.party_id, _("Your party owes this. Only the other party can release it."))


@rule(A.OCCURRENCE_STATE)
def the_owner_states(user: User, occurrence: Occurrence) -> Verdict:
    """Whoever owes it says that it happened, and that it did not."""
    party = _speaks_for(user, occurrence.commitment.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    return Verdict(party.pk == occurrence.party_id, _("Another party owes this and states it."))


@rule(A.OCCURRENCE_ANSWER)
def the_other_party_confirms(user: User, occurrence: Occurrence) -> Verdict:
    """Never whoever owes it."""
    party = _speaks_for(user, occurrence.commitment.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    return Verdict(party.pk != occurrence.party_id, _("Your party owes this. Only the other party can confirm it."))


@rule(A.OCCURRENCE_EXCUSE)
def both_excuse(user: User, occurrence: Occurrence) -> Verdict:
    """Either asks; another one answers, and one of the two is the one that owes it."""
    party = _speaks_for(user, occurrence.commitment.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    if occurrence.state != OccurrenceState.EXCUSE_ASKED:
        return Verdict(True, "")
    if party.pk == occurrence.asked_party_id:
        return Verdict(False, _("Your party has asked. The other party answers."))
    return Verdict(occurrence.party_id in (party.pk, occurrence.asked_party_id), _("The party that owes this must agree."))


@rule(A.SCORE_CONSENT)
def a_party_allows_for_itself(user: User, target: ScoreSnapshot | PublicationConsent) -> Verdict:
    """Each party for itself."""
    snapshot = target if isinstance(target, ScoreSnapshot) else target.snapshot
    party = _speaks_for(user, snapshot.version.agreement)
    if party is None:
        return Verdict(False, NO_PARTY)
    mine = isinstance(target, ScoreSnapshot) or target.party_id == party.pk
    return Verdict(mine, _("Another party has said this."))


@rule(A.SCORE_PUBLISH)
def the_keeping_office_lets_it_out(user: User, snapshot: ScoreSnapshot | None) -> Verdict:
    """The office that keeps the agreement. The door itself asks without a snapshot: there the role decides."""
    if snapshot is None:
        return Verdict(True, "")
    return Verdict(snapshot.version.agreement.kept_by_id == user.org_id, _("Another office keeps this agreement."))
