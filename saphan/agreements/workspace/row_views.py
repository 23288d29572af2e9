"""One row of an article: asked by a plain form whose choices are the names of this very procedure."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.workspace.articles import SINGLE, Plain, Row, mark_of, row_at, rows_of, with_row, without_row
from saphan.agreements.workspace.frame import Sheet, page, sheet_of
from saphan.agreements.workspace.models import What
from saphan.agreements.workspace.questions import KINDS
from saphan.agreements.workspace.revising import Apart, Change
from saphan.agreements.workspace.row_forms import RowForm
from saphan.agreements.workspace.vocabulary import NAMED, renamed
from saphan.core import clock
from saphan.core.forms import differences, unchanged
from saphan.core.once import once


@page_for(Action.AGREEMENT_PROPOSE)
@require_http_methods(["GET", "POST"])
@once
def edit_row(request: StaffRequest, kind: str, place: int, key: str = "", version_id: UUID | None = None, proposal_id: UUID | None = None) -> HttpResponse:
    """Changes a row that is there."""
    sheet, key = _sheet(request, version_id, proposal_id, key)
    row = _row(request, sheet.article(key), _known(kind), place)
    return _asked(request, sheet, key, row)


@page_for(Action.AGREEMENT_PROPOSE)
@require_http_methods(["GET", "POST"])
@once
def new_row(request: StaffRequest, kind: str, key: str = "", version_id: UUID | None = None, proposal_id: UUID | None = None) -> HttpResponse:
    """Adds a row of a kind."""
    sheet, key = _sheet(request, version_id, proposal_id, key)
    if _known(kind) in SINGLE and sheet.article(key).get(kind):
        return redirect(_place(sheet, key, kind))
    return _asked(request, sheet, key, Row(kind, -1, {}))


@page_for(Action.AGREEMENT_PROPOSE)
@require_http_methods(["GET"])
def choose_kind(request: StaffRequest, key: str = "", version_id: UUID | None = None, proposal_id: UUID | None = None) -> HttpResponse:
    """Which kind of row is to be added."""
    sheet, key = _sheet(request, version_id, proposal_id, key)
    there = {row.kind for row in rows_of(sheet.article(key)) if row.kind in SINGLE}
    kinds = [(kind, said) for kind, said in KINDS.items() if kind not in there]
    return page(request, sheet.version, "kinds", key=key, kinds=kinds, back=sheet.back(key), proposal=sheet.proposal)


@page_for(Action.AGREEMENT_PROPOSE)
@require_POST
@once
def remove_row(request: StaffRequest, kind: str, place: int, key: str = "", version_id: UUID | None = None, proposal_id: UUID | None = None) -> HttpResponse:
    """Takes a row away; the history keeps it."""
    sheet, key = _sheet(request, version_id, proposal_id, key)
    changed = without_row(sheet.article(key), _known(kind), place)
    sheet.save(key, changed, request.POST.get("mark", ""), What.ROW_GONE, request, clock.now())
    messages.success(request, _("The row is taken away."))
    return redirect(sheet.back(key))


def _sheet(request: StaffRequest, version_id: UUID | None, proposal_id: UUID | None, key: str) -> tuple[Sheet, str]:
    sheet = sheet_of(request, version_id, proposal_id)
    if sheet.proposal is None:
        require(request.user, Action.AGREEMENT_DRAFT, sheet.version.agreement)
        return sheet, key
    return sheet, sheet.key(key)


def _row(request: StaffRequest, article: Plain, kind: str, place: int) -> Row:
    """The row by its name where it has one, for a colleague may have moved it; one that is gone can still be written: it is added again."""
    rows = [row for row in rows_of(article) if row.kind == kind]
    named = [row for row in rows if row.name and row.name == request.POST.get("was")]
    if named or request.method == "GET":
        return named[0] if named else row_at(article, kind, place)
    return next((row for row in rows if row.place == place and not row.name), Row(kind, -1, {}))


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise Http404
    return kind


def _place(sheet: Sheet, key: str, kind: str) -> str:
    if sheet.proposal is not None:
        return reverse("workspace:proposal_row", args=[sheet.proposal.pk, kind, 0])
    return reverse("workspace:row", args=[sheet.version.pk, key, kind, 0])


def _asked(request: StaffRequest, sheet: Sheet, key: str, row: Row) -> HttpResponse:
    article = sheet.article(key)
    form = RowForm(request.POST or None, kind=row.kind, vocabulary=sheet.vocabulary, content=row.content or None, mark=mark_of(article))
    if form.is_valid():
        try:
            _save(request, sheet, key, row, form)
        except Apart as apart:
            return _apart(request, sheet, key, row, form, apart)
        except Unreadable as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved in article %(number)s.") % {"number": key})
            return redirect(sheet.back(key))
    context = {"form": form, "kind": KINDS[row.kind], "key": key, "row": row, "article": article, "back": sheet.back(key), "proposal": sheet.proposal}
    return page(request, sheet.version, "row", status=422 if form.is_bound else 200, mark=mark_of(article), **context)


def _save(request: StaffRequest, sheet: Sheet, key: str, row: Row, form: RowForm) -> None:
    content = form.row()
    changed = with_row(sheet.article(key), row.kind, row.place if row.content else None, content)
    sheet.save(key, changed, form.cleaned_data["mark"], What.ROW, request, clock.now(), also=_renaming(row, content))


def _renaming(row: Row, content: Plain) -> Change | None:
    """A row that gets another name is renamed wherever it is pointed to."""
    old, new = row.name, str(content.get("id", ""))
    if not old or old == new:
        return None
    return lambda plain: renamed(plain, NAMED[row.kind], old, new)


def _apart(request: StaffRequest, sheet: Sheet, key: str, row: Row, form: RowForm, apart: Apart) -> HttpResponse:
    """Both rows beside each other. Where the other editor took the row away, or moved it, nothing stands on the other side."""
    theirs = apart.theirs or {}
    same = [one for one in rows_of(theirs) if one.kind == row.kind and (one.name == row.name if row.name else one.place == row.place)]
    other = RowForm(kind=row.kind, vocabulary=sheet.vocabulary, content=same[0].content if same else {})
    found = differences(form, {name: field_value(other, name) for name in form.fields if name != "mark"})
    kept = [(name, value) for name, value in unchanged(form, found) if name != "mark"]
    return page(
        request, sheet.version, "apart", status=409, differences=found, kept=[*kept, ("was", row.name), ("mark", mark_of(apart.theirs))], back=sheet.back(key), key=key
    )  # fmt: skip


def field_value(form: RowForm, name: str) -> object:
    """What an unbound form would show in a field."""
    return form[name].value()
