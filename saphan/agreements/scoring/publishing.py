"""A scorecard leaves the house when each party has allowed it, for exactly this card; when one takes that back, the card is taken back too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import Confidentiality
from saphan.agreements.models import AgreementParty
from saphan.agreements.procedures.scoring import Tally
from saphan.agreements.registering import locked
from saphan.agreements.scoring import periods
from saphan.agreements.scoring.figures import PARTS, figures_from
from saphan.agreements.scoring.freezing import recount
from saphan.agreements.scoring.models import PublicationConsent, ScoreSnapshot
from saphan.agreements.scoring.selectors import parties_of
from saphan.agreements.scoring.states import CONSENT, ConsentState
from saphan.agreements.scoring.withholding import CardLine, card_of
from saphan.agreements.workspace.parties import own_party
from saphan.audit.services import record
from saphan.core.errors import NotFound, WrongState
from saphan.releases.canonical import digest_of
from saphan.releases.kinds import SCORECARDS
from saphan.releases.models import Release
from saphan.releases.selectors import Published, current
from saphan.releases.services import publish, withdraw

A = Action


@transaction.atomic
def allow(*, snapshot_id: UUID, seen: str, by: User, at: datetime) -> PublicationConsent:
    """A party allows that this card is public. `seen` is the digest of what it was shown. Raises WrongState where that is something else."""
    snapshot = _locked(snapshot_id)
    require(by, A.SCORE_CONSENT, snapshot)
    party = own_party(by, snapshot.version.agreement)
    if seen != public_digest(snapshot):
        raise WrongState(_("This is not the card that you were shown. Look at it again."))
    if snapshot.consents.filter(party=party, state=ConsentState.GIVEN).exists():
        raise WrongState(_("Your party has allowed this already."))
    consent = PublicationConsent.objects.create(snapshot=snapshot, party=party, digest=seen, given_at=at, given_by=by)
    record(by=by, action=A.SCORE_CONSENT, target=consent, at=at, fields=["state"])
    return consent


@transaction.atomic
def disallow(*, consent_id: UUID, by: User, at: datetime) -> PublicationConsent:
    """A party takes its consent back; a card that is public goes with it, at once."""
    found = PublicationConsent.objects.filter(pk=consent_id).values_list("snapshot", flat=True).first()
    if found is None:
        raise NotFound
    snapshot = _locked(found)
    consent = PublicationConsent.objects.select_for_update(of=("self",)).select_related("snapshot__version__agreement").get(pk=consent_id)
    require(by, A.SCORE_CONSENT, consent)
    consent.state = CONSENT.target("take back", consent.state)
    consent.withdrawn_at, consent.withdrawn_by = at, by
    consent.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    record(by=by, action=A.SCORE_CONSENT, target=consent, at=at, fields=["state"])
    if published(snapshot) is not None:
        withdraw(kind=SCORECARDS, key=key_of(snapshot), by=by, at=at)
    return consent


@transaction.atomic
def publish_card(*, snapshot_id: UUID, by: User, at: datetime) -> Release:
    """Signs the card and lets it out. Raises WrongState while a party has not allowed it, or the record behind it was changed."""
    snapshot = _locked(snapshot_id)
    require(by, A.SCORE_PUBLISH, snapshot)
    if reasons := hindrances(snapshot):
        raise WrongState(" ".join(reasons))
    return publish(kind=SCORECARDS, key=key_of(snapshot), body=public_part(snapshot), by=by, at=at)


@transaction.atomic
def take_back_card(*, snapshot_id: UUID, by: User, at: datetime) -> Release:
    """Takes the card back from the public pages."""
    snapshot = _locked(snapshot_id)
    require(by, A.SCORE_PUBLISH, snapshot)
    if published(snapshot) is None:
        raise WrongState(_("This card is not public."))
    return withdraw(kind=SCORECARDS, key=key_of(snapshot), by=by, at=at)


def hindrances(snapshot: ScoreSnapshot) -> list[str]:
    """Why the card cannot be let out now."""
    found = []
    if snapshot.version.agreement.confidentiality != Confidentiality.PUBLIC:
        found.append(_("The agreement is not marked public."))
    missing = missing_parties(snapshot)
    if missing:
        found.append(_("Not yet allowed by: %(parties)s.") % {"parties": ", ".join(map(str, missing))})
    again = recount(snapshot)
    if not (again.same and again.is_whole):
        found.append(_("The record behind this card was changed after it was frozen."))
    return found


def missing_parties(snapshot: ScoreSnapshot) -> list[AgreementParty]:
    """Parties that have not allowed what would be published now."""
    digest = public_digest(snapshot)
    given = set(snapshot.consents.filter(state=ConsentState.GIVEN, digest=digest).values_list("party", flat=True))
    return [party for party in parties_of(snapshot.version.agreement) if party.pk not in given]


def published(snapshot: ScoreSnapshot) -> Published | None:
    """What the public sees of it now."""
    return current(SCORECARDS, key_of(snapshot))


def key_of(snapshot: ScoreSnapshot) -> str:
    """By which the door knows it."""
    return f"{snapshot.version.agreement.code}/{snapshot.version.semver}/{_name(snapshot)}"


def _name(snapshot: ScoreSnapshot) -> str:
    return periods.name_of(snapshot.every, snapshot.since)  # type: ignore[arg-type]  # the constraint holds the list


def public_digest(snapshot: ScoreSnapshot) -> str:
    """Of what would be public. The digest of all figures is never shown: of few numbers it could be guessed back."""
    return digest_of(public_part(snapshot))


def public_part(snapshot: ScoreSnapshot) -> dict[str, Any]:
    """What leaves: the shown lines with their numbers, the others by name only; commitments; no case, no office, no finding."""
    figures, version = figures_from(snapshot.content), snapshot.version
    card, parties = card_of(figures), {str(party.pk): party for party in parties_of(version.agreement)}
    sides = {party.side: party for party in parties.values() if party.side}
    return {
        "id": str(snapshot.pk), "agreement": str(version.agreement_id), "code": version.agreement.code, "version": version.semver, "every": snapshot.every,
        "period": _name(snapshot), "until": periods.last_day(snapshot.until).isoformat(), "target": figures.target, "publish_min": figures.publish_min,
        "inputs": snapshot.inputs_digest,
        "lines": [_named(line, sides.get(line.party)) | _numbers(line) for line in card.lines if line.counts],
        "withheld": [_named(line, sides.get(line.party)) for line in card.lines if line.counts is None],
        "total": [_numbers(card.total)] if card.total else [],
        "commitments": [
            {
                "words": [{"language": language, "text": text} for language, text in sorted(line.words.items())], "article": line.article,
                **_party(parties.get(line.party)), "due_on": line.due_on.isoformat(),
                "happened_on": line.happened_on.isoformat() if line.happened_on else "", "became": line.became,
            }
            for line in figures.commitments
        ],
    }  # fmt: skip


def _named(line: CardLine, party: AgreementParty | None) -> dict[str, str]:
    return {"name": line.kept_by or line.name, "article": line.article, **_party(party)}


def _party(party: AgreementParty | None) -> dict[str, str]:
    named: Any = (party.country or party.organisation) if party else None
    return {"party_en": named.name_en if named else str(party or ""), "party_th": named.name_th if named else ""}


def _numbers(line: CardLine) -> dict[str, int]:
    counts = line.counts or Tally()
    low, high = counts.interval or (0.0, 0.0)
    trend = round(line.trend * 1000) if line.trend is not None else None
    return {
        **{part: getattr(counts, part) for part in PARTS}, "rate": round((counts.rate or 0) * 1000), "low": round(low * 1000), "high": round(high * 1000),
        **({"trend": trend} if trend is not None else {}),
    }  # fmt: skip


def _locked(snapshot_id: UUID) -> ScoreSnapshot:
    snapshot = ScoreSnapshot.objects.select_related("version__agreement").filter(pk=snapshot_id).first()
    if snapshot is None:
        raise NotFound
    locked(snapshot.version.agreement_id)
    return snapshot
