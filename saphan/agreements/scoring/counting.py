"""Counting a period: what the events and the statements say, as of a moment. Nobody types a figure.

A count is of all cases of the agreement, whoever works on them; the second lock would show each organisation only its own. So the
counting reads as the system and gives numbers, never a row; what is too small is withheld before any page or paper gets it (ADR 0041).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from saphan.access.rowlock import as_system
from saphan.agreements.following.models import DriftFinding, PromiseInstance
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.promises import Promise
from saphan.agreements.procedures.scoring import Period, period_before, tally
from saphan.agreements.scoring.figures import CommitmentLine, DriftLine, Figures, Line, Terms, terms_of
from saphan.agreements.scoring.models import Occurrence
from saphan.agreements.scoring.occurring import OccurrenceState, Seen
from saphan.releases.canonical import digest_of

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Found:
    """One promise of a case, as it stood at the moment of counting."""

    case: str
    promise: Promise


@dataclass(frozen=True)
class SeenOccurrence:
    """One occurrence, as it stood at the moment of counting."""

    row: Occurrence
    seen: Seen


@dataclass(frozen=True)
class Counted:
    """The figures of a period, how many records they were counted from, and the digest of those."""

    figures: Figures
    inputs: int
    digest: str


def count(version: AgreementVersion, period: Period, *, as_of: datetime) -> Counted:
    """Counts a version's promises, commitments and findings of drift that fall into the period, as of a moment."""
    terms = terms_of(version)
    with as_system():
        found = list(_promises(version, terms, period, as_of))
        occurrences = list(_occurrences(version, period, as_of))
        drift = tuple(_drift(version, period, as_of))
    lines = tuple(_lines(terms, period, found, as_of))
    day = timezone.localdate(as_of - INSTANT)  # a period ends before its last instant
    commitments = tuple(_commitment(one, day) for one in occurrences)
    figures = Figures(
        terms.every, period.since, period.until, as_of, terms.target, terms.publish_min, lines,
        tuple(line for line in commitments if line.became != "void"), drift,
    )  # fmt: skip
    within = [one for one in found if period.holds(one.promise.due.at)]
    return Counted(figures, len(within) + len(occurrences), digest_of(_inputs(version, figures, within, occurrences)))


def of_version(version: AgreementVersion, way: str = "") -> Q:
    """Cases that follow this version: bound to it in the register, or to the same words shipped with the platform. `way` leads to the binding."""
    shipped = Q(**{f"{way}procedure__version": None, f"{way}procedure__digest": version.digest}) if version.digest else Q(pk__in=[])
    return Q(**{f"{way}procedure__version": version}) | shipped


def _promises(version: AgreementVersion, terms: Terms, period: Period, as_of: datetime) -> Iterator[Found]:
    earlier = period_before(terms.every, period, timezone.get_default_timezone())
    rows = PromiseInstance.objects.filter(
        of_version(version, "binding__"), owed="promise", rule__in=[one.name for one in terms.over], due_at__gte=earlier.since,
        due_at__lt=period.until, started_at__lte=as_of,
    )  # fmt: skip
    for row in rows.order_by("binding_id", "key"):
        yield Found(str(row.binding_id), seen_at(row.as_promise(), as_of))


def seen_at(promise: Promise, as_of: datetime) -> Promise:
    """The promise without what came after the moment."""
    if promise.ended_at is not None and promise.ended_at > as_of:
        return promise._replace(ending="", ended_at=None, because="")
    return promise


def _lines(terms: Terms, period: Period, found: Iterable[Found], as_of: datetime) -> Iterator[Line]:
    by_name: dict[tuple[str, bool], list[Promise]] = {}
    for one in found:
        by_name.setdefault((one.promise.id, period.holds(one.promise.due.at)), []).append(one.promise)
    for promised in terms.over:
        now, before = (tally(by_name.get((promised.name, here), ()), now=as_of) for here in (True, False))
        yield Line(promised.name, promised.article, promised.party, promised.kept_by, now, before)


def _occurrences(version: AgreementVersion, period: Period, as_of: datetime) -> Iterator[SeenOccurrence]:
    first, last = timezone.localdate(period.since), timezone.localdate(period.until - INSTANT)
    rows = Occurrence.objects.filter(commitment__version=version, due_on__gte=first, due_on__lte=last, made_at__lte=as_of)
    for row in rows.select_related("commitment").prefetch_related("steps").order_by("due_on", "id"):
        said = [one for one in row.steps.all() if one.at <= as_of]
        state, happened = (said[-1].state, said[-1].happened_on) if said else (OccurrenceState.OPEN.value, None)
        yield SeenOccurrence(row, Seen(state, row.due_on, happened, row.closes_on))


def _commitment(one: SeenOccurrence, day: date) -> CommitmentLine:
    commitment = one.row.commitment
    return CommitmentLine(
        str(commitment.pk), commitment.words, commitment.article, str(commitment.party_id), one.row.due_on, one.seen.happened_on, one.seen.became(day)
    )


def _drift(version: AgreementVersion, period: Period, as_of: datetime) -> Iterator[DriftLine]:
    found = DriftFinding.objects.filter(of_version(version, "binding__"), at__gte=period.since, at__lt=period.until, at__lte=as_of)
    counted = found.values("article", "kind", "org").order_by().annotate(n=Count("id"), waiting=Count("id", filter=Q(state="open")))
    for row in counted.order_by("-n", "article", "kind", "org"):
        yield DriftLine(row["article"], row["kind"], str(row["org"] or ""), row["n"], row["waiting"])


def _inputs(version: AgreementVersion, figures: Figures, found: Iterable[Found], occurrences: Iterable[SeenOccurrence]) -> dict[str, Any]:
    """What the figures were counted from: names, ids, days and states; no word about a person is among the records themselves."""
    at = figures.as_of
    promises = [[one.case, one.promise.key, one.promise.party, one.promise.due.at.isoformat(), one.promise.state_at(at)] for one in found]
    said = [[str(one.row.pk), one.seen.due_on.isoformat(), one.seen.state, str(one.seen.happened_on or "")] for one in occurrences]
    return {
        "v": 1, "version": str(version.pk), "text": version.digest, "every": figures.every, "since": figures.since.isoformat(),
        "until": figures.until.isoformat(), "as_of": at.isoformat(), "promises": sorted(promises), "occurrences": sorted(said),
    }  # fmt: skip
