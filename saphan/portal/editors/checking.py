"""The check before publication: what on a page could give a person away, field by field, with the passage and the reason.

It stops a publication (`stands_in_the_way`), whoever asks for it: a publisher, the clock, the operator's import.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Page, Revision

from saphan.directory.models import Office
from saphan.portal.editors.models import PassedFinding
from saphan.portal.editors.patterns import RULES, STOPS, Rule, plainly
from saphan.portal.editors.reading import Passage, Picture, passages, pictures
from saphan.portal.pages import PublicPage, StopsPublication
from saphan.portal.places.models import PublicOffice, PublicService

AROUND = 40  # letters shown on each side of a passage
LONGEST = 200_000  # letters of one field that are looked at; no page is longer
MOST = 50  # findings of one kind in one field; whoever mends these sees the next
SHORT_NUMBER = 6  # digits: a number this short is a hotline or an emergency call, never somebody's own

PICTURE_NEEDS: dict[str, str | Promise] = {
    "room": gettext_lazy("A picture at this place carries neither rights nor consent. Put it into the field for pictures."),
    "alt": gettext_lazy("The picture has no words for readers who cannot see it."),
    "rights": gettext_lazy("The picture has no rights: say who made it and who allowed its use."),
    "consent": gettext_lazy("It is not said whether somebody in the picture can be recognised, and whether that person agreed in writing."),
}


@dataclass(frozen=True)
class Finding:
    """One passage that may give somebody away. `key` is the same as long as field, rule and words are the same."""

    rule: str
    stops: bool
    field: str
    before: str
    passage: str
    after: str
    why: str
    key: str


@dataclass(frozen=True)
class Report:
    """What the check found on one version of a page, and which of it a publisher has passed with a reason."""

    findings: list[Finding]
    passed: dict[str, PassedFinding]

    @property
    def stopping(self) -> list[Finding]:
        return [f for f in self.findings if f.stops]

    @property
    def asking(self) -> list[Finding]:
        """What a publisher may pass with a written reason, and nobody has yet."""
        return [f for f in self.findings if not f.stops and f.key not in self.passed]

    @property
    def clear(self) -> bool:
        return not (self.stopping or self.asking)


def findings_on(page: Page) -> list[Finding]:
    """All findings on a page as it is in memory, in the order of its fields; the same passage once."""
    known = lru_cache(lambda: known_numbers(page))  # asked only when a number stands somewhere
    found = [*_of_pictures(page), *(f for passage in passages(page) for f in findings_in(passage, known))]
    return list({f.key: f for f in found}.values())


def report_on(page: Page) -> Report:
    """The findings, with the reasons that publishers have given for this page."""
    found = findings_on(page)
    reasons = PassedFinding.objects.filter(page_id=page.pk, key__in=[f.key for f in found]).select_related("by") if found else ()
    return Report(found, {reason.key: reason for reason in reasons})


def stands_in_the_way(page: Any, _revision: Revision) -> None:
    """Called before any revision of any public page is published or given a date. Raises StopsPublication with a sentence; quotes nothing."""
    if not isinstance(page, PublicPage):
        return
    report = report_on(page)
    if report.clear:
        return
    count = len(report.stopping) + len(report.asking)
    sentence = ngettext(
        "Not published: %(n)s passage could give a person away. The draft is kept; the check shows the passage and the reason.",
        "Not published: %(n)s passages could give a person away. The draft is kept; the check shows each with the reason.",
        count,
    ) % {"n": count}
    raise StopsPublication(sentence, look_at=reverse("editors:check", args=[page.pk]))


def known_numbers(page: Page) -> frozenset[str]:
    """Digits of the telephone numbers that are public already: on help and country pages, of offices and services of the directory."""
    here = {passage.words for passage in passages(page) if passage.is_number}
    return frozenset(filter(None, map(digits_of, here))) | public_numbers()


def digits_of(number: str) -> str:
    """A telephone number as digits alone, without the code of Thailand: +66 2 123 4567 is 021234567."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return "0" + digits[2:] if digits.startswith("66") and len(digits) > 9 else digits


def public_numbers() -> frozenset[str]:
    """Digits of the telephone numbers on help and country pages, of offices and of services."""
    offices = [phone for model in (Office, PublicOffice, PublicService) for phone in model.objects.exclude(phone="").values_list("phone", flat=True)]
    pages = (page.specific for page in Page.objects.live().filter(content_type__model__in=["helppage", "countrypage"]).order_by())
    lines = (passage.words for page in pages for passage in passages(page) if passage.is_number)
    return frozenset(filter(None, map(digits_of, [*offices, *lines])))


def _of_pictures(page: Page) -> Iterator[Finding]:
    for picture in pictures(page):
        for lack in _lacks(picture):
            key = _key("picture", picture.name, lack)
            yield Finding("picture", STOPS, picture.label, "", "", "", str(PICTURE_NEEDS[lack]), key)


def _lacks(picture: Picture) -> list[str]:
    told = {"alt": picture.alt, "rights": picture.rights, "consent": picture.consent}
    if all(value is None for value in told.values()):
        return ["room"]
    return [name for name, value in told.items() if not (value or "").strip()]


def findings_in(passage: Passage, known: Callable[[], frozenset[str]]) -> Iterator[Finding]:
    """The findings in one passage, and in the addresses of its links. `known` answers the digits of numbers that are public already."""
    if passage.is_number or not (passage.words or passage.html):
        return
    text = plainly(passage.words)[:LONGEST]
    if passage.name == "slug":
        text = _as_words(text)
    shown: dict[str, list[tuple[int, int]]] = {}  # what two patterns of one kind both find is told once
    for rule in RULES:
        if passage.is_address and rule.name not in ("coordinates", "reference"):
            continue
        for hit in rule.pattern.finditer(text):
            spans = shown.setdefault(rule.name, [])
            if len(spans) >= MOST:
                break
            told = any(start < hit.end() and hit.start() < end for start, end in spans)
            if not (told or rule.spares(hit) or _is_known(rule, hit, known)):
                spans.append(hit.span())
                yield _finding(rule, passage, text, hit)
    if passage.html:
        links = " ".join(re.findall(r'href="(https?:[^"]+)"', passage.html))
        yield from findings_in(Passage(passage.name, passage.label, links, is_address=True), known)


def objections_to(text: str) -> list[str]:
    """Why a plain text of another room may not become public: the reasons of the rules that stop, each once."""
    found = findings_in(Passage("text", "", text), public_numbers)
    return list(dict.fromkeys(finding.why for finding in found if finding.stops))


def _is_known(rule: Rule, hit: re.Match[str], known: Callable[[], frozenset[str]]) -> bool:
    if rule.name != "telephone":
        return False
    digits = digits_of(hit[0])
    return len(digits) <= SHORT_NUMBER or digits in known()


def _finding(rule: Rule, passage: Passage, text: str, hit: re.Match[str]) -> Finding:
    start, end = hit.span()
    before = ("…" if start > AROUND else "") + text[max(0, start - AROUND) : start].lstrip()
    after = text[end : end + AROUND].rstrip() + ("…" if end + AROUND < len(text) else "")
    key = _key(rule.name, passage.name, " ".join(hit[0].split()).casefold())
    return Finding(rule.name, rule.stops, passage.label, before, hit[0], after, str(rule.why), key)


def _as_words(slug: str) -> str:
    """The words of an address as they were in the title: 17-year-old-n becomes 17 year old N."""
    return re.sub(r"\b[b-hj-z]\b", lambda letter: letter[0].upper(), slug.replace("-", " ")) if not re.fullmatch(r"\w-\w{8}", slug) else slug


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def kinds() -> dict[str, str]:
    """The kinds of findings with their names on screen."""
    return {
        "age": _("age beside a name"),
        "child": _("title of a child"),
        "place of a person": _("name beside a place"),
        "reference": _("number of a file or case"),
        "papers": _("number of a paper"),
        "telephone": _("telephone number"),
        "shelter": _("place of a shelter"),
        "coordinates": _("map or coordinates"),
        "address": _("exact address"),
        "picture": _("picture"),
    }
