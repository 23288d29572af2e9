"""Screens of interviews: the list, the start, the safety check, the overview with its result, and the prints."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form, Textarea, TextInput
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.audit.services import record
from saphan.care.persons.disclosure import reveal_many
from saphan.care.persons.models import Person
from saphan.care.screening import paper, rechecks, results, selectors, services
from saphan.care.screening.aloud import read_aloud
from saphan.care.screening.asking import asked_questions
from saphan.care.screening.beside import beside
from saphan.care.screening.board import board_of
from saphan.care.screening.codes import YesNo
from saphan.care.screening.forms import (
    HandOverForm,
    InterviewFilter,
    NewInterviewForm,
    PresentForm,
    ResumeForm,
    SafetyAgainForm,
    SafetyForm,
    StopForm,
)
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Hearing, Interview
from saphan.care.screening.reference import emergency_contacts
from saphan.care.screening.states import RUNNING, HearingState, InterviewState
from saphan.core import clock
from saphan.core.errors import Invalid, WrongState
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.INTERVIEW_LIST)
@require_GET
def list_interviews(request: StaffRequest) -> HttpResponse:
    """Interviews of people with whom the worker is involved; a supervisor's organisation's."""
    filters = InterviewFilter(request.GET)
    filters.is_valid()
    found = Interview.objects.visible_to(request.user).select_related("person", "version__instrument", "interviewer")
    found = found.prefetch_related("checks", "sittings")
    if state := filters.cleaned_data.get("state"):
        found = found.filter(state=state)
    if filters.cleaned_data.get("mine"):
        found = found.waiting_for(request.user)
    found = selectors.found_by(found, filters.cleaned_data.get("find", ""), questions="version__instrument")
    page = paginate(found, request, order=("-prepared_at", "-id"))
    return render(
        request,
        "screening/list.html",
        {
            "page": page,
            "filters": filters,
            "may_start": check(request.user, Action.INTERVIEW_START),
            "may_figures": check(request.user, Action.SCREENING_FIGURES),
        },
    )


@page_for(Action.INTERVIEW_LIST)
@require_GET
def emergency(request: StaffRequest) -> HttpResponse:
    """What to do at once, and whom to call."""
    return render(request, "screening/emergency.html", {"contacts": emergency_contacts()})


@page_for(Action.INTERVIEW_START)
@require_http_methods(["GET", "POST"])
@once
def new_interview(request: StaffRequest) -> HttpResponse:
    """Prepares an interview: whom, and with which questions."""
    chosen = _uuid(request.GET.get("person", ""))
    people = selectors.people_to_interview(request.user, chosen)
    form = NewInterviewForm(request.POST or None, people=people, initial={"person": chosen, "instrument": _fitting(people, chosen)})
    if request.method == "POST" and form.is_valid():
        person = Person.objects.visible_to(request.user).filter(pk=form.cleaned_data["person"]).first()
        if person is not None:
            return _prepared(request, form, person)
        form.add_error("person", _("Choose a person."))
    return render(request, "screening/new.html", {"form": form, "people": people}, status=422 if request.method == "POST" else 200)


def _prepared(request: StaffRequest, form: NewInterviewForm, person: Person) -> HttpResponse:
    try:
        interview = services.prepare(person=person, version=form.cleaned_data["instrument"], by=request.user, at=clock.now())
    except Invalid as error:
        add_errors(form, error)
        return render(request, "screening/new.html", {"form": form}, status=422)
    messages.success(request, _("Interview %(reference)s is prepared. First the safety check.") % {"reference": interview.reference})
    return redirect("screening:safety", interview.pk)


def _fitting(people: list[Person], chosen: UUID | None) -> UUID | None:
    child = any(p.pk == chosen and p.counts_as_child for p in people)
    code = "child_labour" if child else "adult_labour"
    return InstrumentVersion.objects.filter(instrument=code, state="approved").order_by("-number").values_list("pk", flat=True).first()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def add_errors(form: Form, error: Invalid) -> None:
    """Puts what a service refused at the fields of the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if error.sentence:
        form.add_error(None, error.sentence)


def visible_interview(request: StaffRequest, interview_id: UUID) -> Interview:
    """The interview, if this worker may see that it exists; else it does not exist."""
    found = Interview.objects.visible_to(request.user).select_related(
        "person", "version__instrument", "version__questionnaire", "interviewer", "org", "revises"
    )
    interview = found.filter(pk=interview_id).first()
    if interview is None:
        raise Http404
    lead_back(request, "screening:overview", interview.pk)
    return interview


def lead_back(request: StaffRequest, name: str, pk: UUID) -> None:
    """Where the page of an act that cannot be done now leads: to what it was about, not to the desk."""
    request.way_back = reverse(name, args=[pk])


def typed_in(form: Form) -> list[tuple[str, str]]:
    """The words somebody typed into a form whose act came too late: they are shown again, so that nothing is lost."""
    fields = [form[name] for name, field in form.fields.items() if type(field.widget) in (Textarea, TextInput)]
    return [(str(field.label), str(field.value())) for field in fields if field.value()]


def too_late_for(request: StaffRequest, interview: Interview, form: Form, error: WrongState) -> HttpResponse:
    """The interview as it stands now, with why the act could not be done and the words that were typed for it."""
    return overview_page(request, visible_interview(request, interview.pk), status=409, sentence=error.sentence, typed=typed_in(form))


@page_for(Action.INTERVIEW_ANSWER)
@require_http_methods(["GET", "POST"])
@once
def safety(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The safety check; each point that fails is explained at its place."""
    interview = visible_interview(request, interview_id)
    if request.method == "GET" and interview.state not in (InterviewState.PREPARED, InterviewState.PAUSED):
        return redirect("screening:overview", interview.pk)
    form = _safety_form(request, interview)
    if request.method == "POST" and form.is_valid():
        points = services.check_safety(interview_id=interview.pk, points=form.cleaned_data, by=request.user, at=clock.now())
        if points.passed:
            messages.success(request, _("The safety check of %(reference)s has passed.") % {"reference": interview.reference})
            return redirect("screening:overview", interview.pk)
        for name, sentence in form.failing().items():
            form.add_error(name, sentence)
    return render(request, "screening/safety.html", {"interview": interview, "form": form}, status=422 if request.method == "POST" else 200)


def _safety_form(request: StaffRequest, interview: Interview) -> SafetyForm:
    """The whole check before an interview begins, the short one before it goes on."""
    before = interview.checks.last()
    if interview.state == InterviewState.PAUSED and before is not None:
        return SafetyAgainForm(request.POST or None, before=before)
    return SafetyForm(request.POST or None, initial={"language": interview.person.language})


@page_for(Action.INTERVIEW_ANSWER)
@require_POST
@once
def start(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """Begins the interview with its first question."""
    interview = visible_interview(request, interview_id)
    form = PresentForm(request.POST)
    if not form.is_valid():
        return overview_page(request, interview, present=form, status=422)
    try:
        services.start(interview_id=interview.pk, present=form.cleaned_data["present"], by=request.user, at=clock.now())
    except WrongState as error:
        return too_late_for(request, interview, form, error)
    board = board_of(interview, by=request.user, at=clock.now())
    return redirect("screening:question", interview.pk, board.next_open() or board.asked[0].place)


@page_for(Action.INTERVIEW_READ)
@require_GET
def overview(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview as it stands: answers, what we see so far, what would change it; at the end the result."""
    return overview_page(request, visible_interview(request, interview_id))


def overview_page(
    request: StaffRequest, interview: Interview, *, status: int = 200, sentence: str = "", typed: Sequence[tuple[str, str]] = (), **forms: Form
) -> HttpResponse:
    """The overview, also with a form that came back."""
    require(request.user, Action.INTERVIEW_READ, interview)
    at = clock.now()
    board = board_of(interview, by=request.user, at=at) if interview.started_at else None
    holds = interview.interviewer_id == request.user.pk
    checks, sittings = list(interview.checks.select_related("by")), list(interview.sittings.select_related("worker"))
    may_hand_over = check(request.user, Action.INTERVIEW_HAND_OVER, interview).allowed
    context: dict[str, Any] = {
        "sentence": sentence,
        "typed": typed,
        "interview": interview,
        "board": board,
        "holds": holds,
        "check": checks[-1] if checks else None,
        "checks_before": checks[:-1],
        "why_check": rechecks.why_check(interview, by=interview.interviewer, at=at) if interview.state in RUNNING else "",
        "open_hearing": Hearing.objects.visible_to(request.user).filter(person=interview.person_id, state=HearingState.CONVENED).first(),
        "sittings": sittings,
        "unchecked": rechecks.unchecked_of(checks, sittings),
        "reading": board.reading if board else None,
        "tone": interview.tone,
        "next_open": board.next_open() if board else "",
        "sections": board.sections() if board else [],
        "lines": board.lines if board else [],
        "beside": beside(interview, request.user),
        "hearings": interview.hearings.order_by("convened_at"),
        "may_convene": check(request.user, Action.HEARING_CONVENE, interview.person),
        "present_form": forms.get("present") or _present_form(interview),
        "stop_form": forms.get("stop") or StopForm(),
        "may_stop": check(request.user, Action.INTERVIEW_STOP, interview),
        "may_hand_over": may_hand_over,
        "may_note": interview.state == InterviewState.COMPLETED and check(request.user, Action.NOTE_NON_PUNISHMENT, interview),
        "revised_by": Interview.objects.filter(revises=interview).first(),
        "may_revise": interview.state == InterviewState.COMPLETED and check(request.user, Action.INTERVIEW_START, interview.person),
        "hand_form": forms.get("hand") or (HandOverForm(colleagues=selectors.colleagues_who_interview(interview)) if may_hand_over else None),
    }
    if interview.state == InterviewState.COMPLETED:
        context["reading"] = read_aloud(results.stored(interview, by=request.user, at=at), asked_questions(interview))
    return render(request, "screening/overview.html", context, status=status)


def _present_form(interview: Interview, data: Any = None) -> PresentForm:
    """Whether the place is another is asked on going on, unless the check was made for this sitting already."""
    last = interview.checks.last()
    asked = interview.state == InterviewState.PAUSED and last is not None and last.sitting != rechecks.coming_sitting(interview)
    return ResumeForm(data) if asked else PresentForm(data)


@page_for(Action.INTERVIEW_ANSWER)
@require_POST
def pause(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview rests."""
    interview = visible_interview(request, interview_id)
    services.pause(interview_id=interview.pk, by=request.user, at=clock.now())
    messages.success(request, _("Interview %(reference)s rests. Every answer is kept.") % {"reference": interview.reference})
    return redirect("screening:overview", interview.pk)


@page_for(Action.INTERVIEW_ANSWER)
@require_POST
def resume(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview goes on."""
    interview = visible_interview(request, interview_id)
    form, at = _present_form(interview, request.POST), clock.now()
    if not form.is_valid():
        return overview_page(request, interview, present=form, status=422)
    elsewhere = form.cleaned_data.get("changed") == YesNo.YES
    if interview.interviewer_id == request.user.pk and (why := rechecks.why_check(interview, by=request.user, at=at, elsewhere=elsewhere)):
        messages.warning(request, why)
        return redirect("screening:safety", interview.pk)
    try:
        services.resume(interview_id=interview.pk, present=form.cleaned_data["present"], by=request.user, at=at, elsewhere=elsewhere)
    except WrongState as error:
        return too_late_for(request, interview, form, error)
    messages.success(request, _("Interview %(reference)s goes on.") % {"reference": interview.reference})
    return redirect("screening:overview", interview.pk)


@page_for(Action.INTERVIEW_ANSWER)
@require_POST
@once
def follow_age(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The questions follow the age in the file."""
    interview = visible_interview(request, interview_id)
    services.follow_age(interview_id=interview.pk, by=request.user, at=clock.now())
    messages.success(
        request, _("The questions of %(reference)s follow the age in the file. Every answer is kept.") % {"reference": interview.reference}
    )
    return redirect("screening:overview", interview.pk)


@page_for(Action.INTERVIEW_HAND_OVER)
@require_POST
@once
def hand_over(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """A colleague goes on."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.INTERVIEW_HAND_OVER, interview)
    form = HandOverForm(request.POST, colleagues=selectors.colleagues_who_interview(interview))
    if not form.is_valid():
        return overview_page(request, interview, hand=form, status=422)
    services.hand_over(interview_id=interview.pk, to=form.cleaned_data["to"], by=request.user, at=clock.now())
    messages.success(request, _("%(reference)s was handed to your colleague.") % {"reference": interview.reference})
    return redirect("screening:list")


@page_for(Action.INTERVIEW_STOP)
@require_POST
@once
def stop(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview ends before its end."""
    interview = visible_interview(request, interview_id)
    form = StopForm(request.POST)
    if not form.is_valid():
        return overview_page(request, interview, stop=form, status=422)
    services.stop(interview_id=interview.pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    messages.success(request, _("Interview %(reference)s has stopped. No service depends on it.") % {"reference": interview.reference})
    return redirect("screening:overview", interview.pk)


@page_for(Action.INTERVIEW_COMPLETE)
@require_POST
@once
def complete(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview ends with its result."""
    interview = visible_interview(request, interview_id)
    services.complete(interview_id=interview.pk, by=request.user, at=clock.now())
    messages.success(request, _("Interview %(reference)s is completed.") % {"reference": interview.reference})
    return redirect("screening:overview", interview.pk)


@page_for(Action.INTERVIEW_START)
@require_POST
@once
def revise(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The answers are mended in a new interview; the old one stays."""
    interview = visible_interview(request, interview_id)
    made = services.revise(interview_id=interview.pk, by=request.user, at=clock.now())
    messages.success(request, _("Interview %(reference)s takes over all answers. First the safety check.") % {"reference": made.reference})
    return redirect("screening:safety", made.pk)


@page_for(Action.INTERVIEW_READ)
@require_GET
def print_filled(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """The interview on paper, two languages side by side: answers, notes, result; alias and reference only."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.INTERVIEW_READ, interview)
    at = clock.now()
    board = board_of(interview, by=request.user, at=at)
    sittings = list(interview.sittings.select_related("worker"))
    for sitting in sittings:
        sitting.interview = interview
    opened = reveal_many(sittings, "present", by=request.user, at=at, purpose="care")
    seats = [(sitting, values["present"] or "") for sitting, values in zip(sittings, opened, strict=True)]
    checked = interview.checks.last()
    sides = paper.sides_for_talk(interview.version.form, request.GET.dict(), checked.language if checked else "")
    rows = [paper.filled(sides, line) for line in board.lines]
    context = {"interview": interview, "board": board, "rows": rows, "sides": sides, "sittings": seats, "check": checked}
    return render(request, "screening/print_filled.html", context)


def record_reading(request: StaffRequest, action: Action, target: Any, person_id: UUID) -> None:
    """One audit event of a page that opened no sealed field."""
    record(by=request.user, action=action, target=target, subject=person_id, at=clock.now())
