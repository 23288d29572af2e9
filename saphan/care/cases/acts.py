"""What is sent from the pages of a case: each address is one act."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.cases import consents, services
from saphan.care.cases.forms import CloseForm, ConsentForm, DocumentForm, NoteForm, OpenCaseForm, ReviewForm, TransferForm
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.selectors import decision_about
from saphan.care.cases.views import documents_page, plan_page, sharing_page, situation_page, visible_case
from saphan.care.persons.disclosure import read_document, reveal_many
from saphan.care.persons.file_views import visible_person
from saphan.care.persons.forms import PurposeForm, show_invalid
from saphan.core import clock
from saphan.core.attachments import attachment_response
from saphan.core.errors import Invalid
from saphan.core.models import Attachment
from saphan.core.once import once


@page_for(Action.CASE_OPEN)
@require_http_methods(["GET", "POST"])
@once
def open_case(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Opens the case of a person, with the consent to it."""
    person = visible_person(request, person_id)
    if existing := Case.objects.filter(person=person).first():
        return redirect("cases:detail", existing.pk)
    require(request.user, Action.CASE_OPEN, person)
    decided = decision_about(person.pk) in services.OPENING
    form = OpenCaseForm(request.POST or None, person=person, decided=decided)
    if request.method == "POST" and form.is_valid():
        try:
            case = services.open_case(
                person_id=person.pk, given=form.given(), ground=form.cleaned_data.get("ground", ""), by=request.user, at=clock.now()
            )
        except Invalid as error:
            show_invalid(form, error)
        else:
            messages.success(request, _("Case %(reference)s is open.") % {"reference": case.reference})
            return redirect("cases:detail", case.pk)
    return render(request, "cases/open.html", {"person": person, "form": form, "decided": decided}, status=422 if request.method == "POST" else 200)


@page_for(Action.CASE_EDIT)
@require_POST
@once
def move(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The case goes on to its next stage."""
    case = visible_case(request, case_id)
    moved = services.move_case(case_id=case.pk, verb=request.POST.get("verb", ""), by=request.user, at=clock.now())
    return _done(request, moved, _("%(reference)s: now “%(state)s”.") % {"reference": moved.reference, "state": moved.get_state_display()})


@page_for(Action.CASE_EDIT)
@require_POST
@once
def review(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The plan was reviewed; the next day is set."""
    case = visible_case(request, case_id)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.review_case(case_id=case.pk, next_on=form.cleaned_data["next_on"], by=request.user, at=clock.now())
        except Invalid as error:
            show_invalid(form, error)
        else:
            return _done(request, case, _("%(reference)s: the review is recorded.") % {"reference": case.reference})
    return situation_page(request, case, 422, review_form=form)


@page_for(Action.CASE_TRANSFER)
@require_POST
@once
def transfer(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Another worker takes the lead."""
    case = visible_case(request, case_id)
    form = TransferForm(request.POST, org_id=case.org_id)
    if not form.is_valid():
        return situation_page(request, case, 422, transfer_form=form)
    services.transfer_case(case_id=case.pk, to=form.cleaned_data["lead"], by=request.user, at=clock.now())
    return _done(request, case, _("%(reference)s has a new lead.") % {"reference": case.reference})


@page_for(Action.CASE_CLOSE)
@require_POST
@once
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A supervisor ends the case."""
    case = visible_case(request, case_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return situation_page(request, case, 422, close_form=form)
    services.close_case(case_id=case.pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    return _done(request, case, _("Case %(reference)s is closed.") % {"reference": case.reference})


@page_for(Action.NOTE_ADD)
@require_POST
@once
def add_note(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Writes a note."""
    case = visible_case(request, case_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return plan_page(request, case, 422, note_form=form)
    services.write_note(case_id=case.pk, kind=form.cleaned_data["kind"], text=form.cleaned_data["text"], by=request.user, at=clock.now())
    messages.success(request, _("%(reference)s: the note is kept.") % {"reference": case.reference})
    return redirect("cases:plan", case.pk)


@page_for(Action.PERSON_REVEAL)
@require_POST
def read_notes(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Opens the notes on this answer only."""
    case = visible_case(request, case_id)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return plan_page(request, case, 422, read_form=form)
    notes = list(case.notes.select_related("case__person").order_by("-written_at")[:100])
    opened = reveal_many(notes, "text", by=request.user, at=clock.now(), purpose=form.cleaned_data["purpose"])
    return plan_page(request, case, texts={note.pk: values["text"] for note, values in zip(notes, opened, strict=True)})


@page_for(Action.DOCUMENT_ADD)
@require_POST
@once
def add_document(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Keeps a file with the case."""
    case = visible_case(request, case_id)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            kept = services.add_document(
                case_id=case.pk, file=form.cleaned_data["file"], sensitivity=form.cleaned_data["sensitivity"], by=request.user, at=clock.now()
            )
        except Invalid as error:
            show_invalid(form, error)
        else:
            messages.success(request, _("Document %(reference)s is kept.") % {"reference": kept.reference})
            return redirect("cases:documents", case.pk)
    return documents_page(request, case, 422, form=form)


@page_for(Action.DOCUMENT_READ)
@require_POST
def open_document(request: StaffRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    """Gives the file back as a download, for a stated purpose."""
    case = visible_case(request, case_id)
    require(request.user, Action.DOCUMENT_READ, case)
    kept = Attachment.objects.filter(pk=document_id, scope=case.person_id).first()
    if kept is None:
        raise Http404
    form = PurposeForm(request.POST, auto_id="open_%s")
    if not form.is_valid():
        return documents_page(request, case, 422, read_form=form)
    content = read_document(kept, person=case.person, by=request.user, at=clock.now(), purpose=form.cleaned_data["purpose"])
    return attachment_response(kept, content)


@page_for(Action.CONSENT_RECORD)
@require_POST
@once
def record_consent(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Writes down what the person agreed to."""
    case = visible_case(request, case_id)
    form = ConsentForm(request.POST, person=case.person)
    if form.is_valid():
        try:
            consents.record_consent(person_id=case.person_id, given=form.given(), by=request.user, at=clock.now())
        except Invalid as error:
            show_invalid(form, error)
        else:
            messages.success(request, _("%(reference)s: the consent is recorded.") % {"reference": case.reference})
            return redirect("cases:sharing", case.pk)
    return sharing_page(request, case, 422, form=form)


@page_for(Action.CONSENT_WITHDRAW)
@require_POST
@once
def withdraw_consent(request: StaffRequest, case_id: UUID, consent_id: UUID) -> HttpResponse:
    """The person takes a consent back."""
    case = visible_case(request, case_id)
    consent = Consent.objects.filter(pk=consent_id, person=case.person_id).first()
    if consent is None:
        raise Http404
    consents.withdraw_consent(consent_id=consent.pk, by=request.user, at=clock.now())
    messages.success(
        request, _("%(reference)s: the consent is withdrawn. What was shared by it is closed; no service changes.") % {"reference": case.reference}
    )
    return redirect("cases:sharing", case.pk)


def _done(request: StaffRequest, case: Case, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("cases:detail", case.pk)
