"""The Inquiry Corner as its askers see it. What is typed travels in the body of requests only; no page with words of an inquiry is kept by anybody."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.core import clock
from saphan.core.attachments import attachment_response, open_attachment
from saphan.core.errors import Invalid, NotFound
from saphan.portal.delivery import deliver, tail
from saphan.portal.doorway import limits
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.framing import framed
from saphan.portal.inquiries import asking, codes
from saphan.portal.inquiries.bonds import together, words_of
from saphan.portal.inquiries.duetimes import due_times
from saphan.portal.inquiries.forms import AgainForm, AskForm, CodeForm, KeptForm, RateForm
from saphan.portal.inquiries.looking import Hotline, Look, hotlines, look
from saphan.portal.inquiries.models import Answer, Entry, File, Inquiry, Kind, Way
from saphan.portal.inquiries.passes import BACK, HELD, KEEP, MAIL, inquiry_of, pass_for
from saphan.portal.inquiries.states import FaqState
from saphan.portal.inquiries.threads import FOR_ASKER, as_text, thread_for_asker

ANSWERS_ON_A_PAGE = 50
LOOKS_AN_HOUR = 300
LETTERS_LOOKED_AT = 2000
LETTERS_ASKED = 8000  # of a text that was sent: all that the form takes
COPIES_AN_HOUR = 5


def page(request: HttpRequest, name: str, title: str, status: int = 200, path: str = "inquiries/", **shown: Any) -> HttpResponse:
    """One page of the room in its frame; `path` is told of those that others may link to."""
    corner = (_("Inquiry Corner"), "inquiries/")
    summary = _("Ask about human trafficking: research, contacts, corrections. You need no account and no name.")
    context = framed(request, title, summary, path, *([] if name == "home" else [corner]))
    return render(request, f"inquiries/{name}.html", {**context, **shown}, status=status)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What may be asked, what happens then, and what was answered already."""
    answers = public_answers()[:8]
    times = [(Kind(kind).label, _within(due.hours)) for kind, due in due_times().items() if kind in Kind.values]
    return deliver(request, page(request, "home", _("Inquiry Corner"), answers=answers, times=times))


def _within(hours: int) -> str:
    """So many hours in words, in days where they are whole days."""
    days, rest = divmod(hours, 24)
    if rest or not days:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. What was asked is held first: where its words point to danger, or these pages answer it, the asker sees that before it is sent."""
    language = get_language() or settings.LANGUAGE_CODE
    if request.method != "POST":
        return page(request, "ask", _("Ask a question"), form=AskForm(request=request, initial={"language": language, "way": Way.CODE}))
    form = AskForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        found = _looked(request, LETTERS_ASKED) if limits.allow("inquiries.look", request, most=LOOKS_AN_HOUR) else None
        return page(request, "ask", _("Ask a question"), form=form, found=found, status=422)
    found = _looked(request, LETTERS_ASKED)
    inquiry = asking.hold(question=form.question(), at=clock.now())
    if inquiry.danger or (found.sure and not request.POST.get("looked")):
        return _held_page(request, inquiry, found)
    return _gone_on(request, inquiry.pk)


@never_cache
@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """What answers the words so far, as a piece of the page; asked by POST, so that the words stand in no address and no log."""
    limits.require("inquiries.look", request, most=LOOKS_AN_HOUR)
    return render(request, "inquiries/_looked.html", {"found": _looked(request, LETTERS_LOOKED_AT)})


def _looked(request: HttpRequest, letters: int) -> Look:
    """What is found for so many letters of what was typed: looking at all of a text that somebody made endless would keep others waiting."""
    told = {name: request.POST.get(name, "")[:letters] for name in ("subject", "text")}
    return look(**told, language=get_language() or settings.LANGUAGE_CODE, country=request.POST.get("country", "")[:2])


@never_cache
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """After the page before sending: the question goes on its way, or is destroyed."""
    inquiry = _passed(request, HELD)
    if request.POST.get("act") == "drop" and inquiry.received_at is None:
        asking.erase(inquiry_id=inquiry.pk, at=clock.now())
        return page(request, "erased", _("Nothing was sent"), dropped=True)
    if inquiry.received_at is not None:
        return _sent_page(request, inquiry)
    return _gone_on(request, inquiry.pk)


def _gone_on(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    inquiry, words = asking.go_on(inquiry_id=inquiry_id, at=clock.now())
    return _code_page(request, inquiry, words) if words else _sent_page(request, inquiry)


def _held_page(request: HttpRequest, inquiry: Inquiry, found: Look) -> HttpResponse:
    title = _("Before you send it") if not inquiry.danger else _("Is somebody in danger now?")
    return page(request, "before", title, inquiry=inquiry, found=found, pass_=_pass(HELD, inquiry))


def _sent_page(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return page(request, "sent", _("Your question is sent"), inquiry=inquiry, lines=_lines(inquiry))


def _lines(inquiry: Inquiry) -> list[Hotline]:
    """Whom to call meanwhile, where somebody may be in danger."""
    return hotlines(inquiry.country, get_language() or settings.LANGUAGE_CODE) if inquiry.danger else []


@never_cache
@require_POST
def keep_code(request: HttpRequest) -> HttpResponse:
    """Two words of the code are typed back; then the question is sent."""
    inquiry = _passed(request, KEEP)
    words = codes.code_in(request.POST.get("words", ""))
    if not words or inquiry.code_mark != codes.mark_of_code(words):
        raise NotFound
    if inquiry.received_at is None:
        form = KeptForm(request.POST, places=asking.places_to_ask(inquiry))
        try:
            inquiry = asking.prove_kept(inquiry_id=inquiry.pk, words=words, typed=form.typed(), at=clock.now())
        except Invalid as error:
            form.add_error(None, error.sentence)
            for name, sentence in error.fields.items():
                if not form.has_error(name):
                    form.add_error(name, sentence)
            return _code_page(request, inquiry, words, form=form)
    return _sent_page(request, inquiry)


def _code_page(request: HttpRequest, inquiry: Inquiry, words: list[str], form: KeptForm | None = None) -> HttpResponse:
    """The words of the code; they travel in the page only, until it is left."""
    shown: dict[str, Any] = {
        "inquiry": inquiry,
        "words": words,
        "joined": " ".join(words),
        "form": form or KeptForm(places=asking.places_to_ask(inquiry)),
    }
    return page(request, "code", _("Keep your return code"), 422 if form else 200, held=_pass(HELD, inquiry), pass_=_pass(KEEP, inquiry), **shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """The asker types the code and sees the thread."""
    form = CodeForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        inquiry = asking.find_by_code(form.cleaned_data["code"])
        if inquiry is not None:
            return _thread_page(request, inquiry)
        form.add_error("code", _("No inquiry has this code. Look at each word and at their order. After two quiet years an inquiry is destroyed."))
    return page(request, "come_back", _("See your answer"), 422 if form.is_bound else 200, form=form)


@never_cache
@require_POST
def thread(request: HttpRequest) -> HttpResponse:
    """What the asker does on the page of the own inquiry: write again, rate, take a copy along, erase."""
    inquiry = _passed(request, BACK)
    act = ACTS.get(request.POST.get("act", ""))
    return act(request, inquiry) if act else _thread_page(request, inquiry)


def _write(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = AgainForm(request.POST, request.FILES)
    if not form.is_valid():
        return _thread_page(request, inquiry, again=form, status=422)
    if not limits.allow("inquiries.again", request):
        form.add_error(None, limits.TooMany().sentence)
        return _thread_page(request, inquiry, again=form, status=429)
    if not form.look_into_files():
        return _thread_page(request, inquiry, again=form, status=422)
    asking.write_again(inquiry_id=inquiry.pk, text=form.cleaned_data["text"], files=form.uploads(), at=clock.now())
    inquiry.refresh_from_db()
    return _thread_page(request, inquiry, done=_("Your words were added."), lines=_lines(inquiry))


def _rate(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    form = RateForm(request.POST)
    if not form.is_valid():
        return _thread_page(request, inquiry, rating=form, status=422)
    asking.rate(inquiry_id=inquiry.pk, at=clock.now(), **form.cleaned_data)
    inquiry.refresh_from_db()
    return _thread_page(request, inquiry, done=_("Thank you."))


def _copy(_request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """All words of the thread as a text file under a name that says nothing."""
    text = as_text(inquiry, thread_for_asker(inquiry))
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="text.txt"', "Cache-Control": "no-store, private"},
    )


def _sure(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return page(request, "erase", _("Delete everything?"), inquiry=inquiry, pass_=_pass(BACK, inquiry), with_it=_with_it(inquiry))


def _with_it(inquiry: Inquiry) -> list[str]:
    """The references of those that are erased with it."""
    return [one.reference for one in together(inquiry)[1:]]


def _erase(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    asking.erase(inquiry_id=inquiry.pk, at=clock.now())
    return page(request, "erased", _("Everything is deleted"))


ACTS = {"write": _write, "rate": _rate, "copy": _copy, "erase": _sure, "erase_now": _erase}


@never_cache
@require_POST
def own_file(request: HttpRequest) -> HttpResponse:
    """A file of the own inquiry, as a download."""
    inquiry = _passed(request, BACK)
    words = Entry.objects.filter(words_of(inquiry), kind__in=FOR_ASKER)
    found = File.objects.filter(entry__in=words, attachment__reference=request.POST.get("file", ""))
    file = found.select_related("attachment").first()
    if file is None:
        raise NotFound
    return attachment_response(file.attachment, open_attachment(file.attachment, org=PORTAL))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Where letters lead: to rate, to get a copy by mail, to erase. It shows no word of the inquiry: a mailbox may be read by others."""
    inquiry = _of_pass(MAIL, token)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    rating = RateForm(request.POST if act == "rate" else None)
    done = ""
    if act == "rate" and rating.is_valid():
        asking.rate(inquiry_id=inquiry.pk, at=clock.now(), **rating.cleaned_data)
        done = _("Thank you.")
    elif act == "copy":
        limits.require("inquiries.copy", request, most=COPIES_AN_HOUR)
        asking.send_copy(inquiry_id=inquiry.pk, at=clock.now())
        done = _("A copy is on its way to your mailbox.")
    elif act == "erase_now":
        return _erase(request, inquiry)
    inquiry.refresh_from_db()
    shown: dict[str, Any] = {"inquiry": inquiry, "rating": rating, "done": done, "sure": act == "erase", "with_it": _with_it(inquiry)}
    return page(request, "by_mail", _("Your inquiry"), 422 if rating.errors else 200, **shown)


def _passed(request: HttpRequest, purpose: str) -> Inquiry:
    """The inquiry of the pass that a form carried. Raises NotFound or Stale."""
    return _of_pass(purpose, request.POST.get("pass", ""))


def _of_pass(purpose: str, typed: str) -> Inquiry:
    inquiry = Inquiry.objects.filter(pk=inquiry_of(purpose, typed, at=clock.now())).first()
    if inquiry is None:
        raise NotFound
    return inquiry


def _pass(purpose: str, inquiry: Inquiry) -> str:
    return pass_for(purpose, inquiry.pk, at=clock.now())


def _thread_page(request: HttpRequest, inquiry: Inquiry, status: int = 200, **shown: Any) -> HttpResponse:
    told = thread_for_asker(inquiry)
    context: dict[str, Any] = {"inquiry": inquiry, "thread": told, "again": AgainForm(), "rating": RateForm(), "pass_": _pass(BACK, inquiry), **shown}
    return page(request, "thread", _("Your inquiry"), status, **context)


def public_answers() -> "QuerySet[Answer]":
    """The public answers in the reader's language."""
    return Answer.objects.filter(state=FaqState.PUBLISHED, language=get_language() or "en")


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """All questions that were answered in public."""
    listing = Paginator(public_answers(), ANSWERS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = page(request, "answers", _("Questions and answers"), path="inquiries/answers/", listing=listing)
    return deliver(request, shown, query=tail(page=listing.number if listing.number > 1 else ""))


@require_safe
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them, in the reader's language where there is one."""
    asked = Answer.objects.filter(pk=pk, state=FaqState.PUBLISHED).first()
    if asked is None:
        raise NotFound
    here = public_answers().filter(group=asked.group).first()
    if here is not None and here.pk != asked.pk:
        return redirect("inquiries:answer", here.pk)
    return deliver(request, page(request, "answer", asked.question, path=f"inquiries/answers/{asked.pk}/", answer=asked))
