"""The article cards of a version, all findings of the linter, and the history of the draft."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.agreements.models import AgreementVersion
from saphan.agreements.states import VersionState
from saphan.agreements.workspace import revising
from saphan.agreements.workspace.articles import Plain, Row, keys_of, rows_of
from saphan.agreements.workspace.beginning import first_text
from saphan.agreements.workspace.brackets import Open, open_articles
from saphan.agreements.workspace.frame import Note, languages_of, notes_of, page, require_inside, visible_version
from saphan.agreements.workspace.questions import KINDS
from saphan.agreements.workspace.rules_told import rule_told
from saphan.agreements.workspace.redline import procedures_changed
from saphan.agreements.workspace.vocabulary import Vocabulary
from saphan.agreements.workspace.wording import condition_said, sentence_of
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paging import paginate


@dataclass(frozen=True)
class ShownRow:
    """A row as a card shows it."""

    row: Row
    label: Any
    sentence: str


@dataclass(frozen=True)
class Card:
    """One article: its words in each language beside its rows, with what is to be said about it."""

    key: str
    number: str
    when: str
    prose: list[tuple[str, str, str]]
    rows: list[ShownRow]
    notes: list[Note]
    brackets: list[Open]
    proposals: int
    comments: int


def card_of(key: str, article: Plain, vocabulary: Vocabulary, languages: list[tuple[str, str]], **beside: Any) -> Card:
    """An article made ready for the page."""
    prose = [(code, name, article.get("prose", {}).get(code, "")) for code, name in languages]
    rows = [ShownRow(row, KINDS[row.kind].name, sentence_of(row, vocabulary)) for row in rows_of(article)]
    when = condition_said(article["when"]) if article.get("when") else ""
    return Card(key, article["art"], when, prose, rows, **{"notes": [], "brackets": [], "proposals": 0, "comments": 0} | beside)


@page_for(Action.AGREEMENT_READ)
@require_GET
def articles(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """All articles of a version as cards. A draft of its own office has buttons; every other version is read here."""
    version = visible_version(request, version_id)
    plain = version.plain() if version.runs else {}
    if not plain.get("articles") or not version.canonical:
        return _without(request, version)
    vocabulary, languages = Vocabulary(plain), languages_of(plain)
    notes, brackets = notes_of(version), open_articles(version)
    proposals, comments = _counted(version)
    cards = [
        card_of(
            key, article, vocabulary, languages, notes=[note for note in notes if note.article == article["art"]], brackets=brackets.get(key, []),
            proposals=proposals.get(key, 0), comments=comments.get(key, 0),
        )
        for key, article in zip(keys_of(plain), plain["articles"], strict=True)
    ]  # fmt: skip
    may_propose = version.state == VersionState.NEGOTIATING and check(request.user, Action.AGREEMENT_PROPOSE, version.agreement)
    return page(
        request, version, "articles", cards=cards, languages=languages, whole=[note for note in notes if not note.article],
        may_propose=may_propose, kinds=KINDS.items(), may_negotiate=_may_negotiate(request, version),
    )  # fmt: skip


def _may_negotiate(request: StaffRequest, version: AgreementVersion) -> bool:
    return version.state in (VersionState.DRAFTING, VersionState.NEGOTIATING) and bool(check(request.user, Action.AGREEMENT_NEGOTIATE, version.agreement))


def _counted(version: AgreementVersion) -> tuple[dict[str, int], dict[str, int]]:
    proposals: dict[str, int] = {}
    comments: dict[str, int] = {}
    for key in version.proposals.open().values_list("article", flat=True):
        proposals[key] = proposals.get(key, 0) + 1
    for key in version.comments.values_list("article", flat=True):
        comments[key] = comments.get(key, 0) + 1
    return proposals, comments


def _without(request: StaffRequest, version: AgreementVersion) -> HttpResponse:
    """A version whose running part is missing, or cannot be read."""
    return page(request, version, "without", notes=notes_of(version), unreadable=version.runs)


@page_for(Action.AGREEMENT_DRAFT)
@require_POST
@once
def begin(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Gives the version its first running part: the parties of the register and one article."""
    version = visible_version(request, version_id)
    require(request.user, Action.AGREEMENT_DRAFT, version.agreement)
    revising.begin_running_part(version_id=version.pk, plain=first_text(version, today=clock.now().date()), by=request.user, at=clock.now())
    messages.success(request, _("The running part is begun. Look at the lists at the head first: parties, roles, languages."))
    return redirect("workspace:articles", version.pk)


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def findings(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """All that the linter says of a version, article by article."""
    version = visible_version(request, version_id)
    require_inside(request, version)
    return page(request, version, "findings", notes=notes_of(version))


@page_for(Action.AGREEMENT_READ)
@require_GET
def rule(request: StaffRequest, rule_id: str) -> HttpResponse:
    """What one rule of the linter asks, and why."""
    found = rule_told(rule_id)
    if found is None:
        raise Http404
    return render(request, "agreements/workspace/rule.html", found)


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def history(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Each change of the draft, newest first: who, when, which article; what it changed opens below."""
    version = visible_version(request, version_id)
    require_inside(request, version)
    shown = paginate(version.revisions.select_related("by__org"), request, order=("-number",))
    asked = request.GET.get("show", "")
    chosen = version.revisions.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 8 else None  # noqa: PLR2004  # digits of a number
    changes = []
    if chosen is not None:
        before = version.revisions.filter(number__lt=chosen.number).first()
        changes = [c for c in procedures_changed(before.plain() if before else {}, chosen.plain()) if c.status != "same"]
    return page(request, version, "history", page=shown, chosen=chosen, changes=changes)


@page_for(Action.AGREEMENT_DRAFT)
@require_POST
@once
def go_back(request: StaffRequest, version_id: UUID, number: int) -> HttpResponse:
    """Puts an earlier text back as a new revision."""
    version = visible_version(request, version_id)
    revising.go_back(version_id=version.pk, number=number, by=request.user, at=clock.now())
    messages.success(request, _("The text of revision %(number)s stands again. What was there before is kept in the history.") % {"number": number})
    return redirect("workspace:history", version.pk)

