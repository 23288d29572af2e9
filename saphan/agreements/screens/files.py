"""Kept files, and the texts in the forms of other houses."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements import filing
from saphan.agreements.act_forms import DocumentForm
from saphan.agreements.exports import akoma, paper, word
from saphan.agreements.models import Agreement, AgreementVersion, DocumentOfAgreement
from saphan.agreements.screens.facts import agreement_page
from saphan.agreements.screens.frame import attempted, done, loaded, visible_agreement, visible_version
from saphan.core import clock
from saphan.core.attachments import attachment_response, inspect_upload
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paper import NoPrinter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page_for(Action.AGREEMENT_FILE)
@require_POST
@once
def add(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Keeps a file with an agreement."""
    agreement = visible_agreement(request, agreement_id)
    form = DocumentForm(request.POST, request.FILES, agreement=agreement)
    if form.is_valid():
        try:
            upload = inspect_upload(form.cleaned_data["file"])
        except Invalid as error:
            form.add_error("file", error.sentence)
        else:
            label, by, at = form.label_of(), request.user, clock.now()
            if attempted(form, lambda: filing.file_document(agreement_id=agreement.pk, upload=upload, label=label, by=by, at=at)):
                return done(request, _("Kept."), "agreements:detail", agreement.pk)
    return agreement_page(request, agreement, status=422, document_form=form)


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_POST
def open_file(request: StaffRequest, document_id: UUID) -> HttpResponse:
    """The file as a download; on record."""
    found = DocumentOfAgreement.objects.filter(agreement__in=Agreement.objects.visible_to(request.user)).select_related("agreement", "attachment")
    document: DocumentOfAgreement = loaded(found, document_id)
    if not check(request.user, Action.AGREEMENT_READ_INSIDE, document.agreement):
        raise Http404
    return attachment_response(document.attachment, filing.open_document(document=document, by=request.user, at=clock.now()))


@page_for(Action.AGREEMENT_READ)
@require_GET
def as_akoma(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Akoma Ntoso 3, one language a file."""
    version = visible_version(request, version_id)
    language = _language(request, version)
    return _file(akoma.document(version, language), "application/akn+xml", version, f"{language}.xml")


@page_for(Action.AGREEMENT_READ)
@require_GET
def as_pdf(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The text as it is signed, as PDF."""
    version = visible_version(request, version_id)
    try:
        content = paper.document(version)
    except NoPrinter as error:
        messages.error(request, error.sentence)
        return redirect("agreements:version", version.pk)
    return _file(content, "application/pdf", version, "pdf")


@page_for(Action.AGREEMENT_READ)
@require_GET
def as_word(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The text as a Word document."""
    version = visible_version(request, version_id)
    return _file(word.document(version), DOCX, version, "docx")


@page_for(Action.AGREEMENT_READ)
@require_GET
def as_yaml(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """The running part as it was given."""
    version = visible_version(request, version_id)
    if not version.procedure:
        raise Http404
    return _file(version.procedure.encode(), "application/yaml; charset=utf-8", version, "yaml")


def _language(request: StaffRequest, version: AgreementVersion) -> str:
    known = list(version.texts.values_list("language", flat=True).distinct())
    asked = request.GET.get("language", "")
    return asked if asked in known else next((code for code in version.languages if code in known), known[0] if known else "en")


def _file(content: bytes, kind: str, version: AgreementVersion, ending: str) -> HttpResponse:
    name = f"{version.agreement.code}-{version.semver}.{ending}".replace("/", "-")
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
