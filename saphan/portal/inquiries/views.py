"""The Inquiry Corner as its askers see it. What is typed travels in the body of requests only; no page with words of an inquiry is kept by anybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.core import clock
from saphan.core.attachments import attachment_response, open_attachment
from saphan.core.errors import Invalid, NotFound
from saphan.portal.delivery import deliver
from saphan.portal.doorway import limits
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.framing import framed
from saphan.portal.inquiries import asking, codes
from saphan.portal.inquiries.duetimes import due_times
from saphan.portal.inquiries.forms import AgainForm, AskForm, CodeForm, RateForm
from saphan.portal.inquiries.looking import look
from saphan.portal.inquiries.models import Answer, File, Inquiry, Kind
from saphan.portal.inquiries.passes import BACK, KEEP, inquiry_of, pass_for
from saphan.portal.inquiries.states import FaqState
from saphan.portal.inquiries.threads import thread_for_asker

LOOKS_AN_HOUR = 300


def page(request: HttpRequest, name: str, title: str, status: int = 200, **shown: Any) -> HttpResponse:
    """One page of the room in its frame."""
    corner = (_("Inquiry Corner"), "inquiries/")
    summary = _("Ask about human trafficking: research, contacts, corrections. You need no account and no name.")
    context = framed(request, title, summary, "inquiries/", *([] if name == "home" else [corner]))
    return render(request, f"inquiries/{name}.html", {**context, **shown}, status=status)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What may be asked, what happens then, and what was answered already."""
    answers = public_answers()[:8]
    times = [(Kind(kind).label, due.hours) for kind, due in due_times().items() if kind in Kind.values]
    return deliver(request, page(request, "home", _("Inquiry Corner"), answers=answers, times=times))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. When its words point to danger, or these pages answer them, the asker sees that once before the question is kept."""
    posted = request.method == "POST"
    initial = {"language": get_language(), "way": "code"}
    form = AskForm(request.POST if posted else None, request.FILES if posted else None, request=request, initial=initial)
    if not posted:
        return page(request, "ask", _("Ask a question"), form=form)
    found = look(form.data.get("subject", ""), language=get_language() or "en", country=form.data.get("country", ""))
    dangerous = look(form.data.get("text", ""), language=get_language() or "en", country=form.data.get("country", "")) if not found.danger else found
    if dangerous.danger and request.POST.get("seen") != "danger":
        form.errors.clear()
        return page(request, "ask", _("Ask a question"), form=form, found=dangerous, seen="danger", status=422)
    if not form.is_valid():
        return page(request, "ask", _("Ask a question"), form=form, found=found, seen=request.POST.get("seen", ""), status=422)
    inquiry, words = asking.begin(question=form.question(), at=clock.now())
    if words:
        return _code_page(request, inquiry, words)
    return page(request, "sent", _("Your question is sent"), inquiry=inquiry)


@never_cache
@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """What answers the words so far, as a piece of the page; asked by POST, so that the words stand in no address and no log."""
    limits.require("inquiries.look", request, most=LOOKS_AN_HOUR)
    text = f"{request.POST.get('subject', '')} {request.POST.get('text', '')}"
    found = look(text if len(text) < 500 else text[:500], language=get_language() or "en", country=request.POST.get("country", ""))
    return render(request, "inquiries/_found.html", {"found": found})


@never_cache
@require_POST
def keep_code(request: HttpRequest) -> HttpResponse:
    """Two words of the code are typed back; then the question is sent."""
    at = clock.now()
    inquiry_id = inquiry_of(KEEP, request.POST.get("pass", ""), at=at)
    words = codes.read_code(request.POST.get("words", ""))[: codes.WORDS]
    inquiry = Inquiry.objects.filter(pk=inquiry_id, code_mark=codes.mark_of_code(words)).first() if len(words) == codes.WORDS else None
    if inquiry is None:
        raise NotFound
    if inquiry.received_at is None:
        try:
            inquiry = asking.prove_kept(
                inquiry_id=inquiry_id, words=words, typed=[request.POST.get("first", ""), request.POST.get("second", "")], at=at
            )
        except Invalid as error:
            return _code_page(request, inquiry, words, error=error.sentence)
    return page(request, "sent", _("Your question is sent"), inquiry=inquiry)


def _code_page(request: HttpRequest, inquiry: Inquiry, words: list[str], error: str = "") -> HttpResponse:
    first, second = asking.places_to_ask(inquiry)
    shown = {
        "inquiry": inquiry, "words": words, "joined": " ".join(words), "first": first, "second": second, "error": error,
        "pass_": pass_for(KEEP, inquiry.pk, at=clock.now()),
    }  # fmt: skip
    return page(request, "code", _("Keep your return code"), 422 if error else 200, **shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """The asker types the code and sees the thread."""
    form = CodeForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        inquiry = asking.find_by_code(form.cleaned_data["code"])
        if inquiry is not None:
            return _thread_page(request, inquiry)
        form.add_error("code", _("No inquiry has this code. Look at the spelling of each word; the order counts too."))
    return page(request, "come_back", _("See your answer"), 422 if form.is_bound else 200, form=form)


@never_cache
@require_POST
def thread(request: HttpRequest) -> HttpResponse:
    """What the asker does on the page of the own inquiry: write again, rate, erase."""
    at = clock.now()
    inquiry = _own(request)
    act = request.POST.get("act", "")
    if act == "write":
        form = AgainForm(request.POST, request.FILES)
        if not form.is_valid():
            return _thread_page(request, inquiry, again=form, status=422)
        limits.require("inquiries.again", request)
        asking.write_again(inquiry_id=inquiry.pk, text=form.cleaned_data["text"], files=form.uploads(), at=at)
        return _thread_page(request, _own(request), done=_("Your words were added."))
    if act == "rate":
        rating = RateForm(request.POST)
        if not rating.is_valid():
            return _thread_page(request, inquiry, rating=rating, status=422)
        asking.rate(inquiry_id=inquiry.pk, at=at, **rating.cleaned_data)
        return _thread_page(request, _own(request), done=_("Thank you."))
    if act == "erase":
        return page(request, "erase", _("Delete everything?"), inquiry=inquiry, pass_=request.POST.get("pass", ""))
    if act == "erase_now":
        asking.erase(inquiry_id=inquiry.pk, at=at)
        return page(request, "erased", _("Everything is deleted"))
    return _thread_page(request, inquiry)


@never_cache
@require_POST
def own_file(request: HttpRequest) -> HttpResponse:
    """A file of the own inquiry, as a download."""
    inquiry = _own(request)
    name = request.POST.get("file", "")
    found = File.objects.filter(entry__inquiry=inquiry, attachment__reference=name).exclude(entry__kind="note").select_related("attachment").first()
    if found is None:
        raise NotFound
    return attachment_response(found.attachment, open_attachment(found.attachment, org=PORTAL))


def _own(request: HttpRequest) -> Inquiry:
    inquiry = Inquiry.objects.filter(pk=inquiry_of(BACK, request.POST.get("pass", ""), at=clock.now())).first()
    if inquiry is None:
        raise NotFound
    return inquiry


def _thread_page(request: HttpRequest, inquiry: Inquiry, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "inquiry": inquiry, "thread": thread_for_asker(inquiry), "again": AgainForm(), "rating": RateForm(),
        "pass_": pass_for(BACK, inquiry.pk, at=clock.now()), **shown,
    }  # fmt: skip
    return page(request, "thread", _("Your inquiry"), status, **context)


def public_answers() -> Any:
    """The public answers in the reader's language."""
    return Answer.objects.filter(state=FaqState.PUBLISHED, language=get_language() or "en")


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """All questions that were answered in public."""
    return deliver(request, page(request, "answers", _("Questions and answers"), answers=public_answers()))


@require_safe
def answer(request: HttpRequest, pk: Any) -> HttpResponse:
    """One of them, in the reader's language where there is one."""
    asked = Answer.objects.filter(pk=pk, state=FaqState.PUBLISHED).first()
    if asked is None:
        raise NotFound
    here = public_answers().filter(group=asked.group).first()
    if here is not None and here.pk != asked.pk:
        return redirect("inquiries:answer", here.pk)
    return deliver(request, page(request, "answer", asked.question, answer=asked))
