"""The page of one question: calm, with its reason, its answers, and nothing that advances by itself."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.screening import services
from saphan.care.screening.asking import asked_questions, filling_of
from saphan.care.screening.board import Asked, Board, board_of
from saphan.care.screening.codes import ANSWER_LABELS
from saphan.care.screening.forms import ASKED, AnswerForm, NoteForm
from saphan.care.screening.known import Offer, offered
from saphan.care.screening.models import Interview
from saphan.care.screening.part_views import page_form, single_page
from saphan.care.screening.results import Said
from saphan.care.screening.rules import Answer
from saphan.care.screening.skipping import code_of, has_logic
from saphan.care.screening.states import InterviewState
from saphan.care.screening.views import too_late_for, visible_interview
from saphan.core import clock
from saphan.core.errors import Outdated, WrongState
from saphan.xlsform.forms import PageForm
from saphan.xlsform.places import Place

MISSING = {"unknown": Answer.UNKNOWN, "declined": Answer.DECLINED}  # buttons of a question that has no such answer of its own


@dataclass
class Sheet:
    """What stands on the page: the question, the form it is answered by, and what was typed beside it."""

    interview: Interview
    board: Board
    asked: Asked
    form: AnswerForm | NoteForm
    offer: Offer | None = None  # what is known of it from elsewhere, not confirmed yet
    typed: PageForm | None = None  # for a number, a date, words; None for the five answers

    @property
    def value(self) -> str:
        """What was answered, once the page is valid."""
        if self.typed is None:
            return str(self.form.cleaned_data["answer"])
        return self.typed.values().get(Place(self.asked.place), "") or Answer.NOT_ASKED


@page_for(Action.INTERVIEW_ANSWER)
@require_http_methods(["GET", "POST"])
def question(request: StaffRequest, interview_id: UUID, place: str) -> HttpResponse:
    """Shows one question and keeps its answer."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.INTERVIEW_ANSWER, interview)
    if request.method == "GET" and interview.state != InterviewState.UNDER_WAY:
        return redirect("screening:overview", interview.pk)
    board = board_of(interview, by=request.user, at=clock.now())
    at = board.place(place)
    if at < 0:
        return _not_asked_now(request, interview, board, place)
    sheet = _sheet(request, interview, board, board.asked[at])
    return _keep(request, sheet) if request.method == "POST" else _page(request, sheet)


def _sheet(request: StaffRequest, interview: Interview, board: Board, asked: Asked) -> Sheet:
    said = board.said(asked.place)
    data = request.POST if request.method == "POST" else None
    kept = {"answer": said.value, "note": said.note, "seen": said.seq}
    if asked.question.is_five_valued:
        offer = None if said.seq else offered(interview, asked.question.code, by=request.user, at=clock.now())
        return Sheet(interview, board, asked, AnswerForm(data, initial=kept | ({"answer": offer.value} if offer else {})), offer)
    filling = filling_of(interview, board.replies)
    return Sheet(interview, board, asked, NoteForm(data, initial=kept), None, page_form(request, interview, filling, single_page(filling, asked)))


def _keep(request: StaffRequest, sheet: Sheet) -> HttpResponse:
    then = request.POST.get("then", "")
    valid = sheet.form.is_valid()
    if then in MISSING and sheet.typed is not None:
        return _answer(request, sheet, MISSING[then]) if valid else _page(request, sheet, status=422)
    if then == "later":
        if "note" in sheet.form.errors:
            return _page(request, sheet, status=422)
        if not sheet.form.cleaned_data.get("note"):
            return _next(request, sheet)
        return _answer(request, sheet, _so_far(sheet)) if "seen" in sheet.form.cleaned_data else _page(request, sheet, status=422)
    if not valid or (sheet.typed is not None and not sheet.typed.is_valid()):
        return _page(request, sheet, status=422)
    return _answer(request, sheet, sheet.value)


def _so_far(sheet: Sheet) -> str:
    """Asked later, with a note already: what was chosen on the page, else what is kept, else not asked."""
    if sheet.typed is not None and sheet.typed.is_valid():
        chosen = sheet.typed.values().get(Place(sheet.asked.place))
    else:
        chosen = sheet.form.cleaned_data.get("answer")
    return str(chosen or sheet.board.said(sheet.asked.place).value or Answer.NOT_ASKED)


def _answer(request: StaffRequest, sheet: Sheet, value: str) -> HttpResponse:
    told = sheet.form.cleaned_data
    try:
        services.answer(
            interview_id=sheet.interview.pk, code=sheet.asked.question.code, instance=sheet.asked.instance, value=value,
            note=told["note"], seen=told["seen"], by=request.user, at=clock.now(),
        )  # fmt: skip
    except Outdated as clash:
        return _compare(request, sheet, value, clash)
    except WrongState as error:  # it was paused or completed in another window: what was typed stands on the page still
        return _page(request, sheet, sentence=error.sentence, status=409)
    return _next(request, sheet)


def _next(request: StaffRequest, sheet: Sheet) -> HttpResponse:
    """The question behind this one as the answers are now: a question that this answer brought is not passed over, one that it took away is."""
    fresh = board_of(sheet.interview, by=request.user, at=clock.now()) if has_logic(sheet.interview.version.form) else sheet.board
    return _to(sheet.interview, fresh.after(sheet.asked.place))


def _to(interview: Interview, place: str) -> HttpResponse:
    return redirect("screening:question", interview.pk, place) if place else redirect("screening:overview", interview.pk)


def _not_asked_now(request: StaffRequest, interview: Interview, board: Board, place: str) -> HttpResponse:
    """The address of a question that the answers have taken away meanwhile leads to the next one; what was said to it in another window is kept."""
    code = code_of(place)
    question = next((one for one in asked_questions(interview) if one.code == code), None)
    if question is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and question.is_five_valued and form.is_valid():
        told = form.cleaned_data
        try:
            services.answer(
                interview_id=interview.pk, code=code, value=told["answer"], note=told["note"], seen=told["seen"], by=request.user, at=clock.now()
            )
        except Outdated as clash:
            messages.warning(request, clash.sentence)
        except WrongState as error:
            return too_late_for(request, interview, form, error)
    messages.info(request, _("As the answers are now, that question is not asked. Here is the next one."))
    return _to(interview, board.after(place))


def _compare(request: StaffRequest, sheet: Sheet, value: str, clash: Outdated) -> HttpResponse:
    """Two windows answered the same question: the same answer is one answer, another one is shown beside what was typed."""
    fresh = board_of(sheet.interview, by=request.user, at=clock.now())
    theirs = fresh.said(sheet.asked.place)
    if (theirs.value, theirs.note) == (value, sheet.form.cleaned_data["note"]):
        messages.info(request, _("This answer was already kept."))
        return _next(request, sheet)
    typed = QueryDict(mutable=True)
    typed.update({**request.POST.dict(), "seen": str(theirs.seq)})
    sheet.form.data = typed
    return _page(request, sheet, clash=theirs, sentence=clash.sentence, status=409)


def _page(request: StaffRequest, sheet: Sheet, *, clash: Said | None = None, sentence: str = "", status: int = 200) -> HttpResponse:
    board, asked = sheet.board, sheet.asked
    place = board.place(asked.place)
    checked = sheet.interview.checks.last()
    context = {
        "interview": sheet.interview,
        "question": asked.question,
        "form": sheet.form,
        "typed": sheet.typed,
        "board": board,
        "reading": board.reading,
        "place": place + 1,
        "total": len(board.asked),
        "before": board.asked[place - 1].place if place else "",
        "sections": board.sections(asked.place),
        "check": checked,
        "clash": clash,
        "clash_answer": board.answer_in_words(asked.question, clash) if clash and clash.value else "",
        "sentence": sentence,
        "said": board.said(asked.place),
        "offer": sheet.offer,
        "other": _other_wording(sheet, checked.language if checked else ""),
        "chosen": sheet.form["answer"].value() if sheet.typed is None else "",
        "answers": [(a.value, ANSWER_LABELS[a], a in (Answer.UNKNOWN, Answer.DECLINED)) for a in ASKED],
    }
    return render(request, "screening/question.html", context, status=status)


def _other_wording(sheet: Sheet, spoken: str) -> tuple[str, str] | None:
    """The question in the person's language, where it is not the worker's and the form has it."""
    if spoken == get_language() or sheet.typed is not None:
        return None
    label = sheet.board.version.form.question(sheet.asked.question.code).label
    return (spoken, label[spoken]) if label.get(spoken) else None
