"""Finds what was changed in the record: an edit, a deletion, another order, a cut, or a rewrite with new hashes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from saphan.audit.heads import HeadCopy, copy_of
from saphan.audit.models import AuditEvent, AuditHead
from saphan.audit.services import GENESIS, digest_of

Row = tuple[str, int, datetime, str, str, str, str, str, str, str, str, str, str]
COLUMNS = ("chain", "seq", "at", "actor", "action", "outcome", "target_kind", "target_id", "subject_id", "fields", "purpose", "prev_hash", "hash")
MOST_FINDINGS = 100  # a rewritten record would otherwise fill the memory with findings


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where, and what it means."""

    chain: str
    seq: int
    what: str


@dataclass
class Report:
    """What was looked at and what was found."""

    chains: int = 0
    events: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Nothing is wrong."""
        return not self.findings

    def add(self, chain: str, seq: int, what: str) -> None:
        """Notes a finding; beyond the hundredth only the verdict counts."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(chain, seq, what))


Expected = dict[str, dict[int, str]]  # chain -> number of an event -> the hash that a head has seen


def verify(chains: Sequence[str] | None = None, heads: Iterable[HeadCopy] | None = None) -> Report:
    """Walks the record once, in constant memory. `heads` are copies kept elsewhere; the installation's own heads are checked too."""
    report = Report()
    expected: Expected = defaultdict(dict)
    own = _check_own_heads(report)
    for head in [*(heads or []), *([own] if own else [])]:
        _expect(head, expected, report, trusted=head is not own)
    for chain in chains or ():
        expected.setdefault(chain, {})
    wanted = expected if chains is None else {c: expected[c] for c in chains}
    _walk(_rows(chains), wanted, report)
    return report


def _check_own_heads(report: Report) -> HeadCopy | None:
    """The heads kept in this database hang together and carry our signature. Returns the last."""
    prev, copy = GENESIS, None
    for head in AuditHead.objects.order_by("id").iterator(chunk_size=200):
        copy = copy_of(head)
        report.heads += 1
        if copy.prev_head_hash != prev:
            report.add("heads", head.pk, "a head before this one is missing or was changed")
        for problem in copy.problems():
            report.add("heads", head.pk, problem)
        prev = copy.root_hash
    return copy


def _expect(head: HeadCopy, expected: Expected, report: Report, *, trusted: bool) -> None:
    problems = head.problems() if trusted else []
    for problem in problems:
        report.add("heads", 0, problem)
    if trusted and not problems and not AuditHead.objects.filter(root_hash=head.root_hash).exists():
        report.add("heads", 0, "the head kept elsewhere is missing here")
    for chain, (seq, digest) in head.heads.items():
        if expected[chain].setdefault(seq, digest) != digest:
            report.add(chain, seq, "two heads disagree about this event")


def _rows(chains: Sequence[str] | None) -> Iterator[Row]:
    events = AuditEvent.objects.order_by("chain", "seq")
    if chains is not None:
        events = events.filter(chain__in=chains)
    yield from events.values_list(*COLUMNS).iterator(chunk_size=2000)


def _walk(rows: Iterator[Row], expected: Expected, report: Report) -> None:
    unseen = set(expected)
    chain, seq, prev = "", 0, GENESIS
    for row in rows:
        if row[0] != chain or report.events == 0:
            if report.events:
                _check_end(chain, seq, expected, report)
            chain, seq, prev = row[0], 0, GENESIS
            report.chains += 1
            unseen.discard(chain)
        _check_row(row, seq, prev, expected.get(chain, {}), report)
        seq, prev = row[1], row[12]
        report.events += 1
    if report.events:
        _check_end(chain, seq, expected, report)
    for missing in sorted(unseen):
        if expected[missing]:
            report.add(missing, 0, "the whole chain is missing")


def _check_row(row: Row, last: int, prev: str, seen: dict[int, str], report: Report) -> None:
    chain, seq, at, prev_hash, digest = row[0], row[1], row[2], row[11], row[12]
    if seq != last + 1:
        report.add(chain, seq, "events before this one are missing")
    if prev_hash != prev:
        report.add(chain, seq, "this event does not follow the one before it")
    if digest_of(chain, seq, at, *row[3:12]) != digest:
        report.add(chain, seq, "this event was changed")
    if seen.get(seq, digest) != digest:
        report.add(chain, seq, "the record was rewritten: a signed head has seen another event here")


def _check_end(chain: str, last: int, expected: Expected, report: Report) -> None:
    furthest = max(expected.get(chain, {}), default=0)
    if furthest > last:
        report.add(chain, last, f"the chain was cut: a signed head has seen {furthest} events")
