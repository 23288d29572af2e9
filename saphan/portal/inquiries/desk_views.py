"""The desk of the Inquiry Corner: queues, one inquiry, and the acts upon it."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.models import User
from saphan.access.roles import ROLES
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.attachments import attachment_response, open_attachment
from saphan.core.errors import Invalid, Outdated
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.core.sealing import unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries import answering, presence
from saphan.portal.inquiries.bonds import end_of, together, words_of
from saphan.portal.inquiries.desk_forms import QUEUES, AssignForm, HandOverForm, MergeForm, NoteForm, QueueForm, ReplyForm, SplitForm, TagForm
from saphan.portal.inquiries.duetimes import due_time
from saphan.portal.inquiries.fields import is_uuid, put_errors
from saphan.portal.inquiries.models import Entry, File, Inquiry, InquiryQuerySet, Template, Way
from saphan.portal.inquiries.states import ENDED, UNDER_WAY, State
from saphan.portal.inquiries.texts import filled
from saphan.portal.inquiries.threads import whole_thread

BY_CLOCK, NEWEST = ("-danger", "due_at", "id"), ("-received_at", "-id")
WORDS_OF_PARCEL = {
    "text": _lazy("Words"), "about": _lazy("Who is in need"), "safe_contact": _lazy("Safe contact"), "place": _lazy("Place"),
    "country": _lazy("Country"), "language": _lazy("Language"), "danger": _lazy("In danger"),
}  # fmt: skip
SHOWN: dict[str, frozenset[str]] = {"asker": frozenset({State.WAITING}), "answered": frozenset({State.ANSWERED}), "ended": ENDED}


@page_for(Action.INQUIRY_LIST)
@require_GET
def list_inquiries(request: StaffRequest) -> HttpResponse:
    """The queues; what waits for us stands in the order of its clocks."""
    filters = QueueForm({"queue": "waiting", **request.GET.dict()})
    filters.is_valid()
    chosen = filters.cleaned_data
    queue = chosen.get("queue") or "waiting"
    found = _filtered(request.user, queue, chosen).select_related("assigned_to").prefetch_related("tags")
    page = paginate(found, request, order=BY_CLOCK if queue in ("waiting", "overdue") else NEWEST)
    context = {"page": page, "filters": filters, "queue": queue, "queues": _queues(request.user)}
    return render(request, "inquiries/desk/list.html", context)


def _queues(user: User) -> list[tuple[str, Any, int | None]]:
    """Each queue with how many stand in it, where that calls for somebody."""
    counted = ("waiting", "mine", "unassigned", "overdue", "read")
    return [(name, label, _filtered(user, name, {}).count() if name in counted else None) for name, label in QUEUES]


def _filtered(user: User, queue: str, chosen: dict[str, Any]) -> InquiryQuerySet:
    found = Inquiry.objects.visible_to(user)
    if queue == "waiting":
        found = found.to_answer()
    elif queue == "read":
        found = found.to_read()
    elif queue == "overdue":
        found = found.overdue(clock.now())
    elif queue == "mine":
        found = found.filter(assigned_to=user, state__in=UNDER_WAY)
    elif queue == "unassigned":
        found = found.filter(assigned_to=None, state__in=UNDER_WAY)
    elif queue in SHOWN:
        found = found.filter(state__in=SHOWN[queue])
    for name in ("kind", "language"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if words := (chosen.get("words") or "").strip():
        found = found.filter(Q(reference=words.upper()) | Q(pk__in=Inquiry.objects.filter(tags__word=words.lower()).values("pk")))
    return found


@page_for(Action.INQUIRY_READ)
@require_GET
def detail(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """One inquiry. Its words are opened, and that is on record."""
    return _page(request, _visible(request, inquiry_id))


@page_for(Action.INQUIRY_REVEAL)
@require_POST
def reveal(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Shows name and address, on record."""
    inquiry = _visible(request, inquiry_id)
    record(by=request.user, action=Action.INQUIRY_REVEAL, target=inquiry, at=clock.now(), fields=["name", "email"])
    return _page(request, inquiry, contact=unseal(inquiry, "name", "email", "comment", org=PORTAL))


@page_for(Action.INQUIRY_READ)
@require_GET
def file(request: StaffRequest, inquiry_id: UUID, reference: str) -> HttpResponse:
    """A file of the thread, as a download."""
    inquiry = _visible(request, inquiry_id)
    found = (
        File.objects.filter(entry__in=Entry.objects.filter(words_of(inquiry)), attachment__reference=reference).select_related("attachment").first()
    )
    if found is None:
        raise Http404
    content = open_attachment(found.attachment, org=PORTAL)
    record(by=request.user, action=Action.INQUIRY_READ, target=inquiry, at=clock.now(), fields=["file"])
    return attachment_response(found.attachment, content)


@page_for(Action.INQUIRY_REPLY)
@require_POST
@once
def reply(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Answers, after a look at the answer as it will go."""
    inquiry = _visible(request, inquiry_id)
    presence.keep_draft(inquiry, request.user, request.POST.get("text", "")[:8000], clock.now())
    if request.POST.get("act") == "begin":
        return _page(request, inquiry, reply_form=_with_template(request, inquiry))
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, inquiry, reply_form=form, status=422)
    if request.POST.get("act") == "preview":
        return _page(request, inquiry, reply_form=form, preview=form.cleaned_data["text"])
    told = form.cleaned_data
    try:
        answering.reply(
            inquiry_id=inquiry.pk,
            text=told["text"],
            version=told["version"],
            waits=told["waits"],
            files=told["attached"],
            by=request.user,
            at=clock.now(),
        )
    except Outdated as error:
        inquiry.refresh_from_db()
        again = ReplyForm(initial={**told, "version": inquiry.version, "attached": None})
        return _page(request, inquiry, reply_form=again, collision=error.sentence, status=409)
    return _done(request, inquiry, _("%(reference)s is answered."))


def _with_template(request: StaffRequest, inquiry: Inquiry) -> ReplyForm:
    """The form with a text of the office below what was typed already."""
    chosen = request.POST.get("template", "")
    template = Template.objects.filter(pk=chosen).first() if is_uuid(chosen) else None
    added = filled(template.text, inquiry, clock.now()) if template else ""
    text = "\n\n".join(filter(None, (request.POST.get("text", "").strip(), added)))
    return ReplyForm(initial={"text": text[:8000], "version": request.POST.get("version", ""), "waits": bool(request.POST.get("waits"))})


@page_for(Action.INQUIRY_READ)
@require_POST
def writing(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """The answer's form tells every twenty seconds that somebody writes, and what; it hears who else does, and whether a word was added."""
    inquiry, at = _visible(request, inquiry_id), clock.now()
    presence.seen(inquiry, request.user, at)
    presence.keep_draft(inquiry, request.user, request.POST.get("text", "")[:8000], at)
    changed = request.POST.get("version", "") != str(inquiry.version)
    return render(
        request, "inquiries/desk/_presence.html", {"others": presence.others(inquiry, request.user, at), "changed": changed, "inquiry": inquiry}
    )


@page_for(Action.INQUIRY_NOTE)
@require_POST
@once
def note(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Adds an internal note."""
    inquiry = _visible(request, inquiry_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, inquiry, note_form=form, status=422)
    answering.note(inquiry_id=inquiry.pk, text=form.cleaned_data["text"], by=request.user, at=clock.now())
    return _done(request, inquiry, _("The note is kept with %(reference)s."))


@page_for(Action.INQUIRY_ASSIGN)
@require_POST
def assign(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Takes it, gives it to somebody, or back to all."""
    inquiry = _visible(request, inquiry_id)
    if request.POST.get("act") == "take":
        answering.assign(inquiry_id=inquiry.pk, to=request.user, by=request.user, at=clock.now())
        return _done(request, inquiry, _("%(reference)s is yours."))
    form = AssignForm(request.POST, officers=officers())
    if not form.is_valid():
        return _page(request, inquiry, assign_form=form, status=422)
    answering.assign(inquiry_id=inquiry.pk, to=form.cleaned_data["to"], by=request.user, at=clock.now())
    return _done(request, inquiry, _("%(reference)s is given on."))


@page_for(Action.INQUIRY_TAG)
@require_POST
def tag(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Makes the tags these words."""
    inquiry = _visible(request, inquiry_id)
    form = TagForm(request.POST)
    if form.is_valid():
        try:
            answering.tag(inquiry_id=inquiry.pk, words=form.cleaned_data["tags"].split(","), by=request.user, at=clock.now())
            return _done(request, inquiry, _("The tags of %(reference)s are saved."))
        except Invalid as error:
            put_errors(form, error)
    return _page(request, inquiry, tag_form=form, status=422)


@page_for(Action.INQUIRY_TAG)
@require_POST
def danger(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Says that somebody may be in danger, or that nobody is."""
    inquiry = _visible(request, inquiry_id)
    act = answering.lower_danger if request.POST.get("act") == "lower" else answering.raise_danger
    act(inquiry_id=inquiry.pk, by=request.user, at=clock.now())
    return _done(request, inquiry, _("%(reference)s is changed."))


@page_for(Action.INQUIRY_CLOSE)
@require_POST
@once
def move(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Closes, opens again, or marks as unwanted."""
    inquiry = _visible(request, inquiry_id)
    acts = {"close": answering.close, "reopen": answering.reopen, "reject": answering.reject}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    act(inquiry_id=inquiry.pk, by=request.user, at=clock.now())
    return _done(request, inquiry, _("%(reference)s is changed."))


@page_for(Action.INQUIRY_MERGE)
@require_http_methods(["GET", "POST"])
@once
def merge(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Joins it to another, after asking."""
    inquiry = _visible(request, inquiry_id)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            target = answering.merge(inquiry_id=inquiry.pk, into_reference=told["into"], reason=told["reason"], by=request.user, at=clock.now())
            return _done(request, target, _("The words stand in %(reference)s now."))
        except Invalid as error:
            put_errors(form, error)
    consequences = [_("All words and files are read in the thread of the other inquiry from now on."), _("This cannot be taken back.")]
    return _ask(request, inquiry, form, _("Join this inquiry to another?"), consequences, _("Join"))


@page_for(Action.INQUIRY_SPLIT)
@require_http_methods(["GET", "POST"])
@once
def split(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Makes one word of the asker an inquiry of its own."""
    inquiry = _visible(request, inquiry_id)
    _record_reading(request, inquiry)
    words = [(str(word.entry.pk), word.text[:120]) for word in whole_thread(inquiry).words if word.entry.kind == Entry.Kind.IN]
    form = SplitForm(request.POST if request.method == "POST" else None, words=words)
    if form.is_valid():
        told = form.cleaned_data
        try:
            part = answering.split(inquiry_id=inquiry.pk, entry_id=UUID(told["entry"]), subject=told["subject"], by=request.user, at=clock.now())
            return _done(request, part, _("%(reference)s is a new inquiry with the same asker."))
        except Invalid as error:
            put_errors(form, error)
    consequences = [_("The word is answered in a thread of its own, with its files; it stays in this one too."), _what_the_asker_hears(inquiry)]
    return _ask(request, inquiry, form, _("Make an inquiry of its own of one word?"), consequences, _("Part"))


def _what_the_asker_hears(inquiry: Inquiry) -> str:
    """What becomes of the asker when an inquiry is split."""
    return {
        Way.MAIL: _("The asker gets two threads by e-mail, and a letter at once that says so."),
        Way.NONE: _("The asker hears nothing: no answer was wished."),
    }.get(Way(inquiry.way), _("The asker has one return code, which leads to one thread: this inquiry cannot be parted."))


@page_for(Action.INQUIRY_HAND_OVER)
@require_http_methods(["GET", "POST"])
@once
def hand_over(request: StaffRequest, inquiry_id: UUID) -> HttpResponse:
    """Shows exactly what would cross to casework, and hands over when the officer is sure and the person agreed."""
    inquiry = _visible(request, inquiry_id)
    form = HandOverForm(request.POST if request.method == "POST" else None, initial=_first_words(inquiry))
    parcel = None
    if form.is_valid():
        told = form.cleaned_data
        parcel = answering.parcel_of(inquiry, text=told["text"], about=told["about"], safe_contact=told["safe_contact"], place=told["place"])
        if request.POST.get("act") == "hand_over" and _is_seen(request, form, parcel):
            agreed = {"agreed_on": told["agreed_on"], "agreed_how": told["agreed_how"]}
            try:
                answering.hand_over(inquiry_id=inquiry.pk, parcel=parcel, by=request.user, at=clock.now(), **agreed)
                return _done(request, inquiry, _("%(reference)s is with casework. Its words are no longer here."))
            except Invalid as error:
                put_errors(form, error)
    if request.method == "GET":
        _record_reading(request, inquiry)
    crossing = [(WORDS_OF_PARCEL[name], value) for name, value in parcel.items()] if parcel else []
    context = {"inquiry": inquiry, "form": form, "crossing": crossing, "seen": _fingerprint(parcel), "with_it": together(inquiry)[1:]}
    return render(request, "inquiries/desk/hand_over.html", context, status=422 if form.errors else 200)


def _is_seen(request: StaffRequest, form: HandOverForm, parcel: dict[str, str]) -> bool:
    """Whether the officer ticked, and exactly this was shown before: words changed after the look are shown again first."""
    if request.POST.get("seen", "") != _fingerprint(parcel):
        form.add_error(None, _("The words have changed since you looked. Read what crosses once more."))
    elif not form.cleaned_data["sure"]:
        form.add_error("sure", _("Tick this when you have read what crosses."))
    return not form.errors


def _fingerprint(parcel: dict[str, str] | None) -> str:
    return hashlib.sha256(json.dumps(parcel, sort_keys=True).encode()).hexdigest()


def _first_words(inquiry: Inquiry) -> dict[str, str]:
    """What the asker wrote, to begin from."""
    thread = whole_thread(inquiry)
    words = [word.text for word in thread.words if word.entry.kind == Entry.Kind.IN]
    return {"text": "\n\n".join([thread.subject, *words])[:8000]}


def officers() -> Any:
    """Everybody who answers inquiries."""
    roles = [role for role, acts in ROLES.items() if Action.INQUIRY_REPLY in acts]
    return User.objects.filter(is_active=True, grants__role__in=roles, grants__revoked_at=None).distinct().order_by("name")


def _visible(request: StaffRequest, inquiry_id: UUID) -> Inquiry:
    found = Inquiry.objects.visible_to(request.user).select_related("assigned_to", "merged_into", "split_from")
    inquiry = found.filter(pk=inquiry_id).first()
    if inquiry is None:
        raise Http404
    return inquiry


def _record_reading(request: StaffRequest, inquiry: Inquiry) -> None:
    record(by=request.user, action=Action.INQUIRY_READ, target=inquiry, at=clock.now(), fields=["subject", "text"])


def _page(request: StaffRequest, inquiry: Inquiry, status: int = 200, **shown: Any) -> HttpResponse:
    _record_reading(request, inquiry)
    context = {
        "inquiry": inquiry, "thread": whole_thread(inquiry), "may_answer": inquiry.state in UNDER_WAY and inquiry.way != Way.NONE,
        "reply_form": ReplyForm(initial={"version": inquiry.version, "text": presence.draft_of(inquiry, request.user)}), "note_form": NoteForm(),
        "assign_form": AssignForm(officers=officers(), initial={"to": inquiry.assigned_to_id}),
        "tag_form": TagForm(initial={"tags": ", ".join(tag.word for tag in inquiry.tags.all())}), "limit": due_time(inquiry.kind, danger=inquiry.danger),
        "others": presence.others(inquiry, request.user, clock.now()), "templates": Template.objects.filter(language=inquiry.language),
        "under_way": inquiry.state in UNDER_WAY, "is_gone": end_of(inquiry).state == State.HANDED_OVER, **shown,
    }  # fmt: skip
    return render(request, "inquiries/desk/detail.html", context, status=status)


def _ask(request: StaffRequest, inquiry: Inquiry, form: Any, question: str, consequences: list[str], verb: str) -> HttpResponse:
    """The page that asks once more, with the form of the act."""
    context = {"question": question, "consequences": consequences, "verb": verb, "back": f"/desk/inquiries/{inquiry.pk}/", "form": form}
    return render(request, "confirm.html", context, status=422 if form.is_bound else 200)


def _done(request: StaffRequest, inquiry: Inquiry, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"reference": inquiry.reference})
    return redirect("inquiries_desk:detail", inquiry.pk)
