"""The page of one question: calm, with its reason, five answers, and nothing that advances by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.screening import selectors, services
from saphan.care.screening.codes import ANSWER_LABELS
from saphan.care.screening.forms import ASKED, AnswerForm
from saphan.care.screening.instruments import Question
from saphan.care.screening.models import Interview
from saphan.care.screening.results import Said
from saphan.care.screening.rules import Answer
from saphan.care.screening.states import InterviewState
from saphan.care.screening.views import visible_interview
from saphan.core import clock
from saphan.core.errors import Outdated


@page_for(Action.INTERVIEW_ANSWER)
@require_http_methods(["GET", "POST"])
def question(request: StaffRequest, interview_id: UUID, code: str) -> HttpResponse:
    """Shows one question and keeps its answer."""
    interview = visible_interview(request, interview_id)
    questions = selectors.asked_questions(interview)
    asked = next((q for q in questions if q.code == code), None)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return _keep(request, interview, questions, asked)
    require(request.user, Action.INTERVIEW_ANSWER, interview)
    if interview.state != InterviewState.UNDER_WAY:
        return redirect("screening:overview", interview.pk)
    return _page(request, interview, asked)


def _keep(request: StaffRequest, interview: Interview, questions: list[Question], asked: Question) -> HttpResponse:
    form = AnswerForm(request.POST)
    valid = form.is_valid()
    if request.POST.get("then") == "later":
        if not form.cleaned_data.get("note"):
            require(request.user, Action.INTERVIEW_ANSWER, interview)
            return _next(interview, questions, asked)
        form.cleaned_data.setdefault("answer", Answer.NOT_ASKED)
        valid = "seen" in form.cleaned_data
    if not valid:
        require(request.user, Action.INTERVIEW_ANSWER, interview)
        return _page(request, interview, asked, form=form, status=422)
    try:
        services.answer(
            interview_id=interview.pk,
            code=asked.code,
            value=form.cleaned_data["answer"],
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        )
    except Outdated as clash:
        return _compare(request, interview, questions, asked, form, clash)
    return _next(interview, questions, asked)


def _next(interview: Interview, questions: list[Question], asked: Question) -> HttpResponse:
    place = questions.index(asked)
    if place + 1 < len(questions):
        return redirect("screening:question", interview.pk, questions[place + 1].code)
    return redirect("screening:overview", interview.pk)


def _compare(
    request: StaffRequest, interview: Interview, questions: list[Question], asked: Question, form: AnswerForm, clash: Outdated
) -> HttpResponse:
    """Two windows answered the same question: the same answer is one answer, another one is shown beside what was typed."""
    theirs = selectors.board_of(interview, by=request.user, at=clock.now()).said(asked.code)
    if (theirs.value, theirs.note) == (form.cleaned_data["answer"], form.cleaned_data["note"]):
        messages.info(request, _("This answer was already kept."))
        return _next(interview, questions, asked)
    form.data = {**form.data.dict(), "seen": str(theirs.seq)}  # type: ignore[attr-defined]  # a QueryDict
    return _page(request, interview, asked, form=form, clash=theirs, sentence=clash.sentence, status=409)


def _page(
    request: StaffRequest,
    interview: Interview,
    asked: Question,
    *,
    form: AnswerForm | None = None,
    clash: Said | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    board = selectors.board_of(interview, by=request.user, at=clock.now())
    said = board.said(asked.code)
    place = board.place(asked.code)
    form = form or AnswerForm(initial={"answer": said.value, "note": said.note, "seen": said.seq})
    checked = interview.checks.last()
    context = {
        "interview": interview,
        "question": asked,
        "form": form,
        "board": board,
        "reading": board.reading,
        "place": place + 1,
        "total": len(board.questions),
        "before": board.questions[place - 1].code if place else "",
        "sections": board.sections(asked.code),
        "check": checked,
        "clash": clash,
        "clash_answer": ANSWER_LABELS.get(Answer(clash.value)) if clash and clash.value else "",
        "sentence": sentence,
        "said": said,
        "other": _other_wording(asked, checked.language if checked else ""),
        "chosen": form["answer"].value(),
        "answers": [(a.value, ANSWER_LABELS[a], a in (Answer.UNKNOWN, Answer.DECLINED)) for a in ASKED],
    }
    return render(request, "screening/question.html", context, status=status)


def _other_wording(asked: Question, spoken: str) -> tuple[str, str] | None:
    """The question in the person's language, where it is not the worker's."""
    wordings = {"en": asked.text_en, "th": asked.text_th}
    return (spoken, wordings[spoken]) if spoken in wordings and spoken != get_language() else None
