"""Tells the article of a saved page from the page's furniture.

How it decides (each rule is a function below, so that it can be corrected alone):
1. Marked furniture: HTML `nav`, `footer`, `aside`, `form` and the like.
2. Furniture by its words: menus (short parts between bars), copyright lines, calls to do something on the site (subscribe, sign up,
   click here, share, RSS), search lines, links to policies, short lines that stand on the page twice.
3. The date is a line that says nothing but a day; else a dateline at the head of a paragraph; else what the page's head says.
4. The title is the heading nearest above the date (in HTML the first `h1`), else what the page calls itself, else the line below the date.
   Whatever stands before title and date is the head of the page.
5. "Adapted from:", "Source:", "ที่มา:" gives the attribution. Short lines after it are the foot of the page.
6. A label with nothing but furniture under it is furniture; so are labels at the end.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.html import escape
from django.utils.translation import gettext as _

from saphan.core.errors import Invalid
from saphan.portal.news.days import dateline, day_alone, day_in
from saphan.portal.news.reading import Line, SavedPage, read

BARS = re.compile(r"\s*[|¦·•»›]\s*|\s{4,}")
COPYRIGHT = re.compile(r"©|\(c\)\s*(19|20)\d\d|copyright|all rights reserved|สงวนลิขสิทธิ์|ลิขสิทธิ์ ", re.IGNORECASE)
CALL = re.compile(
    r"\b(click here|sign up|signup|subscribe|unsubscribe|newsletter|follow us|join us|log ?in|sign in|register now|read more|"
    r"find out more|learn more|"
    r"back to top|skip to|print this|e-?mail this|share this|share on|tell a friend|bookmark|via rss|rss feed|feed-icon|cookies?)\b"
    r"|คลิกที่นี่|คลิกเพื่อ|สมัครรับ|สมัครสมาชิก|จดหมายข่าว|ติดตามเรา|เข้าสู่ระบบ|อ่านต่อ|กลับไปด้านบน|แชร์|พิมพ์หน้านี้|บอกต่อ",
    re.IGNORECASE,
)
SEARCH = re.compile(r"^(search|ค้นหา)\b.{0,80}(site|website|resources|archive|เว็บไซต์|\.\.\.|…)|^(search|go|ค้นหา)\W*$", re.IGNORECASE)
POLICY = re.compile(
    r"\b(privacy policy|terms of use|terms and conditions|disclaimer|site ?map|accessibility statement|contact us)\b"
    r"|นโยบายความเป็นส่วนตัว|แผนผังเว็บไซต์|ติดต่อเรา",
    re.IGNORECASE,
)
PAGING = re.compile(r"^\W*(home|next|previous|prev|back|top|print|menu|page \d+.*|หน้าแรก|ถัดไป|ก่อนหน้า|ย้อนกลับ)\W*$", re.IGNORECASE)
ATTRIBUTION = re.compile(
    r"^\s*[(\[]?\s*(?:adapted from|source|sources|reprinted from|originally published (?:by|in)|original|from|"
    r"ดัดแปลงจาก|เรียบเรียงจาก|แหล่งที่มา|ที่มา|แหล่งข่าว)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“„«‘']\s*(.+?)\s*[\"”“»’'](?=[\s,.;)]|$)")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
SHORT_CALL, LABEL, PROSE = 240, 70, 160
KNOWN_BY_ITSELF = 200  # letters
SPELLED = r"[\s\u200b]+"


@dataclass(frozen=True)
class Attribution:
    """Where an article comes from, as its "Adapted from" line says."""

    title: str = ""
    source: str = ""
    url: str = ""
    on: date | None = None


@dataclass(frozen=True)
class FoundArticle:
    """What was found in one saved page; `furniture` is all the rest of it, so that a person can judge."""

    title: str
    published_on: date
    body: list[Line]
    attribution: Attribution
    address: str = ""
    furniture: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same for the same article, however it was saved."""
        return _digest([self.title, self.published_on.isoformat(), *(line.text for line in self.body)])

    @property
    def body_key(self) -> str:
        """The same for the same text under whatever title and day; empty for a text too short to be known by itself."""
        return _digest([line.text for line in self.body]) if sum(len(line.text) for line in self.body) >= KNOWN_BY_ITSELF else ""

    @property
    def introduction(self) -> str:
        """The first paragraph, when it is short enough to stand before the others."""
        first = next((line.text for line in self.body if line.kind == "p"), "")
        return first if len(first) <= 400 else ""

    def html(self) -> str:
        """The body as the plain HTML that the editors' system keeps."""
        return body_html(self.body[1:] if self.introduction and len(self.body) > 1 and self.body[0].kind == "p" else self.body)


def _digest(words: list[str]) -> str:
    return hashlib.sha256(re.sub(SPELLED, " ", "\n".join(words)).strip().casefold().encode("utf-8", "replace")).hexdigest()


def article_in(path: Path, *, title: str = "", day: date | None = None) -> FoundArticle:
    """Reads a file and finds its article. Raises Invalid with the reason: no page, no title, no date, no text.

    Title and day that are told from outside win over those in the page.
    """
    return find(read(path), title=title, day=day)


def find(page: SavedPage, *, title: str = "", day: date | None = None) -> FoundArticle:
    """Finds the article of a page that was read."""
    furniture = list(page.furniture)
    lines = _without(page.lines, furniture)
    at, own_day = _date_of(lines, page)
    own_title, body = _title_and_body(lines, at, page, furniture)
    title, day = title or own_title, day or own_day
    if not title:
        raise Invalid(_("no title was found"))
    if day is None:
        raise Invalid(_("no date was found"))
    attribution, body = _attribution(body, furniture)
    body = _trimmed(body, furniture)
    if not body:
        raise Invalid(_("no text was found below the title"))
    return FoundArticle(title[:250], day, body, attribution, page.address, furniture)


def is_furniture(text: str) -> bool:
    """Whether the words of a line show that it belongs to the site and not to the article."""
    parts = [part for part in BARS.split(text) if part]
    if len(parts) >= 3 and len(text) / len(parts) < 30 and len(text) < 400:
        return True
    if len(text) <= SHORT_CALL and (COPYRIGHT.search(text) or CALL.search(text)):
        return True
    return bool(SEARCH.search(text) or PAGING.match(text) or (len(text) <= LABEL and POLICY.search(text)))


def body_html(lines: list[Line]) -> str:
    """Paragraphs, headings and lists; every letter escaped."""
    out: list[str] = []
    open_list = ""
    for line in lines:
        wanted = {"li": "ul", "ol": "ol"}.get(line.kind, "")
        if wanted != open_list:
            out.append(f"</{open_list}>" if open_list else "")
            out.append(f"<{wanted}>" if wanted else "")
            open_list = wanted
        tag = "li" if wanted else ("h2" if line.level <= 2 else "h3") if line.kind == "h" else "p"
        out.append(f"<{tag}>{escape(line.text)}</{tag}>")
    return "".join(out) + (f"</{open_list}>" if open_list else "")


def _without(lines: list[Line], furniture: list[str]) -> list[Line]:
    """The lines that neither their words nor their return give away as furniture."""
    times = Counter(line.text for line in lines)
    kept = []
    for line in lines:
        again = times[line.text] > 1 and len(line.text) <= LABEL and line.kind != "h" and not day_alone(line.text)
        if again or is_furniture(line.text):
            furniture.append(line.text)
        else:
            kept.append(line)
    return kept


def _date_of(lines: list[Line], page: SavedPage) -> tuple[int | None, date | None]:
    """Where the line of the date stands, and the day. A dateline is part of its paragraph and has no line of its own."""
    for at, line in enumerate(lines):
        if day := day_alone(line.text):
            return at, day
    for line in lines:
        if day := dateline(line.text):
            return None, day
    said = day_in(page.date[:40])
    return None, said[0] if said else None


def _title_and_body(lines: list[Line], at: int | None, page: SavedPage, furniture: list[str]) -> tuple[str, list[Line]]:
    """The title, and the lines below title and date; what stands above is the head of the page."""
    place = _title_place(lines, at, page)
    if place is None:
        start = (at + 1) if at is not None else 0
        title = page.title
    else:
        start = max(place, at if at is not None and at - place <= 3 else place) + 1
        title = lines[place].text
    head = [line.text for n, line in enumerate(lines[:start]) if n not in (place, at)]
    furniture += head
    return title, [line for n, line in enumerate(lines[start:], start) if n != at]


def _title_place(lines: list[Line], at: int | None, page: SavedPage) -> int | None:
    """The line that is the title: the page's own heading, else what stands nearest above the date, else below it."""
    headings = [n for n, line in enumerate(lines) if line.kind == "h"]
    said = [n for n in headings if page.title and lines[n].text.casefold() in page.title.casefold() and len(lines[n].text) > 8]
    above = [n for n in headings if at is not None and n < at]
    if said or above:
        return said[0] if said else above[-1]
    if headings and (at is None or headings[0] - at <= 2):
        top = min(lines[n].level for n in headings)
        return next(n for n in headings if lines[n].level == top)
    if page.title:
        return next((n for n, line in enumerate(lines) if line.text == page.title), None)
    if at is None:
        return next((n for n, line in enumerate(lines[:-1]) if _may_be_title(line)), None)
    near = [n for n in (at - 1, at - 2, at + 1) if 0 <= n < len(lines) and _may_be_title(lines[n])]
    return near[0] if near else None


def _may_be_title(line: Line) -> bool:
    """A title is a phrase: neither a point of a list nor prose, and not a mere label where something longer stands."""
    return line.kind in "ph" and 12 <= len(line.text) <= 250 and line.text[-1] not in ".;:" and not ATTRIBUTION.match(line.text)


def _attribution(body: list[Line], furniture: list[str]) -> tuple[Attribution, list[Line]]:
    """Takes the attribution out of the body, and with it the short lines after it, which are the foot of the page."""
    for at, line in enumerate(body):
        said = ATTRIBUTION.match(line.text)
        if said and len(line.text) <= 500:
            before, after = body[:at], body[at + 1 :]
            foot = [other for other in after if before and len(other.text) < PROSE and other.kind not in ("li", "ol")]
            furniture += [other.text for other in foot]
            return attribution_of(said[1]), [*before, *(other for other in after if other not in foot)]
    return Attribution(), body


def attribution_of(text: str) -> Attribution:
    """Reads `"Title." The Paper. 8 August 2007.` in its usual orders; what is left when all is known is the publisher."""
    rest, title, url, on = text.strip(), "", "", None
    if found := ADDRESS.search(rest):
        url = found[0].rstrip(".,;)")[:500]
        rest = rest.replace(found[0], " ")
    if quoted := QUOTED.search(rest):
        title = quoted[1].rstrip(",")
        rest = rest[: quoted.start()] + " " + rest[quoted.end() :]
    if day := day_in(rest):
        on = day[0]
        rest = rest[: day[1]] + " " + rest[day[2] :]
    return Attribution(title[:250], " ".join(rest.split()).strip(" .,;:()[]–—-")[:160], url, on)


def _trimmed(body: list[Line], furniture: list[str]) -> list[Line]:
    """The body without labels at its end; a label is a short line that ends no sentence."""
    body = list(body)
    while body and body[-1].kind in ("p", "h") and len(body[-1].text) <= LABEL and body[-1].text[-1] not in ".!?”\"'ๆฯ" and len(body) > 1:
        furniture.append(body.pop().text)
    return body
