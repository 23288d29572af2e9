"""For which party an officer speaks, and in which versions she takes part."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Q, When
from django.http import Http404
from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.agreements.codes import PartyRole
from saphan.agreements.models import Agreement, AgreementParty
from saphan.core.errors import Refused
from saphan.directory.models import Organisation


def speaking_parties(user: User, agreements: Iterable[Agreement]) -> dict[UUID, AgreementParty]:
    """By agreement the party for which the user's organisation speaks: itself, or, for a ministry, its country. One question for all."""
    own = Q(organisation=user.org_id)
    if user.org.kind == Organisation.Kind.MINISTRY:
        own |= Q(country=user.org.country_id)
    found = AgreementParty.objects.filter(own, agreement__in=list(agreements), role=PartyRole.PARTY).select_related("country", "organisation")
    first = found.order_by(Case(When(organisation=user.org_id, then=0), default=1), "place", "id")
    return {party.agreement_id: party for party in reversed(list(first))}


def party_of(user: User, agreement: Agreement) -> AgreementParty | None:
    """That party of one agreement, None where there is none."""
    return speaking_parties(user, [agreement]).get(agreement.pk)


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
