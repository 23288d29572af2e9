"""Pages of one case: each tab has its own address, and each opening is in the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.audit.models import AuditEvent
from saphan.audit.services import record
from saphan.care.cases.consents import has_case_consent
from saphan.care.cases.forms import CloseForm, ConsentForm, DocumentForm, NoteForm, ReviewForm, TransferForm
from saphan.care.cases.models import Case, Consent
from saphan.care.cases.selectors import last_seen_by, names_of, who_sees_what
from saphan.care.cases.states import LIFE, VERBS
from saphan.care.cases.tabs import TABS
from saphan.care.cases.timeline import entries
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.disclosure import readable_classes
from saphan.care.persons.forms import PurposeForm, RevealForm
from saphan.core import clock
from saphan.core.models import Attachment
from saphan.core.paging import paginate
from saphan.core.sensitivity import Sensitivity

INSIDE = frozenset({"sharing", "audit"})


def visible_case(request: StaffRequest, case_id: UUID) -> Case:
    """The case, or the same 404 for a foreign one as for none."""
    found = Case.objects.visible_to(request.user).select_related("person", "person__nationality", "org", "office", "lead", "closed_by")
    case = found.filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def case_page(request: StaffRequest, case: Case, tab: str, status: int = 200, **context: Any) -> HttpResponse:
    """One tab of a case with its head; `tab` is a page of this room, or `room:page` of a room above.

    A colleague who is not involved is asked why; the opening is recorded.
    """
    user, at = request.user, clock.now()
    room, page = tab.split(":") if ":" in tab else ("cases", tab)
    if not check(user, Action.CASE_READ, case):
        return redirect(reverse("persons:why", args=[case.person_id]) + "?next=" + reverse(f"{room}:{page}", args=[case.pk]))
    offered = readable_classes(user, case.person)
    if tab in INSIDE or (tab == "plan" and Sensitivity.PLAN not in offered):
        require(user, Action.CASE_READ_INSIDE, case)
    seen = last_seen_by(user, case.person_id)
    record(by=user, action=Action.CASE_READ, target=case, subject=case.person_id, at=at, purpose=page)
    frame = {
        "case": case, "person": case.person, "tabs": _tabs(request, case, f"{room}:{page}", offered), "seen": seen, "offered": offered,
        "reveal_form": RevealForm(offered=offered), "knows": user.org_id == case.org_id or Sensitivity.EXPLOITATION in offered,
        "inside": user.org_id == case.org_id, "may_write": check(user, Action.CASE_EDIT, case).allowed, "at": at,
    }  # fmt: skip
    return render(request, f"{room}/{page}.html", {**frame, **context}, status=status)


@dataclass(frozen=True)
class ShownTab:
    """A tab as shown."""

    label: str
    url: str
    current: bool


def _tabs(request: StaffRequest, case: Case, current: str, offered: frozenset[Sensitivity]) -> list[ShownTab]:
    inside = request.user.org_id == case.org_id
    shown = [t for t in TABS if inside or not t.inside or (t.url_name == "cases:plan" and Sensitivity.PLAN in offered)]
    return [ShownTab(str(t.label), reverse(t.url_name, args=[case.pk]), t.url_name == current) for t in shown]


@page_for(Action.CASE_READ)
@require_GET
def detail(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Situation: working facts, what can be done next, clocks, who can see what."""
    return situation_page(request, visible_case(request, case_id))


def situation_page(request: StaffRequest, case: Case, status: int = 200, **forms: Any) -> HttpResponse:
    """The situation with its forms."""
    user = request.user
    verbs = [(verb, VERBS[verb]) for verb in LIFE.verbs_from(case.state) if verb in VERBS]
    context = {
        "verbs": verbs, "review_form": ReviewForm(), "transfer_form": TransferForm(org_id=case.org_id), "close_form": CloseForm(),
        "may_transfer": case.is_open and check(user, Action.CASE_TRANSFER, case).allowed,
        "may_close": case.is_open and check(user, Action.CASE_CLOSE, case).allowed,
        "review_clock": clock_of("case_review"), **aside(case, clock.now()), **forms,
    }  # fmt: skip
    return case_page(request, case, "detail", status, **context)


def aside(case: Case, at: datetime) -> dict[str, Any]:
    """What stands beside: who can see what, and whether the person still agrees."""
    return {"sights": who_sees_what(case, at), "agreed": has_case_consent(case.person, at)}


@page_for(Action.CASE_READ)
@require_GET
def plan(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Needs and plan: that something was written and by whom; the text on request."""
    return plan_page(request, visible_case(request, case_id))


def plan_page(request: StaffRequest, case: Case, status: int = 200, **context: Any) -> HttpResponse:
    """The notes with the forms to write one and to read them."""
    notes = list(case.notes.select_related("written_by").order_by("-written_at")[:100])
    texts: dict[UUID, str | None] = context.pop("texts", {})
    lines = [(note, texts.get(note.pk)) for note in notes]
    return case_page(
        request, case, "plan", status, **{"lines": lines, "note_form": NoteForm(), "read_form": PurposeForm(), "opened": bool(texts), **context}
    )


@page_for(Action.CASE_READ)
@require_GET
def timeline(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What happened, newest first."""
    case = visible_case(request, case_id)
    return case_page(request, case, "timeline", entries=entries(case, request.user), **aside(case, clock.now()))


@page_for(Action.CASE_READ)
@require_GET
def documents(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Files kept about the person, without their names."""
    return documents_page(request, visible_case(request, case_id))


def documents_page(request: StaffRequest, case: Case, status: int = 200, **context: Any) -> HttpResponse:
    """The files that this worker's tie opens, with the purpose asked before a download, and the form to add one."""
    open_now = readable_classes(request.user, case.person)
    found = Attachment.objects.filter(scope=case.person_id).order_by("-received_at")
    if request.user.org_id != case.org_id:
        found = found.filter(sensitivity__in=open_now)
    kept = list(found[:200])
    may_open = [file for file in kept if file.sensitivity in open_now and file.settled_at and file.state != Attachment.State.REFUSED]
    given = {"kept": kept, "may_open": may_open, "form": DocumentForm(), "read_form": PurposeForm(auto_id="open_%s")}
    return case_page(request, case, "documents", status, **{**given, **context})


@page_for(Action.CASE_READ)
@require_GET
def sharing(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Who can see what, and what the person agreed to."""
    return sharing_page(request, visible_case(request, case_id))


def sharing_page(request: StaffRequest, case: Case, status: int = 200, **context: Any) -> HttpResponse:
    """Consents with the form to record one."""
    at = clock.now()
    consents = list(Consent.objects.filter(person=case.person_id).select_related("receiver", "recorded_by").order_by("-given_at"))
    given = {"consents": [(c, c.valid_at(at)) for c in consents], "form": ConsentForm(person=case.person), "sights": who_sees_what(case, at)}
    return case_page(request, case, "sharing", status, **{**given, "lasts": clock_of("consent_lasts"), **context})


@page_for(Action.CASE_READ)
@require_GET
def audit(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Every act, read and denial that touched this person's file."""
    case = visible_case(request, case_id)
    page = paginate(AuditEvent.objects.filter(subject_id=str(case.person_id)), request, order=("-id",))
    names = names_of(event.actor for event in page.rows)
    return case_page(request, case, "audit", page=page, lines=[(event, names.get(event.actor, event.actor)) for event in page.rows])
