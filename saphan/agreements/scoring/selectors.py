"""What the pages and the paper show of a scorecard: names beside the figures, and where open things are listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.agreements.following.models import DriftFinding, PromiseInstance
from saphan.agreements.following.names import named
from saphan.agreements.following.words import KINDS
from saphan.agreements.models import Agreement, AgreementParty, AgreementVersion, ProvisionText
from saphan.agreements.procedures.scoring import Period, Tally
from saphan.agreements.register_models import language_said, said_in
from saphan.agreements.scoring import periods
from saphan.agreements.scoring.counting import count, of_version
from saphan.agreements.scoring.figures import CommitmentLine, DriftLine, Figures, figures_from
from saphan.agreements.scoring.freezing import Recount, recount
from saphan.agreements.scoring.models import ScoreSnapshot
from saphan.agreements.scoring.occurring import LABELS, TONES, counted
from saphan.agreements.scoring.withholding import Card, CardLine, card_of
from saphan.core.bars import PARTS as DRAWN
from saphan.core.bars import Bar, bars
from saphan.directory.models import Organisation

PARTS_SAID: dict[str, Any] = {**LABELS, "overdue": gettext_lazy("past their day")}


@dataclass(frozen=True)
class Row:
    """One line of the table, with its words."""

    line: CardLine
    label: str
    party: str
    prose: str
    prose_language: str
    list_url: str = ""

    @property
    def counts(self) -> Tally | None:
        return self.line.counts

    @property
    def share(self) -> str:
        """The share kept with its interval: 64 % (51–75 %)."""
        return share_said(self.line)

    @property
    def rate(self) -> str:
        """The share alone."""
        return percent(self.line.rate) if self.line.rate is not None else ""

    @property
    def interval(self) -> str:
        """The interval alone."""
        return "–".join(percent(end) for end in self.line.interval) if self.line.interval else ""

    @property
    def trend(self) -> str:
        """In points of a hundred, with its sign."""
        return f"{self.line.trend * 100:+.0f}".replace("-", "\N{MINUS SIGN}") if self.line.trend is not None else ""


@dataclass(frozen=True)
class OccurrenceRow:
    """One occurrence of a commitment, with its words."""

    line: CommitmentLine
    text: str
    text_language: str
    party: str
    became: str
    tone: str


@dataclass(frozen=True)
class PartyRow:
    """The commitments of one party, counted."""

    party: str
    counts: Tally
    enough: bool

    @property
    def share(self) -> str:
        """Of few there is no share: one of two is no half."""
        return share_said(CardLine("", "", "", "", self.counts, None)) if self.enough else ""


@dataclass(frozen=True)
class DriftRow:
    """Findings of one article at one office."""

    line: DriftLine
    kind: str
    office: str
    list_url: str


@dataclass(frozen=True)
class Sheet:
    """A scorecard with everything that a page, a print or a file needs."""

    version: AgreementVersion
    figures: Figures
    card: Card
    rows: tuple[Row, ...]
    total: Row | None
    occurrences: tuple[OccurrenceRow, ...]
    parties: tuple[PartyRow, ...]
    drift: tuple[DriftRow, ...]
    svg: SafeString
    period: str
    name: str
    snapshot: ScoreSnapshot | None
    again: Recount | None

    @property
    def is_running(self) -> bool:
        """Whether the period is not over."""
        return self.figures.as_of < self.figures.until

    @property
    def total_shown(self) -> bool:
        """Whether a total says more than its one line."""
        return self.total is not None and sum(row.counts is not None for row in self.rows) > 1

    @property
    def last_day(self) -> date:
        return periods.last_day(self.figures.until)

    @property
    def target(self) -> str:
        """The share that the agreement aims at."""
        return f"{self.figures.target / 10:.0f}\N{NO-BREAK SPACE}%"

    @property
    def changes(self) -> list[str]:
        """What is counted otherwise today, in words; of lines that are shown."""
        labels = {row.line.name: row.label for row in self.rows}
        said = _("%(promise)s, %(part)s: %(then)s on the frozen card, %(now)s counted again")
        return [
            said % {"promise": labels.get(one.name, one.name), "part": PARTS_SAID[one.part], "then": one.then, "now": one.now}
            for one in (self.again.changes if self.again else ())
        ]


def sheet_of(version: AgreementVersion, period: Period, *, every: Any, at: datetime, user: User | None = None, today: bool = False) -> Sheet:
    """The card of a period: the frozen one where there is one, else as it stands now. `today`: as it stands now in any case."""
    snapshot = ScoreSnapshot.objects.filter(version=version, every=every, since=period.since).first()
    if snapshot is not None and not today:
        return sheet_from(snapshot, user=user)
    return _sheet(version, count(version, period, as_of=at).figures, snapshot, user)


def sheet_from(snapshot: ScoreSnapshot, *, user: User | None = None) -> Sheet:
    """The frozen card, counted again beside it."""
    return _sheet(snapshot.version, figures_from(snapshot.content), snapshot, user, recount(snapshot))


def _sheet(version: AgreementVersion, figures: Figures, snapshot: ScoreSnapshot | None, user: User | None, again: Recount | None = None) -> Sheet:
    card, parties = card_of(figures), parties_of(version.agreement)
    proses = _proses(version)
    names = {party.side: str(party) for party in parties if party.side}
    open_lists = _open_lists(version, card, user)
    rows = tuple(_row(line, names, proses, open_lists, str(version.plain().get("id", ""))) for line in card.lines)
    total = Row(card.total, _("All that are shown"), "", "", "") if card.total else None
    by_id = {str(party.pk): str(party) for party in parties}
    drawn = [*rows, *([total] if total and len(rows) - card.withheld > 1 else [])]
    target = figures.target / 1000 if figures.target else None
    svg = bars([_bar(row) for row in drawn], target=target, title=_("Share of promises kept in time; the table under it says the same"))
    return Sheet(
        version, figures, card, rows, total, tuple(_occurrence(line, by_id) for line in figures.commitments), _by_party(figures, by_id),
        tuple(_drift(card, version, user)), svg, periods.said(figures.every, figures.since), periods.name_of(figures.every, figures.since), snapshot,
        again,
    )  # fmt: skip


def _bar(row: Row) -> Bar:
    return Bar(row.label, [getattr(row.counts, part) for part in DRAWN] if row.counts else None, row.line.interval)


def parties_of(agreement: Agreement) -> list[AgreementParty]:
    """The parties with their names."""
    return list(agreement.parties.filter(role="party").select_related("country", "organisation"))


def _proses(version: AgreementVersion) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for number, language, prose in ProvisionText.objects.filter(version=version).values_list("number", "language", "prose"):
        found.setdefault(number, {})[language] = prose
    return found


def _row(line: CardLine, names: Mapping[str, str], proses: Mapping[str, dict[str, str]], lists: Mapping[str, str], identity: str) -> Row:
    prose = proses.get(line.article, {})
    label = named(line.kept_by or line.name, identity)
    return Row(line, label, names.get(line.party, line.party), said_in(prose, ""), language_said(prose), lists.get(line.name, ""))


def _open_lists(version: AgreementVersion, card: Card, user: User | None) -> dict[str, str]:
    """Where this reader finds open promises of a line: only where she may see one of them."""
    if user is None or Action.PROMISE_LIST not in user.acts:
        return {}
    pending = [line.name for line in card.lines if line.counts and line.counts.pending]
    rows = PromiseInstance.objects.visible_to(user).filter(of_version(version, "binding__"), rule__in=pending, ending="")
    seen = set(rows.values_list("rule", flat=True).distinct())
    return dict.fromkeys(seen, reverse("following:promises") + "?show=running&whose=all")


def _occurrence(line: CommitmentLine, names: Mapping[str, str]) -> OccurrenceRow:
    return OccurrenceRow(
        line, said_in(dict(line.words), ""), language_said(dict(line.words)), names.get(line.party, ""), str(LABELS[line.became]), TONES[line.became]
    )


def _by_party(figures: Figures, names: Mapping[str, str]) -> tuple[PartyRow, ...]:
    found: dict[str, Tally] = {}
    for line in figures.commitments:
        found[line.party] = found.get(line.party, Tally()) + counted(line.became)
    return tuple(PartyRow(names.get(party, ""), tally, tally.judged >= figures.publish_min) for party, tally in found.items())


def _drift(card: Card, version: AgreementVersion, user: User | None) -> Iterable[DriftRow]:
    orgs = {str(org.pk): str(org) for org in Organisation.objects.filter(pk__in=[line.org for line in card.drift if line.org])}
    may = user is not None and Action.DRIFT_LIST in user.acts
    seen = set()
    if may and user is not None and card.drift:
        rows = DriftFinding.objects.visible_to(user).filter(of_version(version, "binding__"))
        seen = set(rows.values_list("article", "kind").distinct())
    for line in card.drift:
        closed = "&closed=on" if not line.open else ""
        url = reverse("following:drift") + f"?kind={line.kind}&article={line.article}{closed}" if (line.article, line.kind) in seen else ""
        yield DriftRow(line, str(KINDS[line.kind]), orgs.get(line.org, "—"), url)


def share_said(line: CardLine) -> str:
    """The share kept in time with its interval of 95 %."""
    if line.rate is None or line.interval is None:
        return ""
    low, high = line.interval
    return f"{percent(line.rate)} ({percent(low)}–{percent(high)})"


def percent(share: float) -> str:
    """A share in hundredths."""
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def version_to_score(versions: Iterable[AgreementVersion]) -> AgreementVersion | None:
    """The one that is in force, else the newest that is signed."""
    signed = [version for version in versions if version.is_signed]
    return next((version for version in signed if version.state == "in_force"), signed[0] if signed else None)


def choices_of(version: AgreementVersion, every: Any, at: datetime) -> list[tuple[str, str]]:
    """The periods that can be looked at: from the one in which the version was signed to the present one."""
    signed = version.signed_at or at
    found = [period for period in periods.latest(every, at, 24) if period.until > signed]
    frozen = set(ScoreSnapshot.objects.filter(version=version, every=every).values_list("since", flat=True))
    return [(periods.name_of(every, one.since), _named(every, one, one.since in frozen, at)) for one in found]


def _named(every: str, period: Period, frozen: bool, at: datetime) -> str:
    said = periods.said(every, period.since)
    if period.until > at:
        return _("%(period)s, running") % {"period": said}
    return _("%(period)s, frozen") % {"period": said} if frozen else said
