"""For which party an officer speaks, and in which versions she takes part."""

from django.http import Http404
from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.agreements.codes import PartyRole
from saphan.agreements.models import Agreement, AgreementParty
from saphan.core.errors import Refused
from saphan.directory.models import Organisation


def party_of(user: User, agreement: Agreement) -> AgreementParty | None:
    """The party for which the user's organisation speaks: itself, or, for a ministry, its country."""
    parties = list(agreement.parties.filter(role=PartyRole.PARTY).select_related("country", "organisation"))
    own = next((party for party in parties if party.organisation_id == user.org_id), None)
    if own is None and user.org.kind == Organisation.Kind.MINISTRY:
        own = next((party for party in parties if party.country_id == user.org.country_id), None)
    return own


def own_party(user: User, agreement: Agreement) -> AgreementParty:
    """The same. Raises Refused for whoever speaks for no party."""
    party = party_of(user, agreement)
    if party is None:
        raise Refused(_("Your organisation is no party of this agreement."))
    return party


def signing_parties(agreement: Agreement) -> list[AgreementParty]:
    """Those whose word is needed."""
    return list(agreement.parties.filter(role=PartyRole.PARTY).select_related("country", "organisation"))


def party_or_404(user: User, agreement: Agreement) -> AgreementParty:
    """For screens that nobody outside the parties knows of."""
    party = party_of(user, agreement)
    if party is None:
        raise Http404
    return party
