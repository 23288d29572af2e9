"""Writing the register: a new agreement, and its facts and parties when they change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import Confidentiality, PartyRole
from saphan.agreements.models import Agreement, AgreementParty
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.origin import Provenance
from saphan.releases.kinds import AGREEMENTS, SCORECARDS
from saphan.releases.models import ReleaseHead
from saphan.releases.selectors import current
from saphan.releases.services import withdraw


@dataclass(frozen=True)
class Facts:
    """What the register says of an agreement."""

    code: str
    kind: str
    titles: dict[str, str]
    confidentiality: str = Confidentiality.OFFICE
    parent_id: UUID | None = None
    parent_provision: str = ""
    dated: str = ""
    expires_on: date | None = None
    notice_days: int = 180
    review_on: date | None = None
    notes: dict[str, str] = field(default_factory=dict)
    source: str = ""
    provenance: str = Provenance.SOURCED


@dataclass(frozen=True)
class PartyFacts:
    """Who takes part. `id` names a party that is already there."""

    country_id: str | None = None
    organisation_id: UUID | None = None
    name: str = ""
    members: str = ""
    role: str = PartyRole.PARTY
    side: str = ""
    public_key: str = ""
    id: UUID | None = None


@transaction.atomic
def register(*, facts: Facts, parties: Sequence[PartyFacts], by: User, at: datetime) -> Agreement:
    """Enters an agreement; the office of whoever enters it keeps it. Raises Invalid when its code exists or it has no party."""
    require(by, Action.AGREEMENT_WRITE, None)
    agreement = Agreement(kept_by=by.org)
    _write(agreement, facts, parties)
    record(by=by, action=Action.AGREEMENT_WRITE, target=agreement, at=at, fields=sorted(asdict(facts)))
    return agreement


@transaction.atomic
def edit(*, agreement_id: UUID, facts: Facts, parties: Sequence[PartyFacts], seen: int, by: User, at: datetime) -> Agreement:
    """Changes facts and parties. One that nobody keeps is kept by this office from now on. Raises Outdated when somebody else was faster."""
    from saphan.agreements.enforcing import follow_the_term  # force stands above the facts

    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_WRITE, agreement)
    if agreement.version != seen:
        raise Outdated(_("Somebody else has changed this agreement since you opened it. Nothing of yours was saved."))
    changed = sorted(name for name, value in asdict(facts).items() if getattr(agreement, name) != value)
    _call_back(agreement, facts, by, at)
    agreement.kept_by_id, agreement.version = agreement.kept_by_id or by.org_id, agreement.version + 1
    _write(agreement, facts, parties)
    record(by=by, action=Action.AGREEMENT_WRITE, target=agreement, at=at, fields=changed)
    follow_the_term(agreement, at)
    return agreement


def _call_back(agreement: Agreement, facts: Facts, by: User, at: datetime) -> None:
    """What is no longer public, or has another code, leaves the public pages in the same moment; its scorecards too, whose keys begin with that code."""
    if facts.confidentiality == Confidentiality.PUBLIC and facts.code == agreement.code:
        return
    if current(AGREEMENTS, agreement.code):
        withdraw(kind=AGREEMENTS, key=agreement.code, by=by, at=at)
    for key in ReleaseHead.objects.filter(kind=SCORECARDS, key__startswith=f"{agreement.code}/").values_list("key", flat=True):
        card = current(SCORECARDS, key)
        if card is not None and card.body["agreement"] == str(agreement.pk):  # the code of another agreement may go on behind a stroke
            withdraw(kind=SCORECARDS, key=key, by=by, at=at)


def locked(agreement_id: UUID) -> Agreement:
    """The agreement, held until the transaction ends: all acts upon it and its versions begin here, so that none waits for another crosswise."""
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(pk=agreement_id).first()
    if agreement is None:
        raise NotFound
    return agreement


def _write(agreement: Agreement, facts: Facts, parties: Sequence[PartyFacts]) -> None:
    for name, value in asdict(facts).items():
        setattr(agreement, name, value)
    _refuse_circles(agreement)
    _refuse_no_party(parties)
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError:
        raise Invalid(fields={"code": _("An agreement with this code exists.")}) from None
    _write_parties(agreement, parties)
    agreement.words = words_of(agreement)
    agreement.save(update_fields=["words"])


def _refuse_circles(agreement: Agreement) -> None:
    above, seen = agreement.parent, {agreement.pk}
    while above is not None:
        if above.pk in seen:
            raise Invalid(fields={"parent": _("This agreement would stand under itself.")})
        seen.add(above.pk)
        above = above.parent


def _refuse_no_party(parties: Sequence[PartyFacts]) -> None:
    if not any(party.role == PartyRole.PARTY for party in parties):
        raise Invalid(fields={"parties": _("Name at least one party.")})


def _write_parties(agreement: Agreement, parties: Sequence[PartyFacts]) -> None:
    known = {party.pk: party for party in agreement.parties.all()}
    for pk in known.keys() - {party.id for party in parties}:
        try:
            known[pk].delete()
        except ProtectedError:
            raise Invalid(fields={"parties": _("A party that has signed stays a party.")}) from None
    try:
        with transaction.atomic():
            for place, facts in enumerate(parties):
                _save_party(known.get(facts.id) if facts.id else None, agreement, place, facts)
    except IntegrityError:
        raise Invalid(
            fields={"parties": _("Each party stands once, as one country, one organisation or one name; so does its sign in the procedure.")}
        ) from None


def _save_party(party: AgreementParty | None, agreement: Agreement, place: int, facts: PartyFacts) -> None:
    party = party or AgreementParty(agreement=agreement)
    party.place = place
    for name, value in asdict(facts).items():
        if name != "id":
            setattr(party, name, value)
    party.save()


def words_of(agreement: Agreement) -> str:
    """What the search of the desk looks through, in small letters."""
    parties = [part for party in agreement.parties.select_related("country", "organisation") for part in _names(party)]
    return " ".join([agreement.code, *agreement.titles.values(), *agreement.notes.values(), agreement.source, *parties]).casefold()


def _names(party: AgreementParty) -> list[str]:
    named: Any = party.country or party.organisation
    return [named.name_en, named.name_th] if named else [party.name, party.members]
