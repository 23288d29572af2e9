"""Who may propose, take a position, comment, bracket, simulate, and sign by key: and why not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, rule
from saphan.agreements.models import Agreement
from saphan.agreements.workspace.models import Bracket, PreparedSignature, Proposal
from saphan.agreements.workspace.parties import party_of

A = Action
NO_PARTY = _("Your organisation is no party of this agreement.")


@rule(A.AGREEMENT_COMMENT, A.AGREEMENT_POSITION)
def parties_speak(user: User, agreement: Agreement) -> Verdict:
    """Whoever speaks for a party says what it thinks."""
    return Verdict(party_of(user, agreement) is not None, NO_PARTY)


@rule(A.AGREEMENT_PROPOSE)
def a_party_proposes(user: User, target: Agreement | Proposal) -> Verdict:
    """Each party proposes; what was proposed is changed and withdrawn by its own party only."""
    if isinstance(target, Proposal):
        return Verdict(party_of(user, target.version.agreement) == target.party, _("This proposal is another party's."))
    return Verdict(party_of(user, target) is not None, NO_PARTY)


@rule(A.AGREEMENT_BRACKET)
def a_party_brackets(user: User, target: Agreement | Bracket) -> Verdict:
    """Each party holds an article open; a bracket is lifted by the party that set it."""
    if isinstance(target, Bracket):
        return Verdict(party_of(user, target.version.agreement) == target.party, _("Only the party that set a bracket lifts it."))
    return Verdict(party_of(user, target) is not None, NO_PARTY)


@rule(A.AGREEMENT_SIMULATE)
def who_reads_tries(user: User, agreement: Agreement) -> Verdict:
    """An invented case harms nobody: whoever may read the agreement may try it."""
    return Verdict(Agreement.objects.visible_to(user).filter(pk=agreement.pk).exists(), _("This agreement is kept by another office."))


@rule(A.AGREEMENT_KEEP_KEY)
def an_organisation_keeps_its_key(user: User, org_id: Any) -> Verdict:
    """The key of one's own organisation."""
    return Verdict(org_id is None or org_id == user.org_id, _("This key is another organisation's."))


@rule(A.AGREEMENT_SIGN_BY_KEY)
def two_persons_of_the_party_sign(user: User, target: Agreement | PreparedSignature) -> Verdict:
    """A party's officer prepares; another person of the same organisation signs."""
    if isinstance(target, PreparedSignature):
        if target.org_id != user.org_id:
            return Verdict(False, _("This signature is another organisation's."))
        return Verdict(target.prepared_by_id != user.pk, _("You prepared this signature. Another person of your organisation signs."))
    return Verdict(party_of(user, target) is not None, NO_PARTY)
