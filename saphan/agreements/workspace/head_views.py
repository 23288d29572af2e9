"""The lists at the head of a draft: read by all, changed by its office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.entering import spoken
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.workspace import revising
from saphan.agreements.workspace.articles import Plain, mark_of
from saphan.agreements.workspace.frame import language_name, page, visible_version
from saphan.agreements.workspace.head_forms import SECTIONS, EntryForm, GeneralForm, Section
from saphan.agreements.workspace.revising import Apart, Change
from saphan.agreements.workspace.row_forms import put_faults
from saphan.agreements.workspace.vocabulary import HEADED, Vocabulary, renamed
from saphan.agreements.workspace.wording import length_said
from saphan.core import clock
from saphan.core.forms import differences, unchanged
from saphan.core.once import once


@page_for(Action.AGREEMENT_READ)
@require_GET
def head(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """All lists of the head."""
    version = visible_version(request, version_id)
    plain = version.plain() if version.runs else {}
    vocabulary = Vocabulary(plain)
    lists = [
        (section, [(name, section.told(name, value, vocabulary)) for name, value in plain.get(section.name, {}).items()]) for section in SECTIONS.values()
    ]  # fmt: skip
    languages = plain.get("languages", {})
    general = {
        "authoritative": ", ".join(map(language_name, languages.get("authoritative", ()))),
        "working": language_name(languages.get("working", "")),
        "review": length_said(plain["review"]) if plain.get("review") else "",
        "never": ", ".join(map(spoken, plain.get("never", ()))),
    }
    return page(request, version, "head", lists=lists, plain=plain, general=general)


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def edit_general(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """What is said once for the whole procedure."""
    version = _own(request, version_id)
    plain = version.plain()
    mark = mark_of(_general(plain))
    form = GeneralForm(request.POST or None, plain=plain, initial={"mark": mark})
    if form.is_valid():
        try:
            revising.save_general(version_id=version.pk, changed=form.changed, seen=form.cleaned_data["mark"], by=request.user, at=clock.now())
        except Apart as apart:
            now = GeneralForm(plain=apart.theirs or {})
            return _apart(request, version, form, {name: now[name].value() for name in now.fields if name != "mark"}, mark_of(_general(apart.theirs or {})))
        except Unreadable as error:
            put_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:head", version.pk)
    return page(request, version, "general", status=422 if form.is_bound else 200, form=form)


def _general(plain: Plain) -> Plain:
    return revising.general_part(plain)


@page_for(Action.AGREEMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@once
def edit_entry(request: StaffRequest, version_id: UUID, section: str, name: str = "") -> HttpResponse:
    """One entry of a list, or a new one."""
    version, asked = _own(request, version_id), _section(section)
    plain = version.plain()
    entries = plain.get(section, {})
    if name and name not in entries and request.method == "GET":
        raise Http404
    form = asked.form(request.POST or None, vocabulary=Vocabulary(plain), initial={"mark": mark_of(entries or None)})
    if name in entries:
        form.begin(name, entries[name])
    if form.is_valid():
        if form.cleaned_data["id"] != name and form.cleaned_data["id"] in entries:
            form.add_error("id", _("This name stands in the list already."))
        else:
            try:
                _save(request, version, asked, name, form)
            except Apart as apart:
                return _entry_apart(request, version, asked, name, form, apart)
            except Unreadable as error:
                put_faults(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect(reverse("workspace:head", args=[version.pk]) + f"#{section}")
    context = {"form": form, "section": asked, "name": name, "mark": mark_of(entries or None), "is_new": not name}
    return page(request, version, "entry", status=422 if form.is_bound else 200, **context)


@page_for(Action.AGREEMENT_DRAFT)
@require_POST
@once
def remove_entry(request: StaffRequest, version_id: UUID, section: str, name: str) -> HttpResponse:
    """Takes an entry out of its list; where an article still points to it the linter says so."""
    version = _own(request, version_id)
    entries = version.plain().get(_section(section).name, {})
    if name not in entries:
        raise Http404
    rest = {one: value for one, value in entries.items() if one != name}
    try:
        revising.save_head(
            version_id=version.pk, section=section, value=rest, mark=request.POST.get("mark", ""), by=request.user, at=clock.now()
        )  # fmt: skip
    except Unreadable as error:
        messages.error(request, " ".join(_(fault.text).format_map(fault.parameters) for fault in error.faults))
    else:
        messages.success(request, _("“%(name)s” is taken out of the list.") % {"name": spoken(name)})
    return redirect(reverse("workspace:head", args=[version.pk]) + f"#{section}")


def _own(request: StaffRequest, version_id: UUID) -> AgreementVersion:
    version = visible_version(request, version_id)
    require(request.user, Action.AGREEMENT_DRAFT, version.agreement)
    return version


def _section(name: str) -> Section:
    if name not in SECTIONS:
        raise Http404
    return SECTIONS[name]


def _save(request: StaffRequest, version: AgreementVersion, section: Section, name: str, form: EntryForm) -> None:
    entries = version.plain().get(section.name, {})
    new, value = form.cleaned_data["id"], form.value()
    if name in entries:
        changed = {new if one == name else one: value if one == name else told for one, told in entries.items()}
    else:
        changed = entries | {new: value}
    also: Change | None = (lambda plain: renamed(plain, HEADED[section.name], name, new)) if name and name != new else None
    revising.save_head(
        version_id=version.pk, section=section.name, value=changed, mark=form.cleaned_data["mark"], by=request.user, at=clock.now(), also=also
    )  # fmt: skip


def _entry_apart(request: StaffRequest, version: AgreementVersion, section: Section, name: str, form: EntryForm, apart: Apart) -> HttpResponse:
    entries = (apart.theirs or {}).get(section.name) or {}
    now = section.form(vocabulary=form.vocabulary)
    if name in entries:
        now.begin(name, entries[name])
    told = {field: now[field].value() for field in now.fields if field != "mark"}
    return _apart(request, version, form, told, mark_of(entries or None))


def _apart(request: StaffRequest, version: AgreementVersion, form: Any, told: dict[str, object], mark: str) -> HttpResponse:
    """Both texts beside each other; sending the choice saves it over the text of now."""
    found = differences(form, told)
    kept = [(field, value) for field, value in unchanged(form, found) if field != "mark"]
    return page(
        request, version, "apart", status=409, differences=found, kept=[*kept, ("mark", mark)], back=reverse("workspace:head", args=[version.pk])
    )  # fmt: skip
