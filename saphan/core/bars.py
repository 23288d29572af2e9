"""Shares kept in time as a picture that the server draws: a bar for each promise, its interval, the target. The table under it says the same.

Colours stand in the picture itself, so that the same drawing serves page, print and paper; no meaning is in colour alone: the parts stand
in one order, and the words beside each bar give the share.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, LEFT, RIGHT, STEP, TOP, BAR = 640, 8, 8, 62, 26, 20
SPAN = WIDTH - LEFT - RIGHT
PARTS = ("kept", "late", "not_kept", "overdue")
COLOURS = ("#2c7a4b", "#d98a1f", "#7c241c", "#dbaaa4")
INK, SOFT, LINE, MIST = "#1d2a33", "#52616b", "#d9e0de", "#eef3f2"
LETTERS = 60  # of a label at most
LETTERS_OF = "Saphan Sans, Saphan Thai, Saphan Latin, sans-serif"  # by their names on paper; a page has them all in the first


@dataclass(frozen=True)
class Bar:
    """One bar, with the four numbers of `PARTS` in their order; without numbers it is withheld."""

    label: str
    numbers: Sequence[int] | None
    interval: tuple[float, float] | None


def bars(shown: Sequence[Bar], *, target: float | None, title: str) -> SafeString:
    """The picture; empty where there is nothing to draw."""
    if not shown:
        return SafeString("")
    height = TOP + STEP * len(shown) + 6
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' font-family="{}" xmlns="http://www.w3.org/2000/svg">{}{}{}</svg>',
        title, WIDTH, height, WIDTH, height, LETTERS_OF, _scale(height),
        format_html_join("", "{}", ((_drawn(bar, TOP + STEP * place),) for place, bar in enumerate(shown))), _target(target, height),
    )  # fmt: skip


def _x(share: float) -> float:
    return round(LEFT + SPAN * share, 1)


def _text(x: float, y: float, words: str, *, anchor: str = "start", ink: str = INK, size: int = 14, weight: int = 400) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}" font-weight="{}">{}</text>', x, y, anchor, ink, size, weight, words
    )


def _scale(height: int) -> SafeString:
    lines = [
        format_html('<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}"></line>', _x(part / 4), TOP - 4, height - 4, LINE) for part in range(5)
    ]
    anchors = ["start", "middle", "middle", "middle", "end"]
    marks = [_text(_x(part / 4), TOP - 10, f"{part * 25} %", anchor=anchors[part], ink=SOFT, size=12) for part in range(5)]
    return format_html_join("", "{}", ((piece,) for piece in [*lines, *marks]))


def _drawn(bar: Bar, y: int) -> SafeString:
    label = bar.label if len(bar.label) <= LETTERS else bar.label[: LETTERS - 1] + "…"
    numbers = bar.numbers
    if numbers is None or not sum(numbers):
        said = _("withheld: too few") if numbers is None else _("none to judge yet")
        box = format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>', LEFT, y + 20, SPAN, BAR, MIST)
        return format_html("{}{}{}", _text(LEFT, y + 14, label), box, _text(LEFT + 8, y + 35, said, ink=SOFT, size=13))
    share = _text(_x(1), y + 14, f"{numbers[0] / sum(numbers):.0%}".replace("%", "\N{NO-BREAK SPACE}%"), anchor="end", weight=700)
    return format_html(
        "{}{}{}{}", _text(LEFT, y + 14, label), share, format_html_join("", "{}", ((p,) for p in _parts(numbers, y))), _whisker(bar, y)
    )


def _parts(numbers: Sequence[int], y: int) -> Iterator[SafeString]:
    begun, whole = 0, sum(numbers)
    for number, colour in zip(numbers, COLOURS, strict=True):
        if number:
            x, end = _x(begun / whole), _x((begun + number) / whole)
            yield format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>', x, y + 20, round(end - x, 1), BAR, colour)
            begun += number


def _whisker(bar: Bar, y: int) -> SafeString:
    """Where the share lies, with the chance of its small number: a line under the bar from end to end of the interval."""
    if bar.interval is None:
        return SafeString("")
    low, high = (_x(end) for end in bar.interval)
    return format_html('<path d="M{0} {2}v6M{0} {3}H{1}M{1} {2}v6" stroke="{4}" stroke-width="2" fill="none"></path>', low, high, y + 43, y + 46, INK)


def _target(target: float | None, height: int) -> SafeString:
    if target is None:
        return SafeString("")
    return format_html(
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="{3}" stroke-width="2" stroke-dasharray="5 4"></line>', _x(target), TOP - 4, height - 4, INK
    )
