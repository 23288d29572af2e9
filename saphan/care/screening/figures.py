"""What a supervisor sees of the work of screening: how long it takes, how often it stays unclear, whether teams agree, which questions people leave out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saphan.access.models import User
from saphan.care.screening.codes import Outcome, ResultCode
from saphan.care.screening.hearings import Hearing
from saphan.care.screening.instruments import InstrumentVersion, Question
from saphan.care.screening.models import Interview, Sitting
from saphan.care.screening.states import HearingState, InterviewState
from saphan.care.screening.tallies import QuestionTally

FEWEST = 5  # below so many a share says nothing and might say who
MOST_SHOWN = 10
POINTS_TO = {ResultCode.TRAFFICKING: Outcome.IDENTIFIED, ResultCode.NOT_INDICATED: Outcome.NOT_IDENTIFIED}


@dataclass(frozen=True)
class InstrumentLine:
    """One instrument in a year: interviews that ended, minutes at the table, and how many stayed unclear."""

    name: str
    completed: int
    stopped: int
    minutes: int | None
    longest: int | None
    undetermined: int

    @property
    def undetermined_share(self) -> int | None:
        """Percent, rounded; None where the interviews are too few to judge."""
        return round(100 * self.undetermined / self.completed) if self.completed >= FEWEST else None


@dataclass(frozen=True)
class AgreementLine:
    """What teams decided upon interviews with this result."""

    result: str
    decided: int
    identified: int
    not_identified: int
    other: int
    agreed: int | None


@dataclass(frozen=True)
class LeftOut:
    """A question with how often it was declined or not known."""

    instrument: str
    text: str
    asked: int
    declined: int
    unknown: int

    @property
    def declined_share(self) -> int:
        return round(100 * self.declined / self.asked)


def instrument_lines(user: User, year: int) -> list[InstrumentLine]:
    """The instruments with which interviews of the user's organisation ended in this year."""
    ended = Interview.objects.filter(org=user.org_id, ended_at__year=year)
    counts = ended.values("version__instrument", "state", "result_code").annotate(many=Count("pk"))
    minutes = _minutes(user, year)
    names = {v.instrument_id: str(v.instrument) for v in InstrumentVersion.objects.select_related("instrument")}
    return [_line(code, names[code], list(counts), minutes.get(code, [])) for code in sorted({row["version__instrument"] for row in counts})]


def _line(code: str, name: str, counts: list[dict[str, object]], minutes: Sequence[float]) -> InstrumentLine:
    own = [row for row in counts if row["version__instrument"] == code]

    def total(**wanted: str) -> int:
        return sum(int(str(row["many"])) for row in own if all(row[key] == value for key, value in wanted.items()))

    return InstrumentLine(
        name=name,
        completed=total(state=InterviewState.COMPLETED),
        stopped=total(state=InterviewState.STOPPED),
        minutes=round(median(minutes)) if minutes else None,
        longest=round(max(minutes)) if minutes else None,
        undetermined=total(result_code=ResultCode.UNDETERMINED),
    )


def _minutes(user: User, year: int) -> dict[str, list[float]]:
    """Minutes at the table of each completed interview, by instrument: pauses do not count."""
    sat = Sitting.objects.filter(interview__org=user.org_id, interview__state=InterviewState.COMPLETED, interview__ended_at__year=year)
    lengths = sat.values("interview", "interview__version__instrument").annotate(length=Sum(F("ended_at") - F("began_at")))
    found: dict[str, list[float]] = {}
    for row in lengths:
        length: timedelta = row["length"]
        found.setdefault(row["interview__version__instrument"], []).append(length.total_seconds() / 60)
    return found


def agreement_lines(user: User, year: int) -> list[AgreementLine]:
    """Results beside decisions of the same organisation in this year; a result that points nowhere has no share."""
    decided = Hearing.objects.filter(org=user.org_id, state=HearingState.DECIDED, decided_at__year=year, review_of=None)
    counts = list(decided.values("interview__result_code", "outcome").annotate(many=Count("pk")))
    return [_agreement(ResultCode(code), counts) for code in sorted({row["interview__result_code"] for row in counts})]


def _agreement(code: ResultCode, counts: list[dict[str, object]]) -> AgreementLine:
    own = {str(row["outcome"]): int(str(row["many"])) for row in counts if row["interview__result_code"] == code}
    decided = sum(own.values())
    yes, no = own.get(Outcome.IDENTIFIED, 0), own.get(Outcome.NOT_IDENTIFIED, 0)
    pointed = own.get(POINTS_TO[code], 0) if code in POINTS_TO else None
    share = round(100 * pointed / decided) if pointed is not None and decided >= FEWEST else None
    return AgreementLine(str(code.label), decided, yes, no, decided - yes - no, share)


def questions_left_out(user: User, year: int) -> list[LeftOut]:
    """The questions that people decline most, among those asked often enough to judge."""
    tallies = QuestionTally.objects.filter(org=user.org_id, year=year, asked__gte=FEWEST, declined__gt=0).select_related("version__instrument")
    top = sorted(tallies, key=lambda one: (-one.declined / one.asked, -one.asked, one.code))[:MOST_SHOWN]
    wording = {(q.version_id, q.code): q for q in Question.objects.filter(version__in={t.version_id for t in top}, code__in={t.code for t in top})}
    return [
        LeftOut(str(t.version.instrument), wording[t.version_id, t.code].text, t.asked, t.declined, t.unknown)
        for t in top
        if (t.version_id, t.code) in wording
    ]


def as_rows(user: User, year: int) -> Iterator[tuple[object, ...]]:
    """All figures of a year, one number a row; a share that would say nothing is empty."""
    yield _("Year"), _("Table"), _("Instrument or result"), _("Question"), _("Figure"), _("Number")
    for table, named, question, numbers in [*_of_instruments(user, year), *_of_decisions(user, year), *_of_questions(user, year)]:
        for figure, number in numbers.items():
            yield year, table, named, question, figure, number


Table = tuple[str, str, str, dict[str, int | None]]


def _of_instruments(user: User, year: int) -> Iterator[Table]:
    for line in instrument_lines(user, year):
        yield _("Interviews"), line.name, "", {
            _("Completed"): line.completed, _("Stopped"): line.stopped, _("Minutes, median"): line.minutes, _("Longest"): line.longest,
            _("Not clear yet"): line.undetermined, _("Not clear yet, percent"): line.undetermined_share,
        }  # fmt: skip


def _of_decisions(user: User, year: int) -> Iterator[Table]:
    for line in agreement_lines(user, year):
        yield _("Results beside decisions"), line.result, "", {
            _("Decided"): line.decided, _("Identified"): line.identified, _("Not identified"): line.not_identified, _("Other"): line.other,
            _("The team agreed, percent"): line.agreed,
        }  # fmt: skip


def _of_questions(user: User, year: int) -> Iterator[Table]:
    for line in questions_left_out(user, year):
        yield _("Questions most often declined"), line.instrument, line.text, {
            _("Answered or declined"): line.asked, pgettext("question", "Declined"): line.declined, _("Declined, percent"): line.declined_share,
            _("Not known"): line.unknown,
        }  # fmt: skip
