"""The desk's pages of issues: the list, one issue from the draft to its last letter, its progress."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate
from saphan.portal.newsletter import drafting, scheduling, withdrawing
from saphan.portal.newsletter.digest import named
from saphan.portal.newsletter.issue_forms import MonthForm, ScheduleForm
from saphan.portal.newsletter.issue_states import LIFE, WAITING, Fate, IssueState
from saphan.portal.newsletter.issues import Delivery, Issue
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.readiness import remarks_on

LISTED = [Fate.UNCERTAIN, Fate.DEFERRED, Fate.REFUSED, Fate.SKIPPED]  # letters that are worth a look one by one


@page_for(Action.NEWSLETTER_LIST)
@require_GET
def issues(request: StaffRequest) -> HttpResponse:
    """All issues, the newest month first."""
    return _list(request, MonthForm(language=_language()))


@page_for(Action.NEWSLETTER_DRAFT)
@require_POST
@once
def draft(request: StaffRequest) -> HttpResponse:
    """Begins the issue of a month; it writes itself."""
    form = MonthForm(request.POST, language=_language())
    if form.is_valid():
        try:
            issue = drafting.draft(month=form.first(), by=request.user, at=clock.now())
        except Invalid as error:
            form.add_error("month", error.fields["month"])
        else:
            messages.success(request, _("The draft is written from what was public in the month. Read it, mend it, then call it ready."))
            return redirect("newsletter_desk:issue", issue.pk)
    return _list(request, form, status=422)


def _list(request: StaffRequest, form: MonthForm, status: int = 200) -> HttpResponse:
    page = paginate(Issue.objects.visible_to(request.user).select_related("changed_by"), request, order=("-month", "-drafted_at", "id"))
    rows = [(issue, named(issue, _language())) for issue in page.rows]
    return render(request, "newsletter/desk/issues.html", {"page": page, "rows": rows, "form": form}, status=status)


@page_for(Action.NEWSLETTER_LIST)
@require_GET
def issue(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """One issue: its editions, its check list, and how far it is."""
    return _page(request, visible(request, issue_id))


@page_for(Action.NEWSLETTER_LIST)
@require_GET
def progress(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """The part of the page that changes while an issue is sent."""
    shown = visible(request, issue_id)
    return render(request, "newsletter/desk/_progress.html", progress_of(shown))


@page_for(Action.NEWSLETTER_LIST)
@require_GET
def letters(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Letters of one fate, one by one. They name no address: a publisher looks somebody up among the subscribers."""
    shown = visible(request, issue_id)
    fate = request.GET.get("fate", Fate.UNCERTAIN)
    if fate not in LISTED:
        raise Http404
    found = Delivery.objects.filter(issue=shown, state=fate).select_related("edition")
    page = paginate(found, request, order=("id",), size=100)
    context = {"issue": shown, "page": page, "fate": Fate(fate), "fates": [(one, one.label) for one in LISTED], "month": _month(shown)}
    return render(request, "newsletter/desk/letters.html", context)


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def draft_again(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Brings the draft up to what is public now."""
    return _act(request, issue_id, drafting.draft_again, _("The draft is up to date. What you wrote, moved and hid has stayed."))


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def finish_writing(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Calls it ready."""
    return _act(request, issue_id, scheduling.finish_writing, _("The issue is ready. A publisher who did not write its last change gives it a date."))


@page_for(Action.NEWSLETTER_EDIT)
@require_POST
@once
def reopen(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Back to the draft."""
    return _act(request, issue_id, scheduling.reopen, _("The issue is a draft again; it has no date."))


@page_for(Action.NEWSLETTER_SCHEDULE)
@require_POST
@once
def schedule(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Gives it a date; at once only after a page that says what that means."""
    shown = visible(request, issue_id)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        if not form.cleaned_data["on"] and request.POST.get("sure") != "at_once":
            return _sure(request, shown, "at_once", readers=Subscriber.objects.receiving().count())
        try:
            scheduling.schedule(issue_id=shown.pk, when=form.when(form.cleaned_data), by=request.user, at=clock.now())
        except Invalid as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, _("The issue has its date. Until then it can be taken back."))
            return redirect("newsletter_desk:issue", shown.pk)
    return _page(request, shown, status=422, schedule_form=form)


@page_for(Action.NEWSLETTER_PAUSE)
@require_POST
@once
def pause(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Holds the sender."""
    return _act(request, issue_id, scheduling.pause, _("Held. Nothing more leaves until you let it go on."))


@page_for(Action.NEWSLETTER_PAUSE)
@require_POST
@once
def resume(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Lets it go on."""
    return _act(request, issue_id, scheduling.resume, _("The sender goes on where it stopped."))


@page_for(Action.NEWSLETTER_CANCEL)
@require_http_methods(["GET", "POST"])
@once
def cancel(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Ends it for good, after a page that says what that means."""
    if request.method == "GET":
        return _sure(request, visible(request, issue_id), "cancel")
    if request.POST.get("also") == "withdraw":
        return _withdrawn(request, visible(request, issue_id), {edition.pk for edition in withdrawing.public_of(visible(request, issue_id))})
    return _act(request, issue_id, scheduling.cancel, _("The issue is cancelled. Nothing more of it leaves."))


@page_for(Action.NEWSLETTER_RETRY)
@require_POST
@once
def retry_now(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Tries what was put off now."""
    shown = visible(request, issue_id)
    count = scheduling.retry_now(issue_id=shown.pk, by=request.user, at=clock.now())
    messages.success(request, ngettext("%(n)s letter is tried again now.", "%(n)s letters are tried again now.", count) % {"n": count})
    return redirect("newsletter_desk:issue", shown.pk)


@page_for(Action.NEWSLETTER_RETRY)
@require_http_methods(["GET", "POST"])
@once
def ask_again(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Sends the uncertain ones once more, after a page that says what that means."""
    shown = visible(request, issue_id)
    if request.method == "GET":
        return _sure(request, shown, "ask_again")
    count = scheduling.ask_again(issue_id=shown.pk, by=request.user, at=clock.now())
    messages.success(request, ngettext("%(n)s letter is sent once more.", "%(n)s letters are sent once more.", count) % {"n": count})
    return redirect("newsletter_desk:issue", shown.pk)


@page_for(Action.NEWSLETTER_WITHDRAW)
@require_http_methods(["GET", "POST"])
@once
def withdraw(request: StaffRequest, issue_id: UUID) -> HttpResponse:
    """Takes an issue, or some of its editions, from archive, search and feeds, after a page that says what that means."""
    shown = visible(request, issue_id)
    if request.method == "GET":
        return _withdraw_page(request, shown)
    ticked = request.POST.getlist("editions")
    return _withdrawn(request, shown, {edition.pk for edition in withdrawing.public_of(shown) if str(edition.pk) in ticked})


def _withdrawn(request: StaffRequest, shown: Issue, edition_ids: set[UUID]) -> HttpResponse:
    try:
        withdrawing.withdraw(issue_id=shown.pk, edition_ids=edition_ids, by=request.user, at=clock.now())
    except Invalid as error:
        return _withdraw_page(request, shown, status=422, error=error.sentence)
    messages.success(request, _("Withdrawn: it stands no longer in the archive, the search and the feeds."))
    return redirect("newsletter_desk:issue", shown.pk)


def _withdraw_page(request: StaffRequest, shown: Issue, status: int = 200, error: Any = "") -> HttpResponse:
    require(request.user, Action.NEWSLETTER_WITHDRAW, shown)
    context = {"issue": shown, "month": _month(shown), "editions": withdrawing.public_of(shown), "error": error}
    return render(request, "newsletter/desk/withdraw.html", context, status=status)


def visible(request: StaffRequest, issue_id: UUID) -> Issue:
    """The issue, or 404."""
    found = Issue.objects.visible_to(request.user).select_related("changed_by", "scheduled_by", "withdrawn_by").filter(pk=issue_id).first()
    if found is None:
        raise Http404
    return found


def _act(request: StaffRequest, issue_id: UUID, service: Callable[..., Any], sentence: str) -> HttpResponse:
    shown = visible(request, issue_id)
    try:
        service(issue_id=shown.pk, by=request.user, at=clock.now())
    except Invalid as error:
        messages.error(request, error.sentence)
        return _page(request, visible(request, issue_id), status=422)
    messages.success(request, sentence)
    return redirect("newsletter_desk:issue", shown.pk)


def _sure(request: StaffRequest, shown: Issue, act: str, **more: Any) -> HttpResponse:
    context = {"issue": shown, "month": _month(shown), "act": act, "may_withdraw": _may_withdraw(request, shown), **progress_of(shown), **more}
    return render(request, "newsletter/desk/sure.html", context)


def _may_withdraw(request: StaffRequest, shown: Issue) -> bool:
    return bool(check(request.user, Action.NEWSLETTER_WITHDRAW, shown)) and bool(withdrawing.public_of(shown))


def _page(request: StaffRequest, shown: Issue, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "issue": shown, "month": _month(shown), "verbs": LIFE.verbs_from(shown.state), "editions": editions_of(shown),
        "remarks": remarks_on(shown) if shown.is_open else [], "may_schedule": check(request.user, Action.NEWSLETTER_SCHEDULE, shown),
        "schedule_form": ScheduleForm(), "acts": request.user.acts, "may_withdraw": _may_withdraw(request, shown), **progress_of(shown), **more,
    }  # fmt: skip
    context["stops"] = any(remark.stops for remark in context["remarks"])
    return render(request, "newsletter/desk/issue.html", context, status=status)


def editions_of(shown: Issue) -> list[dict[str, Any]]:
    """The editions with the number of their items, those for all readers of a language first."""
    editions = shown.editions.prefetch_related("items").order_by("country", "language")
    rows = [(edition, [item for item in edition.items.all() if not item.hidden]) for edition in editions]
    return [{"edition": edition, "shown": len(items), "edited": sum(item.edited or item.added for item in items)} for edition, items in rows]


def progress_of(shown: Issue) -> dict[str, Any]:
    """How many letters met which fate, and how far the whole is."""
    fates: Counter[str] = scheduling.fates_of(shown) if shown.begun_at else Counter()
    total = sum(fates.values())
    settled = total - sum(fates[fate] for fate in WAITING)
    return {
        "issue": shown,
        "fates": [(fate, fate.label, fates[fate], fate in LISTED and bool(fates[fate])) for fate in Fate if fates[fate]],
        "total": total,
        "settled": settled,
        "queueing": shown.state == IssueState.SENDING and shown.queued_at is None,
        "uncertain": fates[Fate.UNCERTAIN],
        "put_off": fates[Fate.DEFERRED],
        "moving": shown.state in (IssueState.SENDING, IssueState.SCHEDULED),
    }


def _month(shown: Issue) -> str:
    return named(shown, _language())


def _language() -> str:
    return get_language() or "en"
