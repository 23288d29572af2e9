"""The stages of a procedure as a picture: one under the other, arrows for the ways between them. Colours and letters come from the style sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from saphan.agreements.following.names import named
from saphan.agreements.procedures.standing import Standing

WIDE, HIGH, GAP, MARGIN, LANE = 220, 38, 26, 76, 14
LETTERS = 26


@dataclass(frozen=True)
class Box:
    """One stage in the picture."""

    name: str
    place: int
    look: str  # here, been, open, closed
    words: str

    @property
    def top(self) -> int:
        return 8 + self.place * (HIGH + GAP)

    @property
    def middle(self) -> int:
        return self.top + HIGH // 2

    @property
    def label(self) -> str:
        words = self.words
        return words if len(words) <= LETTERS else words[: LETTERS - 1] + "…"


def picture(standing: Standing, open_now: frozenset[str], title: str) -> SafeString:
    """An SVG for the page. It repeats what the table under it says, so readers of a screen hear its title only."""
    boxes = {
        name: Box(name, place, _look(standing, name, open_now), named(name, standing.compiled.procedure.id))
        for place, name in enumerate(standing.compiled.stages)
    }
    tall = 8 + len(boxes) * (HIGH + GAP)
    ways = format_html_join("", '<path class="way {}" d="{}"/><path class="tip {}" d="{}"/>', _ways(standing, boxes))
    drawn = format_html_join(
        "",
        '<g class="stage {}"><rect x="{}" y="{}" width="{}" height="{}" rx="8"/><text x="{}" y="{}">{}</text></g>',
        ((box.look, MARGIN, box.top, WIDE, HIGH, MARGIN + WIDE // 2, box.middle + 5, box.label) for box in boxes.values()),
    )
    across = WIDE + 2 * MARGIN
    return format_html(
        '<svg class="stages" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}{}</svg>',
        title,
        across,
        tall,
        across,
        tall,
        ways,
        drawn,
    )


def _look(standing: Standing, name: str, open_now: frozenset[str]) -> str:
    if name == standing.stage:
        return "here"
    if name in standing.visited:
        return "been"
    return "open" if name in open_now else "closed"


def _ways(standing: Standing, boxes: dict[str, Box]) -> Iterator[tuple[str, str, str, str]]:
    """Straight down to the next one, in an arc on the right to one further down, on the left back up."""
    lanes = {1: 0, -1: 0}
    for name, following in standing.compiled.following.items():
        for later in following:
            if later not in boxes:
                continue
            one, other = boxes[name], boxes[later]
            gone = "gone" if later in standing.visited and name in standing.visited else ""
            if other.place == one.place + 1:
                x = MARGIN + WIDE // 2
                yield gone, f"M{x} {one.top + HIGH}V{other.top - 5}", gone, f"M{x - 4} {other.top - 8}L{x} {other.top - 1}L{x + 4} {other.top - 8}Z"
                continue
            side = 1 if other.place > one.place else -1
            lanes[side] += 1
            yield _arc(one, other, side, lanes[side], gone)


def _arc(one: Box, other: Box, side: int, lane: int, gone: str) -> tuple[str, str, str, str]:
    edge = MARGIN + WIDE if side > 0 else MARGIN
    out = edge + side * min(LANE + lane * 10, MARGIN - 6)
    begin, end = one.middle + 6, other.middle - 6
    bend = f"M{edge} {begin}C{out} {begin} {out} {begin} {out} {begin + (8 if end > begin else -8)}V{end - (8 if end > begin else -8)}"
    tip = edge + side * 2
    return (
        gone,
        f"{bend}C{out} {end} {out} {end} {tip + side * 6} {end}",
        gone,
        f"M{tip + side * 8} {end - 4}L{tip} {end}L{tip + side * 8} {end + 4}Z",
    )
