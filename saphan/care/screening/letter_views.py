"""Screens of what goes to the person and to others: the decision's letter and its handing over, the request for review, the note on non-punishment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.care.screening import letters, notes, reviews, selectors
from saphan.care.screening.hearing_views import too_late, visible_hearing
from saphan.care.screening.identification_forms import HandOverLetterForm, NoteForm, ReviewForm, TakeInForm
from saphan.care.screening.letter_texts import Tongue, note_words, tongue_for, tongues
from saphan.care.screening.models import Hearing, ProtectionNote, ReviewRequest
from saphan.care.screening.states import HearingState, InterviewState
from saphan.care.screening.team_forms import moment
from saphan.care.screening.views import add_errors, record_reading, visible_interview
from saphan.core import clock
from saphan.core.errors import Invalid, WrongState
from saphan.core.once import once


def _decided(request: StaffRequest, hearing_id: UUID) -> Hearing:
    hearing = visible_hearing(request, hearing_id)
    if hearing.state != HearingState.DECIDED:
        raise Http404
    return hearing


def _tongue(request: StaffRequest, hearing: Hearing) -> Tongue:
    return tongue_for(request.GET.get("lang", ""), hearing.person.language, translation.get_language() or "en")


@page_for(Action.HEARING_READ)
@require_GET
def letter(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The decision as a letter in the person's language: reference only, and a line for the name."""
    return _letter_page(request, _decided(request, hearing_id))


def _letter_page(request: StaffRequest, hearing: Hearing, *, form: HandOverLetterForm | None = None, status: int = 200) -> HttpResponse:
    record_reading(request, Action.HEARING_READ, hearing, hearing.person_id)
    tongue = _tongue(request, hearing)
    context = {
        "hearing": hearing, "letter": letters.letter_of(hearing, tongue), "tongues": tongues().values(), "same": hearing.person.language == tongue.code,
        "may_hand_over": check(request.user, Action.LETTER_HAND_OVER, hearing), "handovers": hearing.handovers.select_related("by"),
        "form": form or HandOverLetterForm(initial={"day": timezone.localdate(clock.now()), "language": hearing.person.language}),
    }  # fmt: skip
    return render(request, "screening/letter.html", context, status=status)


@page_for(Action.HEARING_READ)
@require_GET
def letter_file(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The same letter as a PDF file, named by its reference."""
    hearing = _decided(request, hearing_id)
    record_reading(request, Action.HEARING_READ, hearing, hearing.person_id)
    tongue = _tongue(request, hearing)
    return pdf(letters.on_paper(letters.letter_of(hearing, tongue)), f"{hearing.reference}-{tongue.code}")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A file to keep; never stored by a browser's cache, named by a reference only."""
    reply = HttpResponse(content, content_type="application/pdf")
    reply["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    reply["Cache-Control"] = "no-store"
    return reply


@page_for(Action.LETTER_HAND_OVER)
@require_POST
@once
def hand_over(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The letter reached the person."""
    hearing = _decided(request, hearing_id)
    require(request.user, Action.LETTER_HAND_OVER, hearing)
    form = HandOverLetterForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        at = clock.now()
        handed_at = moment(given["day"], given["hour"]) if given["hour"] or given["day"] != timezone.localdate(at) else at
        try:
            letters.hand_over(
                hearing_id=hearing.pk,
                how=given["how"],
                read_by=given["read_by"],
                language=given["language"],
                handed_at=handed_at,
                by=request.user,
                at=at,
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Noted: the letter of %(reference)s reached the person.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    return _letter_page(request, hearing, form=form, status=422)


@page_for(Action.REVIEW_TAKE_IN)
@require_http_methods(["GET", "POST"])
@once
def take_in(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A request for review is taken in; a late one too."""
    hearing = _decided(request, hearing_id)
    require(request.user, Action.REVIEW_TAKE_IN, hearing)
    form = TakeInForm(request.POST or None, initial={"received_on": timezone.localdate(clock.now())})
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, clock.now()
        day = given["received_on"]
        received = at if day == timezone.localdate(at) else moment(day, None)
        try:
            taken = reviews.take_in(
                hearing_id=hearing.pk,
                asked_by=given["asked_by"],
                form=given["form"],
                reason=given["reason"],
                received_at=received,
                by=request.user,
                at=at,
            )
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            late = _("It came after its time: it is marked, and the team decides upon it.") if taken.late else ""
            messages.success(
                request, " ".join(filter(None, [_("The request for review of %(reference)s is taken in.") % {"reference": hearing.reference}, late]))
            )
            return redirect("screening:hearing", hearing.pk)
    over = hearing.review_until is not None and clock.now() > hearing.review_until
    return render(
        request, "screening/take_in.html", {"hearing": hearing, "form": form, "over": over}, status=422 if request.method == "POST" else 200
    )


@page_for(Action.REVIEW_TAKE_IN)
@require_POST
@once
def withdraw_request(request: StaffRequest, hearing_id: UUID, request_id: UUID) -> HttpResponse:
    """Whoever asked takes the request back."""
    hearing = _decided(request, hearing_id)
    asked = ReviewRequest.objects.filter(hearing=hearing, pk=request_id).first()
    if asked is None:
        raise Http404
    reviews.withdraw(request_id=asked.pk, by=request.user, at=clock.now())
    messages.success(request, _("The request for review of %(reference)s is taken back.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_REVIEW)
@require_http_methods(["GET", "POST"])
@once
def review(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A team is called to hear the case again upon a request."""
    hearing = visible_hearing(request, hearing_id)
    sat = set(hearing.members.values_list("user_id", flat=True))
    form = ReviewForm(request.POST or None, team=selectors.team_members(), sat=sat)
    if request.method == "POST" and form.is_valid():
        try:
            again = reviews.review(hearing_id=hearing.pk, call=form.call(), by=request.user, at=clock.now())
        except WrongState as error:
            return too_late(request, hearing, form, error)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Review %(reference)s is convened.") % {"reference": again.reference})
            return redirect("screening:hearing", again.pk)
    first = [seat.user.name for seat in hearing.members.select_related("user")]
    return render(
        request, "screening/review.html", {"hearing": hearing, "form": form, "first": first}, status=422 if request.method == "POST" else 200
    )


@page_for(Action.NOTE_NON_PUNISHMENT)
@require_http_methods(["GET", "POST"])
@once
def note(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The notes on non-punishment of an interview, and a new one."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.NOTE_NON_PUNISHMENT, interview)
    if interview.state != InterviewState.COMPLETED:
        raise Http404
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = notes.make_note(interview_id=interview.pk, **form.cleaned_data, by=request.user, at=clock.now())
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Note %(reference)s is made.") % {"reference": made.reference})
            return redirect("screening:note", interview.pk)
    language = (translation.get_language() or "en")[:2]
    words = note_words(language if language in tongues() else "en")
    made_before = interview.protection_notes.select_related("made_by")
    context = {"interview": interview, "form": form, "words": words, "notes": made_before}
    return render(request, "screening/note.html", context, status=422 if request.method == "POST" else 200)


@page_for(Action.NOTE_NON_PUNISHMENT)
@require_GET
def note_file(request: StaffRequest, note_id: UUID) -> HttpResponse:
    """A note as a PDF file in Thai, English and the person's language."""
    found = ProtectionNote.objects.select_related("interview__person", "interview__version__instrument", "org").filter(pk=note_id).first()
    if found is None:
        raise Http404
    interview = visible_interview(request, found.interview_id)
    require(request.user, Action.NOTE_NON_PUNISHMENT, interview)
    found.interview = interview
    return pdf(notes.on_paper(found, by=request.user, at=clock.now()), found.reference)
