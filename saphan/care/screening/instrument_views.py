"""Screens of instruments: the list, one version with its languages and changes, bringing a workbook in, approving, retiring, taking it out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.care.screening import instrument_acts, paper
from saphan.care.screening.heads import head_of
from saphan.care.screening.instruments import InstrumentUpload, InstrumentVersion
from saphan.care.screening.models import Interview
from saphan.care.screening.states import RUNNING, VersionState
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.origin import in_language
from saphan.xlsform.comparing import compare
from saphan.xlsform.coverage import Share, shares
from saphan.xlsform.definition import Form, Language
from saphan.xlsform.preview import preview_of
from saphan.xlsform.reading import Reading, read_workbook
from saphan.xlsform.writing import tables_of, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A = Action


class WorkbookForm(forms.Form):
    """An XLSForm workbook."""

    file = forms.FileField(
        label=gettext_lazy("Workbook"), help_text=gettext_lazy("An XLSForm (.xlsx), as Kobo and ODK use it; at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip


@page_for(A.INSTRUMENT_LIST)
@require_GET
def instruments(request: StaffRequest) -> HttpResponse:
    """Every instrument with its versions, their state and origin."""
    versions = InstrumentVersion.objects.select_related("instrument", "approved_by").annotate(asked=Count("questions"))
    may_import = check(request.user, A.INSTRUMENT_IMPORT, None)
    return render(request, "screening/instruments.html", {"versions": versions, "may_import": may_import})


def _version(version_id: UUID) -> InstrumentVersion:
    found = InstrumentVersion.objects.select_related("instrument", "questionnaire", "approved_by", "imported_by", "retired_by")
    version = found.filter(pk=version_id).first()
    if version is None or not hasattr(version, "questionnaire"):
        raise Http404
    return version


@page_for(A.INSTRUMENT_LIST)
@require_GET
def version(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """One version: its questions, its languages, what differs from the one before, and the interviews under way."""
    return _version_page(request, _version(version_id))


def _version_page(request: StaffRequest, shown: InstrumentVersion, *, sentence: str = "", status: int = 200) -> HttpResponse:
    before = _before(shown)
    context = {
        "version": shown,
        "questions": shown.questions.all(),
        "tongues": languages_of(shown.form),
        "before": before,
        "changes": compare(before.form, shown.form) if before else None,
        "under_way": under_way(shown),
        "may_approve": shown.state == VersionState.DRAFT and check(request.user, A.INSTRUMENT_APPROVE, shown),
        "is_draft": shown.state == VersionState.DRAFT,
        "may_retire": shown.state != VersionState.RETIRED and check(request.user, A.INSTRUMENT_RETIRE, shown),
        "sentence": sentence,
    }
    return render(request, "screening/version.html", context, status=status)


def _before(shown: InstrumentVersion) -> InstrumentVersion | None:
    found = InstrumentVersion.objects.select_related("questionnaire").filter(instrument=shown.instrument_id, number__lt=shown.number)
    return found.exclude(questionnaire=None).order_by("-number").first()


def under_way(shown: InstrumentVersion) -> list[tuple[int, int]]:
    """How many interviews are under way with each earlier or equal version: they go on with the one they began with. Numbers of all offices, no more."""
    running = Interview.objects.filter(version__instrument=shown.instrument_id, state__in=RUNNING)
    return list(running.values_list("version__number").annotate(many=Count("pk")).order_by("version__number"))


@dataclass(frozen=True)
class Tongue:
    """A language of a form: how much of it is translated, and whether a person has checked it."""

    language: Language
    share: Share
    review: str

    @property
    def gaps(self) -> int:
        """How many texts lack."""
        return self.share.total - self.share.there


def languages_of(form: Form) -> Sequence[Tongue]:
    """The languages with their share of texts."""
    review: Any = form.settings.get("sph_review") or {}
    reviewed: dict[str, str] = review if isinstance(review, dict) else {}
    return [Tongue(form.language(one.language), one, reviewed.get(one.language, "")) for one in shares(form)]


@page_for(A.INSTRUMENT_IMPORT)
@require_http_methods(["GET", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """A workbook is chosen; what is wrong in it is said by sheet, row and column, and nothing changes."""
    require(request.user, A.INSTRUMENT_IMPORT, None)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "screening/bring.html", {"form": form}, status=200 if request.method == "GET" else 422)
    file = form.cleaned_data["file"]
    if file.size > instrument_acts.MOST_BYTES:
        form.add_error("file", _("The file is larger than 5 MB. Leave pictures and sound out of the workbook."))
        return render(request, "screening/bring.html", {"form": form}, status=422)
    content = file.read()
    reading = read_workbook(content, file.name)
    if reading.form is None:
        return render(request, "screening/bring.html", {"form": form, "problems": reading.problems}, status=422)
    upload = instrument_acts.look_at(file_name=file.name, content=content, by=request.user, at=clock.now())
    return redirect("screening:preview", upload.pk)


def _upload(request: StaffRequest, upload_id: UUID) -> InstrumentUpload:
    upload = InstrumentUpload.objects.filter(pk=upload_id, uploaded_by=request.user).first()
    if upload is None:
        raise Http404
    return upload


@page_for(A.INSTRUMENT_IMPORT)
@require_http_methods(["GET", "POST"])
@once
def preview(request: StaffRequest, upload_id: UUID) -> HttpResponse:
    """What the workbook would bring; a yes makes it a draft version."""
    upload = _upload(request, upload_id)
    require(request.user, A.INSTRUMENT_IMPORT, None)
    if request.method == "POST":
        try:
            made = instrument_acts.bring_in(upload_id=upload.pk, by=request.user, at=clock.now())
        except Invalid as error:
            return _preview_page(request, upload, sentence=error.sentence, status=422)
        messages.success(request, _("Version %(number)s is kept as a draft. A second person approves it.") % {"number": made.number})
        return redirect("screening:version", made.pk)
    return _preview_page(request, upload)


def _preview_page(request: StaffRequest, upload: InstrumentUpload, *, sentence: str = "", status: int = 200) -> HttpResponse:
    reading: Reading = read_workbook(bytes(upload.content), upload.file_name)
    if reading.form is None:
        raise Http404
    form, head = reading.form, head_of(reading.form)
    last = instrument_acts.latest_of(form.form_id)
    differences = instrument_acts.against_the_last(form, last)
    context = {
        "upload": upload,
        "form": form,
        "head": head,
        "name": in_language(head.name_en, head.name_th),
        "preview": preview_of(reading, get_language() or "en"),
        "tongues": languages_of(form),
        "standing_against": instrument_acts.standing_against(form, differences),
        "last": last,
        "changes": differences,
        "under_way": under_way(last) if last else [],
        "sentence": sentence,
    }
    return render(request, "screening/preview.html", context, status=status)


@page_for(A.INSTRUMENT_APPROVE)
@require_POST
@once
def approve(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """A second person approves a draft."""
    shown = _version(version_id)
    try:
        instrument_acts.approve(version_id=shown.pk, by=request.user, at=clock.now())
    except Invalid as error:
        return _version_page(request, shown, sentence=error.sentence, status=422)
    messages.success(request, _("The version is approved: it gives formal results from now on."))
    return redirect("screening:version", version_id)


@page_for(A.INSTRUMENT_RETIRE)
@require_POST
@once
def retire(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """No new interview begins with this version."""
    shown = _version(version_id)
    instrument_acts.retire(version_id=shown.pk, by=request.user, at=clock.now())
    messages.success(request, _("The version is retired. Interviews under way go on with it."))
    return redirect("screening:version", version_id)


@page_for(A.INSTRUMENT_LIST)
@require_GET
def workbook(request: StaffRequest, version_id: UUID) -> HttpResponse:  # noqa: ARG001  # a view's shape
    """The version as an XLSForm workbook, for Kobo, ODK and whoever edits the next one."""
    shown = _version(version_id)
    answer = HttpResponse(write_workbook(tables_of(shown.form)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{shown.instrument_id}-{shown.number}.xlsx"'
    return answer


@page_for(A.INSTRUMENT_LIST)
@require_GET
def print_blank(request: StaffRequest, code: str) -> HttpResponse:
    """The questions on paper, two languages side by side, for work without a screen."""
    shown = _printed(code, request.GET.get("version", ""))
    form = shown.form
    sides = paper.sides_of(form, request.GET.dict())
    rows = [(q, form.question(q.code)) for q in shown.questions.all()]
    context = {
        "version": shown,
        "tongues": form.languages,
        "left": sides.left,
        "right": sides.right,
        "rows": [
            (
                q,
                form.words(a.label, sides.left.code),
                paper.why(form, a, sides.left.code),
                form.words(a.label, sides.right.code),
                paper.why(form, a, sides.right.code),
                paper.options(form, a, q),
            )
            for q, a in rows
        ],
    }
    return render(request, "screening/print_blank.html", context)


def _printed(code: str, number: str) -> InstrumentVersion:
    """The version that was asked for; else the newest approved one, and a draft only where none is approved. Raises Http404."""
    found = InstrumentVersion.objects.select_related("instrument", "questionnaire").filter(instrument=code).exclude(questionnaire=None)
    if number:
        wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else -1
        shown = found.filter(number=wanted).first()
    else:
        usable = found.exclude(state=VersionState.RETIRED).order_by("-number")
        shown = usable.filter(state=VersionState.APPROVED).first() or usable.first()
    if shown is None:
        raise Http404
    return shown
