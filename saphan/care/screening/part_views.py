"""A whole part of the questions on one page, for practised workers; and the form of single questions that are answered by a number, a date or words."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.care.screening import services
from saphan.care.screening.asking import asked_questions, filling_of
from saphan.care.screening.board import LOOSE, Asked, Board, board_of, section_label, section_of
from saphan.care.screening.models import Interview
from saphan.care.screening.skipping import has_logic
from saphan.care.screening.states import InterviewState
from saphan.care.screening.views import visible_interview
from saphan.core import clock
from saphan.core.errors import Outdated, WrongState
from saphan.xlsform.definition import Question
from saphan.xlsform.filling import Filling
from saphan.xlsform.forms import PageForm
from saphan.xlsform.pages import Page
from saphan.xlsform.places import Place


@page_for(Action.INTERVIEW_ANSWER)
@require_http_methods(["GET", "POST"])
def part(request: StaffRequest, interview_id: UUID, code: str) -> HttpResponse:
    """Shows one part and keeps what was answered in it; what stays empty was not asked."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.INTERVIEW_ANSWER, interview)
    if request.method == "GET" and interview.state != InterviewState.UNDER_WAY:
        return redirect("screening:overview", interview.pk)
    board = board_of(interview, by=request.user, at=clock.now())
    if not any(section_of(one.question) == code for one in board.asked):
        return _not_asked_now(request, interview, board, code)
    filling = filling_of(interview, board.replies)
    form = page_form(request, interview, filling, _page_of(filling, board, code))
    if request.method == "GET":
        return _part_page(request, interview, board, code, form)
    if not form.is_valid():
        return _part_page(request, interview, board, code, form, status=422)
    return _kept(request, interview, board, code, form)


def _kept(request: StaffRequest, interview: Interview, board: Board, code: str, form: PageForm) -> HttpResponse:
    try:
        kept = services.answer_part(interview_id=interview.pk, answers=_answers(form), seen=_seen(request.POST), by=request.user, at=clock.now())
    except (Outdated, WrongState) as clash:  # what was typed stands on the page still
        fresh = board_of(interview, by=request.user, at=clock.now())
        return _part_page(request, interview, fresh, code, form, sentence=clash.sentence, status=409)
    if form.act and form.act.verb == "add":
        fresh = board_of(interview, by=request.user, at=clock.now())
        again = page_form(None, interview, form.filling_after, _page_of(form.filling_after, fresh, code))
        return _part_page(request, interview, fresh, code, again)
    if kept:
        messages.success(request, _("%(n)d answers are kept.") % {"n": kept})
    if form.act or form.appeared():
        return redirect("screening:part", interview.pk, code)
    fresh = board_of(interview, by=request.user, at=clock.now()) if has_logic(interview.version.form) else board
    return redirect(_after(interview, fresh, code))


def _not_asked_now(request: StaffRequest, interview: Interview, board: Board, code: str) -> HttpResponse:
    """A part that the answers have taken away meanwhile leads to the one behind it."""
    if code not in {section_of(question) for question in asked_questions(interview)}:
        raise Http404
    messages.info(request, _("As the answers are now, that part is not asked. Here is the next one."))
    return redirect(_after(interview, board, code))


def _answers(form: PageForm) -> dict[str, str]:
    """What is to be kept; where a turn of a repeated part was taken away, its answers go and later ones move up."""
    found = {str(place): value for place, value in form.values().items()}
    if form.act and form.act.verb == "remove":
        after = form.filling_after
        found = {str(place): after.kept(place) for place in {*form.places, *form.values()}}
    return found


def page_form(request: StaffRequest | None, interview: Interview, filling: Filling, page: Page) -> PageForm:
    """The form of a page in the worker's language, with the person's beside it."""
    checked = interview.checks.last()
    language = get_language() or "en"
    data = request.POST if request is not None and request.method == "POST" else None
    spoken = checked.language if checked and checked.language != language else None
    return PageForm(data, filling=filling, page=page, language=language, second_language=spoken)


def single_page(filling: Filling, asked: Asked) -> Page:
    """One question with the notes that stand before it."""
    return Page(key="question", places=tuple(_with_notes(filling, asked.place)))


def _with_notes(filling: Filling, wanted: str) -> Iterator[Place]:
    notes: list[Place] = []
    for place, node in filling.nodes():
        if place == wanted:
            yield from [*notes, place]
            return
        if isinstance(node, Question):
            notes = [*notes, place] if node.kind == "note" else [] if node.asked else notes


def _page_of(filling: Filling, board: Board, code: str) -> Page:
    """The part as the form groups it, without what this interview does not ask."""
    left_out = {q.code for q in board.version.questions.all()} - {one.question.code for one in board.asked}
    pages = filling.pages("section")
    found = [page for page in pages if page.key == code or (code == LOOSE and page.key.startswith("from-"))]
    places = tuple(place for page in found for place in page.places if place.code not in left_out or _stands_in_repeat(filling, place))
    return Page(key=code, label=found[0].label if found else {}, places=places, repeat=next((page.repeat for page in found if page.repeat), None))


def _stands_in_repeat(filling: Filling, place: Place) -> bool:
    """A turn that was just added is not on the board yet."""
    return bool(filling.form.repeats_around(place.code))


def _seen(posted: Mapping[str, str]) -> dict[str, int]:
    """How many replies the page had shown to each question."""
    found = {}
    for name, value in posted.items():
        if name.startswith("seen:") and value.isascii() and value.isdecimal() and len(value) < 7:
            found[name.removeprefix("seen:")] = int(value)
    return found


def _after(interview: Interview, board: Board, code: str) -> str:
    """The part behind this one, in the order of the form, that is asked as the answers are now."""
    asked = {section_of(one.question) for one in board.asked}
    order = list(dict.fromkeys(section_of(question) for question in asked_questions(interview)))
    following = next((later for later in order[order.index(code) + 1 :] if later in asked), None)
    return reverse("screening:part", args=[interview.pk, following]) if following else reverse("screening:overview", args=[interview.pk])


def _part_page(
    request: StaffRequest, interview: Interview, board: Board, code: str, form: PageForm, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "interview": interview,
        "board": board,
        "form": form,
        "seen": [(place, board.said(place).seq) for place in _shown(form.places, board)],
        "label": section_label(interview.version, code),
        "sections": board.sections(next((one.place for one in board.asked if section_of(one.question) == code), "")),
        "check": interview.checks.last(),
        "sentence": sentence,
    }
    return render(request, "screening/part.html", context, status=status)


def _shown(places: Collection[str], board: Board) -> list[str]:
    return [place for place in places if board.said(place).seq]
