"""The clocks of an identification side by side: promises and stages of the procedure with their articles, the reviews, the reflection. And their picture."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from saphan.agreements.following.models import Binding
from saphan.agreements.following.words import STATE_TONES, STATES
from saphan.agreements.procedures.compiling import Compiled
from saphan.care.screening import procedure
from saphan.care.screening.models import Hearing, Identification, Reflection, ReviewRequest
from saphan.care.screening.procedure import Limit
from saphan.care.screening.reference import LegalBasis, legal_bases
from saphan.care.screening.states import HearingState, ReflectionState, RequestState

ORDER = (
    *("custody", "custody_extended", "ob_rights", "temporary_shelter", "ob_testimony", "more_information", "ob_record", "not_identified"),
    *("review_asked", "reflection"),
)
FROM_PROMISES = {"ob_rights": "promise", "ob_testimony": "promise", "ob_record": "promise", "custody": "stage", "custody_extended": "stage",
                 "temporary_shelter": "stage", "more_information": "stage"}  # fmt: skip
ONLY_IF = {"custody", "custody_extended", "ob_testimony"}  # shown although they have not begun, so that nobody forgets them


@dataclass(frozen=True)
class Clock:
    """One clock: what it rests on, from when to when, and how it stands."""

    code: str
    basis: LegalBasis
    limit: Limit
    began_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    state: str | LazyText
    tone: str
    about: str = ""  # the hearing it belongs to

    @property
    def runs(self) -> bool:
        return self.began_at is not None and self.ended_at is None


def clocks_of(identification: Identification | None, hearings: Sequence[Hearing], *, at: datetime) -> list[Clock]:
    """All clocks in the order of the procedure; those that need a start of their own are named although they do not run."""
    followed = procedure.binding(identification) if identification else None
    text = procedure.text_of(followed)
    found = [*_from_promises(followed, text, at), *_reflections(identification, text, at)]
    found += [clock for hearing in hearings for clock in _of_hearing(hearing, text, at)]
    begun = {clock.code for clock in found}
    found += [_clock(code, text, None, None, None, _("runs only if it applies"), "still") for code in ONLY_IF - begun]
    return sorted(found, key=lambda clock: (ORDER.index(clock.code), clock.began_at is None, clock.began_at or at))


def _clock(
    code: str, text: Compiled, began_at: datetime | None, due_at: datetime | None, ended_at: datetime | None, state: str | LazyText, tone: str, about: str = ""
) -> Clock:  # fmt: skip
    return Clock(code, legal_bases()[code], procedure.limit_of(code, text), began_at, due_at, ended_at, state, tone, about)


def _from_promises(followed: Binding | None, text: Compiled, at: datetime) -> Iterator[Clock]:
    if followed is None:
        return
    for row in followed.promises.order_by("started_at", "number"):
        if FROM_PROMISES.get(row.rule) != row.owed:
            continue
        state = row.state_at(at)
        late = row.as_promise().is_late(at)
        yield _clock(
            row.rule, text, row.started_at, row.due_at, row.ended_at, _("late") if late else STATES[state], "bad" if late else STATE_TONES[state]
        )


def _of_hearing(hearing: Hearing, text: Compiled, at: datetime) -> Iterator[Clock]:
    """The right to ask for a review runs from each decision; a request has a clock of its own."""
    if hearing.state == HearingState.DECIDED and hearing.review_until:
        over = at > hearing.review_until
        asked = hearing.requests.order_by("received_at").first()
        ended = asked.received_at if asked else hearing.review_until if over else None
        state = _("asked for") if asked else _("over; a late request is taken in too") if over else _("open to the person")
        yield _clock("not_identified", text, hearing.decided_at, hearing.review_until, ended, state, "still" if ended else "good", hearing.reference)
    for request in hearing.requests.all():
        yield _of_request(request, text, at)


def _of_request(request: ReviewRequest, text: Compiled, at: datetime) -> Clock:
    heard = Hearing.objects.filter(review_of=request.hearing_id).first()
    ended = request.ended_at if request.state == RequestState.WITHDRAWN else heard.decided_at if heard else None
    late = ended is None and at > request.due_at
    state = _("late") if late else request.get_state_display()
    return _clock(
        "review_asked",
        text,
        request.received_at,
        request.due_at,
        ended,
        state,
        "bad" if late else "good" if ended else "warm",
        request.hearing.reference,
    )


def _reflections(identification: Identification | None, text: Compiled, at: datetime) -> Iterable[Clock]:
    for one in Reflection.objects.filter(identification=identification, until__isnull=False):
        over = one.ended_at or (one.until if one.until and one.until < at else None)
        state = _("over: ask for the wishes") if over and one.state == ReflectionState.RUNNING else one.get_state_display()
        yield _clock("reflection", text, one.answered_at, one.until, over, state, "still" if one.ended_at else "warm" if over else "good")


# The picture


WIDE, ROW, TOP, SIDE = 360, 44, 40, 8
LEAST = timedelta(days=3)
Scale = Callable[[datetime], float]


@dataclass(frozen=True)
class Drawn:
    """One clock in the picture: the promised time as a pale bar, what has passed of it on top."""

    label: str
    y: int
    x: float
    width: float
    passed: float
    tone: str
    due: float

    @property
    def text_y(self) -> int:
        return self.y + 14

    @property
    def bar_y(self) -> int:
        return self.y + 20


@dataclass(frozen=True)
class Picture:
    """All that the template needs to draw; narrow, so that it can be read on a telephone."""

    height: int
    rows: list[Drawn]
    today: float
    days: list[tuple[float, str]]
    width: int = WIDE
    top: int = TOP


def picture(clocks: Iterable[Clock], *, at: datetime) -> Picture | None:
    """The clocks that have begun, on one scale of days; None where none has."""
    begun = [clock for clock in clocks if clock.began_at and clock.due_at]
    if not begun:
        return None
    first = min([at, *(clock.began_at for clock in begun if clock.began_at)])
    last = max([at, *(moment for clock in begun for moment in (clock.due_at, clock.ended_at) if moment)])
    span = max(last - first, LEAST)

    def x(moment: datetime) -> float:
        return round(SIDE + (WIDE - 2 * SIDE) * ((moment - first) / span), 1)

    rows = [_drawn(clock, place, x, at) for place, clock in enumerate(begun)]
    return Picture(TOP + ROW * len(rows) + SIDE, rows, x(at), list(_scale(span, x, first)))


def _drawn(clock: Clock, place: int, x: Scale, at: datetime) -> Drawn:
    assert clock.began_at is not None  # begun
    assert clock.due_at is not None
    reached = min(clock.ended_at or at, at)
    label = _("Art. %(article)s · %(length)s") % {"article": clock.limit.article, "length": clock.limit.length}
    begin, due = x(clock.began_at), x(clock.due_at)
    passed = max(2.0, round(x(max(reached, clock.began_at)) - begin, 1))
    return Drawn(f"{label} · {clock.state}", TOP + ROW * place, begin, max(3.0, round(due - begin, 1)), passed, clock.tone, due)


def _scale(span: timedelta, x: Scale, first: datetime) -> Iterator[tuple[float, str]]:
    step = next((days for days in (1, 5, 10, 20, 50) if span.days / days <= 5), 100)
    for day in range(0, span.days + 1, step):
        yield x(first + timedelta(days=day)), str(day)
