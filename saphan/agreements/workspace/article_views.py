"""Words and place of an article: written in each language side by side, added, moved, taken away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.workspace import revising
from saphan.agreements.workspace.articles import mark_of, next_number
from saphan.agreements.workspace.frame import Sheet, languages_of, page, sheet_of, visible_version
from saphan.agreements.workspace.models import What
from saphan.agreements.workspace.revising import Apart
from saphan.agreements.workspace.row_forms import ArticleForm, put_faults
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.forms import differences, unchanged
from saphan.core.once import once


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def edit_words(request: StaffRequest, key: str = "", version_id: UUID | None = None, proposal_id: UUID | None = None) -> HttpResponse:
    """The words of an article, in the draft or on the sheet of a proposal."""
    sheet = sheet_of(request, version_id, proposal_id)
    key = sheet.key(key)
    if sheet.proposal is None:
        require(request.user, Action.AGREEMENT_DRAFT, sheet.version.agreement)
    article = sheet.article(key)
    form = ArticleForm(
        request.POST or None, vocabulary=sheet.vocabulary, article=article, languages=languages_of(sheet.plain), mark=mark_of(article)
    )  # fmt: skip
    if form.is_valid():
        try:
            sheet.save(key, form.changed(article), form.cleaned_data["mark"], What.WORDS, request, clock.now())
        except Apart as apart:
            return _apart(request, sheet, key, form, apart)
        except Unreadable as error:
            put_faults(form, error)
        else:
            messages.success(request, _("Article %(number)s is saved.") % {"number": form.cleaned_data["art"]})
            return redirect(sheet.back(form.cleaned_data["art"]))
    return _form_page(request, sheet, key, form)


def _apart(request: StaffRequest, sheet: Sheet, key: str, form: ArticleForm, apart: Apart) -> HttpResponse:
    """Both texts beside each other; sending the choice saves it over the text of now."""
    theirs = apart.theirs or {}
    now = ArticleForm(vocabulary=sheet.vocabulary, article=theirs, languages=form.languages)
    told = {name: now.initial.get(name, "") for name in form.fields if name != "mark"}
    told |= {"when": str(theirs.get("when", "")).split(" and ") if theirs.get("when") else []}
    found = differences(form, told)
    kept = [(name, value) for name, value in unchanged(form, found) if name != "mark"]
    return page(
        request, sheet.version, "apart", status=409, differences=found, kept=[*kept, ("mark", mark_of(apart.theirs))], back=sheet.back(key), key=key
    )  # fmt: skip


def _form_page(request: StaffRequest, sheet: Sheet, key: str, form: ArticleForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return page(request, sheet.version, "words", status=status, form=form, key=key, back=sheet.back(key), proposal=sheet.proposal, **context)


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def new_article(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """One more article."""
    version = visible_version(request, version_id)
    require(request.user, Action.AGREEMENT_DRAFT, version.agreement)
    sheet = Sheet(version, version.plain())
    after = request.GET.get("after", "")
    form = ArticleForm(
        request.POST or None, vocabulary=sheet.vocabulary, languages=languages_of(sheet.plain), initial={"art": next_number(sheet.plain)}
    )  # fmt: skip
    if form.is_valid():
        try:
            revising.add_article(version_id=version.pk, article=form.changed({}), after=after, by=request.user, at=clock.now())
        except Invalid as error:
            for name, sentence in error.fields.items():
                form.add_error(name, sentence)
        except Unreadable as error:
            put_faults(form, error)
        else:
            messages.success(request, _("Article %(number)s is added. Give it its rows now.") % {"number": form.cleaned_data["art"]})
            return redirect(sheet.back(form.cleaned_data["art"]))
    return _form_page(request, sheet, "", form, is_new=True)


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def remove_article(request: StaffRequest, version_id: UUID, key: str) -> HttpResponse:
    """Asks once more, then takes the article away; the history keeps it."""
    version = visible_version(request, version_id)
    require(request.user, Action.AGREEMENT_DRAFT, version.agreement)
    sheet = Sheet(version, version.plain())
    article = sheet.article(key)
    if request.method == "POST":
        revising.remove_article(version_id=version.pk, key=key, mark=request.POST.get("mark", ""), by=request.user, at=clock.now())
        messages.success(request, _("Article %(number)s is taken away. The history keeps it.") % {"number": key})
        return redirect("workspace:articles", version.pk)
    return page(request, version, "remove", key=key, mark=mark_of(article), article=article, back=sheet.back(key))


@page_for(Action.AGREEMENT_DRAFT)
@require_POST
@once
def move_article(request: StaffRequest, version_id: UUID, key: str) -> HttpResponse:
    """One place up or down."""
    version = visible_version(request, version_id)
    steps = -1 if request.POST.get("to") == "up" else 1
    revising.move_article(version_id=version.pk, key=key, steps=steps, by=request.user, at=clock.now())
    return redirect(Sheet(version, {}).back(key))
