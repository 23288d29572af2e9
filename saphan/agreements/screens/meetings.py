"""Meetings with their action points; and all open points and notices of the office."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements import meetings, notices
from saphan.agreements.act_forms import MeetingForm, PointForm, RemarkForm
from saphan.agreements.models import ActionPoint, Meeting, Notice
from saphan.agreements.screens.frame import attempted, done, loaded, once_sent, own, pressed, status_of, visible_agreement, visible_meeting
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.AGREEMENT_MEET)
@require_http_methods(["GET", "POST"])
@once
def plan(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """A new meeting."""
    agreement = visible_agreement(request, agreement_id)
    own(request, Action.AGREEMENT_MEET, agreement)
    form = MeetingForm(once_sent(request))
    if form.is_valid():
        made = attempted(form, lambda: meetings.plan_meeting(agreement_id=agreement.pk, told=form.told(), by=request.user, at=clock.now()))
        if made:
            return done(request, _("The meeting is in the register."), "agreements:meeting", made.pk)
    return render(request, "agreements/meeting_form.html", {"form": form, "agreement": agreement}, status=status_of(form))


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def meeting_page(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Agenda, minutes, decisions and action points."""
    return _page(request, visible_meeting(request, meeting_id))


def _page(request: StaffRequest, meeting: Meeting, status: int = 200, **more: Any) -> HttpResponse:
    may = check(request.user, Action.AGREEMENT_MEET, meeting.agreement)
    context = {
        "meeting": meeting, "agreement": meeting.agreement, "points": meeting.points.select_related("done_by"), "may_meet": may,
        "point_form": PointForm(), "decisions": [line.strip() for line in meeting.decisions.splitlines() if line.strip()],
        "today": timezone.localdate(), "documents": meeting.documents.select_related("attachment"), **more,
    }  # fmt: skip
    return render(request, "agreements/meeting.html", context, status=status)


@page_for(Action.AGREEMENT_MEET)
@require_http_methods(["GET", "POST"])
@once
def edit(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Writes on a meeting."""
    meeting = visible_meeting(request, meeting_id)
    own(request, Action.AGREEMENT_MEET, meeting.agreement)
    names = "title held_on place present agenda minutes decisions version".split()
    form = MeetingForm(once_sent(request), initial={name: getattr(meeting, name) for name in names})
    if form.is_valid():
        seen, by, at = form.cleaned_data["version"] or 0, request.user, clock.now()
        if attempted(form, lambda: meetings.write_meeting(meeting_id=meeting.pk, told=form.told(), seen=seen, by=by, at=at)):
            return done(request, _("Saved."), "agreements:meeting", meeting.pk)
    return render(request, "agreements/meeting_form.html", {"form": form, "agreement": meeting.agreement, "meeting": meeting}, status=status_of(form))


def _moving(service: Callable[..., Meeting], sentence: Callable[[], str]) -> Callable[..., HttpResponse]:
    def press(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
        meeting = visible_meeting(request, meeting_id)
        return pressed(request, lambda: service(meeting_id=meeting.pk, by=request.user, at=clock.now()), sentence(), "agreements:meeting", meeting.pk)

    return page_for(Action.AGREEMENT_MEET)(require_POST(once(press)))


hold = _moving(meetings.hold_meeting, lambda: _("The meeting took place."))
cancel = _moving(meetings.cancel_meeting, lambda: _("The meeting is cancelled."))


@page_for(Action.AGREEMENT_MEET)
@require_POST
@once
def take_on(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """An action point."""
    meeting = visible_meeting(request, meeting_id)
    form = PointForm(request.POST)
    if form.is_valid():
        by, at = request.user, clock.now()
        if attempted(form, lambda: meetings.take_on(meeting_id=meeting.pk, **form.cleaned_data, by=by, at=at)):
            return done(request, _("Written down. It stands on My day before it is due."), "agreements:meeting", meeting.pk)
    return _page(request, meeting, status=422, point_form=form)


@page_for(Action.AGREEMENT_MEET)
@require_POST
@once
def finish(request: StaffRequest, point_id: UUID) -> HttpResponse:
    """What was taken on is done."""
    point: ActionPoint = loaded(ActionPoint.objects.select_related("meeting__agreement"), point_id)
    meeting = visible_meeting(request, point.meeting_id)
    return pressed(
        request, lambda: meetings.finish_point(point_id=point.pk, by=request.user, at=clock.now()), _("Done."), "agreements:meeting", meeting.pk
    )


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def points(request: StaffRequest) -> HttpResponse:
    """Open action points of the agreements in which the office takes part."""
    found = ActionPoint.objects.of_org(request.user).select_related("meeting__agreement")
    page = paginate(found, request, order=("due_on", "id"))
    return render(request, "agreements/points.html", {"page": page, "today": timezone.localdate()})


@page_for(Action.AGREEMENT_SETTLE)
@require_GET
def list_notices(request: StaffRequest) -> HttpResponse:
    """Dates that come near."""
    found = Notice.objects.filter(agreement__kept_by=request.user.org_id, state="open").select_related("agreement")
    page = paginate(found, request, order=("due_on", "id"))
    return render(request, "agreements/notices.html", {"page": page, "today": timezone.localdate()})


@page_for(Action.AGREEMENT_SETTLE)
@require_http_methods(["GET", "POST"])
@once
def settle(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """Says what comes of a notice."""
    notice: Notice = loaded(Notice.objects.filter(agreement__kept_by=request.user.org_id).select_related("agreement"), notice_id)
    form = RemarkForm(once_sent(request))
    if form.is_valid():
        remark, by, at = form.cleaned_data["remark"], request.user, clock.now()
        if attempted(form, lambda: notices.settle_notice(notice_id=notice.pk, remark=remark, by=by, at=at)):
            return done(request, _("Settled."), "agreements:notices")
    return render(request, "agreements/settle.html", {"notice": notice, "agreement": notice.agreement, "form": form}, status=status_of(form))
