"""One day on which a commitment falls due: what was said about it, and what this user may say."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.scoring import keeping
from saphan.agreements.scoring.forms import StatementForm, WhyForm
from saphan.agreements.scoring.models import Occurrence, OccurrenceStep
from saphan.agreements.scoring.occurring import LABELS, TONES
from saphan.agreements.scoring.states import OCCURRENCE
from saphan.agreements.scoring.stepping import Said
from saphan.agreements.screens.frame import attempted, done, pressed
from saphan.core import clock
from saphan.core.attachments import attachment_response, inspect_upload
from saphan.core.errors import Invalid
from saphan.core.once import once

A = Action
VERBS = {
    "state": gettext_lazy("stated that it happened"), "take back": gettext_lazy("took the statement back"), "confirm": gettext_lazy("confirmed it"), "dispute": gettext_lazy("disputed it"),
    "ask to excuse": gettext_lazy("asked to be excused"), "excuse": gettext_lazy("agreed to excuse it"), "refuse to excuse": gettext_lazy("did not agree to excuse it"),
    "admit": gettext_lazy("said that it was not kept"), "lapse": gettext_lazy("no longer owed"),
}  # fmt: skip


def visible_occurrence(request: StaffRequest, occurrence_id: UUID) -> Occurrence:
    """An occurrence that this user sees, or 404."""
    found = Occurrence.objects.visible_to(request.user).select_related("commitment__version__agreement", "party__country", "party__organisation")
    occurrence = found.filter(pk=occurrence_id).first()
    if occurrence is None:
        raise Http404
    return occurrence


@page_for(Action.COMMITMENT_LIST)
@require_GET
def occurrence_page(request: StaffRequest, occurrence_id: UUID) -> HttpResponse:
    """What was said, by whom, with what evidence; and what comes next."""
    return _page(request, visible_occurrence(request, occurrence_id))


def _page(request: StaffRequest, occurrence: Occurrence, status: int = 200, **more: Any) -> HttpResponse:
    became = occurrence.seen.became(timezone.localdate())
    steps = occurrence.steps.select_related("by", "party__country", "party__organisation", "attachment")
    verbs, user = OCCURRENCE.verbs_from(occurrence.state), request.user
    acts = {"state": A.OCCURRENCE_STATE, "confirm": A.OCCURRENCE_ANSWER, "ask": A.OCCURRENCE_EXCUSE}
    may = {name: bool(check(user, action, occurrence)) for name, action in acts.items()}
    context = {
        "occurrence": occurrence, "commitment": occurrence.commitment, "agreement": occurrence.commitment.version.agreement,
        "became": LABELS[became], "became_tone": TONES[became], "steps": [(one, VERBS[one.verb]) for one in steps],
        "may_state": may["state"] and "state" in verbs, "may_take_back": may["state"] and "take back" in verbs,
        "may_confirm": may["confirm"] and "confirm" in verbs, "may_ask": may["ask"] and "ask to excuse" in verbs,
        "may_excuse": may["ask"] and "excuse" in verbs, "statement_form": StatementForm(), "why_form": WhyForm(), "today": timezone.localdate(), **more,
    }  # fmt: skip
    return render(request, "scoring/occurrence.html", context, status=status)


@page_for(Action.OCCURRENCE_STATE)
@require_POST
@once
def state(request: StaffRequest, occurrence_id: UUID) -> HttpResponse:
    """The owner states that it happened."""
    occurrence = visible_occurrence(request, occurrence_id)
    form = StatementForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            upload = inspect_upload(form.cleaned_data["file"]) if form.cleaned_data["file"] else None
        except Invalid as error:
            form.add_error("file", error.sentence)
        else:
            said, by, at = Said(form.cleaned_data["note"].strip(), form.cleaned_data["happened_on"]), request.user, clock.now()
            if attempted(form, lambda: keeping.state(occurrence_id=occurrence.pk, said=said, upload=upload, by=by, at=at)):
                return done(request, _("Stated. It counts as kept when the other party has confirmed it."), "scoring:occurrence", occurrence.pk)
    return _page(request, occurrence, status=422, statement_form=form, opened="state")


def _pressed(service: Callable[..., Occurrence], action: Action, sentence: Callable[[], str]) -> Callable[..., HttpResponse]:
    def press(request: StaffRequest, occurrence_id: UUID) -> HttpResponse:
        occurrence = visible_occurrence(request, occurrence_id)
        act = lambda: service(occurrence_id=occurrence.pk, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
        return pressed(request, act, sentence(), "scoring:occurrence", occurrence.pk)

    return page_for(action)(require_POST(once(press)))


def _with_reason(name: str, service: Callable[..., Occurrence], action: Action, sentence: Callable[[], str]) -> Callable[..., HttpResponse]:
    def press(request: StaffRequest, occurrence_id: UUID) -> HttpResponse:
        occurrence = visible_occurrence(request, occurrence_id)
        form = WhyForm(request.POST)
        if form.is_valid():
            reason, by, at = form.cleaned_data["reason"], request.user, clock.now()
            if attempted(form, lambda: service(occurrence_id=occurrence.pk, reason=reason, by=by, at=at)):
                return done(request, sentence(), "scoring:occurrence", occurrence.pk)
        return _page(request, occurrence, status=422, why_form=form, opened=name)

    return page_for(action)(require_POST(once(press)))


take_back = _pressed(keeping.take_back, A.OCCURRENCE_STATE, lambda: _("Taken back."))
confirm = _pressed(keeping.confirm, A.OCCURRENCE_ANSWER, lambda: _("Confirmed. It counts from now on."))
excuse = _pressed(keeping.excuse, A.OCCURRENCE_EXCUSE, lambda: _("Excused by both."))
dispute = _with_reason("dispute", keeping.dispute, A.OCCURRENCE_ANSWER, lambda: _("Disputed. The other party may state it again."))
ask = _with_reason("ask", keeping.ask_to_excuse, A.OCCURRENCE_EXCUSE, lambda: _("Asked. The other party answers."))
refuse = _with_reason("refuse", keeping.refuse_to_excuse, A.OCCURRENCE_EXCUSE, lambda: _("Not excused. It stays owed."))
admit = _with_reason("admit", keeping.admit, A.OCCURRENCE_STATE, lambda: _("Written down as not kept."))


@page_for(Action.COMMITMENT_LIST)
@require_POST
def evidence(request: StaffRequest, step_id: UUID) -> HttpResponse:
    """The file of a statement as a download; on record."""
    seen = Occurrence.objects.visible_to(request.user)
    given = OccurrenceStep.objects.filter(occurrence__in=seen, attachment__isnull=False).select_related("attachment").filter(pk=step_id).first()
    if given is None:
        raise Http404
    attachment, content = keeping.open_evidence(given=given, by=request.user, at=clock.now())
    return attachment_response(attachment, content)
