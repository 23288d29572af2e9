"""Commitments: proposed by one party, accepted by another, released by the one to which they are owed. And the days on which they fall due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.models import AgreementParty, AgreementVersion
from saphan.agreements.registering import locked
from saphan.agreements.scoring.models import Commitment, Occurrence
from saphan.agreements.scoring.occurring import closes_on, due_on
from saphan.agreements.scoring.states import COMMITMENT
from saphan.agreements.scoring.stepping import lapse
from saphan.agreements.states import OVER
from saphan.agreements.workspace.parties import own_party
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound

AHEAD = timedelta(days=400)  # the next yearly one is there before anybody plans it
MOST = 200  # occurrences of one commitment: fifty years of quarters


@dataclass(frozen=True)
class Owed:
    """What one party owes by the calendar."""

    article: str
    party_id: UUID
    words: Mapping[str, str]
    rhythm: str
    first_due_on: date


@transaction.atomic
def propose(*, version_id: UUID, owed: Owed, by: User, at: datetime) -> Commitment:
    """One party proposes what itself or another owes. Raises Invalid unless the version is signed, holds the article and has the party."""
    version = _locked_version(version_id)
    require(by, Action.COMMITMENT_PROPOSE, version.agreement)
    _refuse_misfit(version, owed)
    commitment = Commitment.objects.create(
        version=version, article=owed.article, party_id=owed.party_id, words={k: v for k, v in owed.words.items() if v}, rhythm=owed.rhythm,
        first_due_on=owed.first_due_on, proposed_at=at, proposed_by=by, proposed_party=own_party(by, version.agreement),
    )  # fmt: skip
    record(by=by, action=Action.COMMITMENT_PROPOSE, target=commitment, at=at, fields=["article", "first_due_on", "party", "rhythm", "words"])
    return commitment


def _refuse_misfit(version: AgreementVersion, owed: Owed) -> None:
    if not version.is_signed or version.state in OVER:
        raise Invalid(_("Commitments are written down for a signed version that is not over."))
    if not version.texts.filter(number=owed.article).exists():
        raise Invalid(fields={"article": _("This version has no such article.")})
    if not AgreementParty.objects.filter(pk=owed.party_id, agreement=version.agreement_id, role="party").exists():
        raise Invalid(fields={"party": _("Choose one of the parties.")})
    if not owed.words.get("en"):
        raise Invalid(fields={"words_en": _("Say in English what is owed.")})


@transaction.atomic
def accept(*, commitment_id: UUID, by: User, at: datetime) -> Commitment:
    """The other party accepts: from now on the commitment counts, and its days stand in the calendar."""
    commitment = locked_commitment(commitment_id)
    require(by, Action.COMMITMENT_ANSWER, commitment)
    commitment.state = COMMITMENT.target("accept", commitment.state)
    commitment.accepted_party, commitment.settled_at, commitment.settled_by = own_party(by, commitment.version.agreement), at, by
    commitment.save(update_fields=["state", "accepted_party", "settled_at", "settled_by"])
    make_occurrences(commitment, at=at)
    record(by=by, action=Action.COMMITMENT_ANSWER, target=commitment, at=at, fields=["state"])
    return commitment


@transaction.atomic
def decline(*, commitment_id: UUID, by: User, at: datetime) -> Commitment:
    """The other party does not agree to these words or days."""
    return _drop(commitment_id, "decline", Action.COMMITMENT_ANSWER, by, at)


@transaction.atomic
def withdraw(*, commitment_id: UUID, by: User, at: datetime) -> Commitment:
    """The party that proposed it takes it back."""
    return _drop(commitment_id, "withdraw", Action.COMMITMENT_PROPOSE, by, at)


def _drop(commitment_id: UUID, verb: str, action: Action, by: User, at: datetime) -> Commitment:
    commitment = locked_commitment(commitment_id)
    require(by, action, commitment)
    commitment.state = COMMITMENT.target(verb, commitment.state)
    commitment.settled_at, commitment.settled_by = at, by
    commitment.save(update_fields=["state", "settled_at", "settled_by"])
    record(by=by, action=action, target=commitment, at=at, fields=["state"])
    return commitment


@transaction.atomic
def release(*, commitment_id: UUID, on: date, by: User, at: datetime) -> Commitment:
    """The party to which it is owed lets it end on a day; what was due before that day stays owed."""
    commitment = locked_commitment(commitment_id)
    require(by, Action.COMMITMENT_RELEASE, commitment)
    if on < timezone.localdate(at):
        raise Invalid(fields={"on": _("It ends today or later: what is past was owed.")})
    _end(commitment, "release", on, at)
    record(by=by, action=Action.COMMITMENT_RELEASE, target=commitment, at=at, fields=["state", "ended_on"])
    return commitment


def lapse_with_its_version(commitment: Commitment, *, at: datetime) -> None:
    """Its version is over: nothing new falls due. The platform's act."""
    _end(commitment, "lapse", timezone.localdate(at), at)
    record(by=None, action=Action.COMMITMENT_RELEASE, target=commitment, at=at, fields=["state", "ended_on"])


def _end(commitment: Commitment, verb: str, on: date, at: datetime) -> None:
    commitment.state, commitment.ended_on = COMMITMENT.target(verb, commitment.state), on
    commitment.save(update_fields=["state", "ended_on"])
    for occurrence in commitment.occurrences.select_for_update(of=("self",)).filter(due_on__gte=on):
        lapse(occurrence, at=at)


def make_occurrences(commitment: Commitment, *, at: datetime) -> int:
    """Writes down the days on which it falls due, up to a little more than a year ahead. Answers how many are new; harmless when repeated."""
    known = set(commitment.occurrences.values_list("number", flat=True))
    horizon, fresh = timezone.localdate(at) + AHEAD, []
    for number in range(1, MOST + 1):
        day = due_on(commitment.first_due_on, commitment.rhythm, number)
        if number > 1 and (day > horizon or commitment.rhythm == "once"):
            break
        if number not in known:
            closes = closes_on(commitment.first_due_on, commitment.rhythm, number)
            fresh.append(Occurrence(commitment=commitment, party_id=commitment.party_id, number=number, due_on=day, closes_on=closes, made_at=at))
    Occurrence.objects.bulk_create(fresh)
    return len(fresh)


def locked_commitment(commitment_id: UUID) -> Commitment:
    """The commitment, with its agreement held: all acts upon an agreement begin there. Raises NotFound."""
    agreement = Commitment.objects.filter(pk=commitment_id).values_list("version__agreement", flat=True).first()
    if agreement is None:
        raise NotFound
    locked(agreement)
    return Commitment.objects.select_for_update(of=("self",)).select_related("version__agreement").get(pk=commitment_id)


def _locked_version(version_id: UUID) -> AgreementVersion:
    agreement = AgreementVersion.objects.filter(pk=version_id).values_list("agreement", flat=True).first()
    if agreement is None:
        raise NotFound
    locked(agreement)
    return AgreementVersion.objects.select_related("agreement").get(pk=version_id)
