"""What a draft would have meant for cases already closed: the same events under the version in force and under the draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.entering import spoken
from saphan.agreements.procedures.events import Event
from saphan.agreements.procedures.loading import load_plain
from saphan.agreements.procedures.replaying import Effect, Impact, impact
from saphan.agreements.procedures.scoring import Tally
from saphan.agreements.workspace.articles import Plain

Histories = Mapping[str, Iterable[Event]]
LEAST = 5  # below this nothing is shown, unless the agreement asks for more


@dataclass(frozen=True)
class Line:
    """One promise under both texts. Too few cases: no figures."""

    name: str
    article: str
    before: Tally
    after: Tally
    shown: bool

    @property
    def fall(self) -> float | None:
        """By how much the share kept in time moves; None where one of the two has nothing to judge."""
        one, other = self.before.rate, self.after.rate
        return None if one is None or other is None else other - one

    @property
    def falls(self) -> bool:
        return self.fall is not None and self.fall < 0

    @property
    def told(self) -> str:
        return spoken(self.name)

    @property
    def before_share(self) -> int:
        return round((self.before.rate or 0) * 100)

    @property
    def after_share(self) -> int:
        return round((self.after.rate or 0) * 100)


@dataclass(frozen=True)
class Replay:
    """The draft against what happened: how many cases, each promise, findings by article, what the draft does not know."""

    cases: int
    least: int
    lines: tuple[Line, ...]
    drifts: tuple[tuple[str, int, int], ...]
    unforeseen: int

    @property
    def is_enough(self) -> bool:
        return self.cases >= self.least


def replayed(before: Plain, after: Plain, histories: Histories, *, now: datetime, calendars: Calendars | None = None) -> Replay:
    """Replays the histories under both texts."""
    old, new = compiled_of(before), compiled_of(after)
    found = impact(old, new, histories, now=now, calendars=calendars or Calendars())
    least = max(LEAST, *(article.score.publish_min for text in (old, new) for article in text.procedure.articles if article.score))
    lines = tuple(_line(effect, least) for effect in found.effects)
    return Replay(found.cases, least, lines, _drifts(found), found.unforeseen)


def compiled_of(plain: Plain) -> Compiled:
    """The draft made ready to run, with or without findings."""
    procedure: Procedure = load_plain(plain)
    return compile_procedure(procedure)


def _line(effect: Effect, least: int) -> Line:
    enough = all(tally.judged >= least for tally in (effect.before, effect.after) if tally.n)
    return Line(effect.name, effect.article, effect.before, effect.after, enough and (effect.before.n + effect.after.n) > 0)


def _drifts(found: Impact) -> tuple[tuple[str, int, int], ...]:
    articles = dict.fromkeys([*found.findings_before, *found.findings_after])
    return tuple((article, found.findings_before.get(article, 0), found.findings_after.get(article, 0)) for article in articles)
