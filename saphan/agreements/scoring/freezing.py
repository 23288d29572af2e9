"""A period that is over is frozen: its figures, and the digest of what they were counted from. Later it is counted again, and a difference is told."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from saphan.agreements.codes import ForceKind
from saphan.agreements.models import AgreementVersion, ForceEvent
from saphan.agreements.procedures.scoring import Period, Tally
from saphan.agreements.registering import locked
from saphan.agreements.scoring.counting import count
from saphan.agreements.scoring.figures import PARTS, Figures, figures_from, terms_of
from saphan.agreements.scoring.models import ScoreSnapshot
from saphan.agreements.scoring.periods import latest
from saphan.agreements.scoring.withholding import card_of
from saphan.agreements.states import RUNNING
from saphan.audit.services import record
from saphan.core.errors import WrongState
from saphan.releases.canonical import digest_of

BACK = 8  # periods that a chore makes good where it did not run
FREEZE = "agreements:freeze_scorecard"


@transaction.atomic
def freeze(*, version: AgreementVersion, period: Period, at: datetime) -> ScoreSnapshot:
    """Freezes the scorecard of a period as its end showed it; the one that is there stands. Raises WrongState before the period is over."""
    if at < period.until:
        raise WrongState("a period is frozen when it is over")
    locked(version.agreement_id)
    every = terms_of(version).every
    known = ScoreSnapshot.objects.filter(version=version, every=every, since=period.since).first()
    if known is not None:
        return known
    counted = count(version, period, as_of=period.until)
    content = counted.figures.plain()
    snapshot = ScoreSnapshot.objects.create(
        version=version, every=every, since=period.since, until=period.until, frozen_at=at, content=content, content_digest=digest_of(content),
        inputs=counted.inputs, inputs_digest=counted.digest,
    )  # fmt: skip
    record(by=None, action=FREEZE, target=snapshot, at=at)
    return snapshot


def freeze_due(at: datetime) -> int:
    """Freezes every period that is over and has none yet, from the day on which a version entered into force. Answers how many."""
    made = 0
    for version in AgreementVersion.objects.signed().select_related("agreement"):
        begun = _in_force_since(version)
        if begun is None:
            continue
        every = terms_of(version).every
        known = set(ScoreSnapshot.objects.filter(version=version, every=every).values_list("since", flat=True))
        for period in latest(every, at, BACK + 1)[1:]:
            if period.since not in known and period.until > begun and (version.state in RUNNING or count(version, period, as_of=period.until).inputs):
                freeze(version=version, period=period, at=at)
                made += 1
    return made


def _in_force_since(version: AgreementVersion) -> datetime | None:
    first = ForceEvent.objects.standing().filter(version=version, kind=ForceKind.ENTERS).first()
    return timezone.make_aware(datetime.combine(first.on, time())) if first else None


@dataclass(frozen=True)
class Change:
    """One number that is counted otherwise today."""

    name: str
    part: str
    then: int
    now: int


@dataclass(frozen=True)
class Recount:
    """A frozen card beside the same count today. `changes` name only numbers of lines that are shown in both."""

    same: bool
    is_whole: bool  # whether the content still has the digest under which it was frozen
    changes: tuple[Change, ...] = ()


def recount(snapshot: ScoreSnapshot) -> Recount:
    """Counts the period again, as of the same moment: where the record was changed afterwards, it shows."""
    is_whole = digest_of(snapshot.content) == snapshot.content_digest
    counted = count(snapshot.version, Period(snapshot.since, snapshot.until), as_of=snapshot.until)
    if counted.digest == snapshot.inputs_digest:
        return Recount(True, is_whole)
    return Recount(False, is_whole, tuple(_changes(figures_from(snapshot.content), counted.figures)))


def _changes(then: Figures, now: Figures) -> list[Change]:
    shown: dict[str, Tally] = {line.name: line.counts for line in card_of(now).lines if line.counts}
    found = []
    for line in card_of(then).lines:
        fresh = shown.get(line.name)
        if line.counts is None or fresh is None:
            continue
        found += [
            Change(line.name, part, getattr(line.counts, part), getattr(fresh, part))
            for part in PARTS
            if getattr(line.counts, part) != getattr(fresh, part)
        ]
    return found
