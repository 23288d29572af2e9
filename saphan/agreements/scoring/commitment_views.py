"""Commitments of an agreement, each with its days; the page of one day; and what waits for the user over all agreements."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.scoring import committing, desk
from saphan.agreements.scoring.commitment_models import OccurrenceQuerySet
from saphan.agreements.scoring.forms import CommitmentForm, EndForm, ShowFilter
from saphan.agreements.scoring.models import Commitment, Occurrence
from saphan.agreements.scoring.occurring import OccurrenceState
from saphan.agreements.scoring.selectors import version_to_score
from saphan.agreements.screens.frame import attempted, done, once_sent, pressed, status_of
from saphan.core import clock
from saphan.core.once import once
from saphan.core.paging import paginate

SHOWN_DAYS = 6  # of one commitment on the list; all of them when narrowed


def visible_agreement(request: StaffRequest, agreement_id: UUID, action: Action) -> Agreement:
    """An agreement whose inside this user sees, or 404."""
    agreement = Agreement.objects.select_related("kept_by").filter(pk=agreement_id).first()
    if agreement is None or not check(request.user, action, agreement):
        raise Http404
    return agreement


def signed_versions(agreement: Agreement) -> "Any":
    """The versions that can be kept or broken."""
    return AgreementVersion.objects.filter(agreement=agreement).signed().newest_first()


def visible_commitment(request: StaffRequest, commitment_id: UUID) -> Commitment:
    """A commitment that this user sees, or 404."""
    found = Commitment.objects.visible_to(request.user).select_related("version__agreement", "party__country", "party__organisation")
    commitment = found.filter(pk=commitment_id).first()
    if commitment is None:
        raise Http404
    return commitment


@page_for(Action.COMMITMENT_LIST)
@require_GET
def commitments(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """What the parties owe each other by the calendar, with the days that are due or were."""
    return _list(request, visible_agreement(request, agreement_id, Action.COMMITMENT_LIST))


def _list(request: StaffRequest, agreement: Agreement, status: int = 200, ending: tuple[UUID, EndForm] | None = None) -> HttpResponse:
    filters = ShowFilter(request.GET)
    show = filters.cleaned_data.get("show", "") if filters.is_valid() else ""
    found = Commitment.objects.filter(version__agreement=agreement).select_related(
        "version", "party__country", "party__organisation", "proposed_party__country", "proposed_party__organisation"
    )
    lines = [_line(request, commitment, show) for commitment in found.order_by("state", "article", "proposed_at")]
    for line in lines:
        pk = line["commitment"].pk
        is_ending = ending is not None and ending[0] == pk
        line |= {"end_form": ending[1] if ending and is_ending else EndForm(auto_id=f"id_{pk}_%s"), "is_ending": is_ending}
    if show:
        lines = [line for line in lines if line["days"]]
    version = version_to_score(signed_versions(agreement))
    context = {
        "agreement": agreement, "lines": lines, "filters": filters, "show": show, "today": timezone.localdate(),
        "may_propose": version is not None and bool(check(request.user, Action.COMMITMENT_PROPOSE, agreement)),
    }  # fmt: skip
    return render(request, "scoring/commitments.html", context, status=status)


def _line(request: StaffRequest, commitment: Commitment, show: str) -> dict[str, Any]:
    days = narrowed(commitment.occurrences.all(), show).order_by("due_on")  # type: ignore[arg-type]  # the manager's own query set
    today = timezone.localdate()
    rows = list(days) if show else _around(list(days), today)
    user = request.user
    return {
        "commitment": commitment, "days": [(row, row.seen.became(today)) for row in rows],
        "may_answer": commitment.state == "proposed" and check(user, Action.COMMITMENT_ANSWER, commitment),
        "may_withdraw": commitment.state == "proposed" and check(user, Action.COMMITMENT_PROPOSE, commitment),
        "may_release": commitment.state == "standing" and check(user, Action.COMMITMENT_RELEASE, commitment),
    }  # fmt: skip


def _around(days: list[Occurrence], today: Any) -> list[Occurrence]:
    """The last days that are past and the next one to come."""
    past, ahead = [row for row in days if row.due_on < today], [row for row in days if row.due_on >= today]
    return [*past[-SHOWN_DAYS + 1 :], *ahead[:1]]


def narrowed(found: OccurrenceQuerySet, show: str) -> OccurrenceQuerySet:
    """The occurrences that a filter asks for."""
    today = timezone.localdate()
    if show == "open":
        return found.filter(state__in=[OccurrenceState.OPEN, OccurrenceState.DISPUTED])
    if show == "past":
        return found.past(today)
    return found.to_answer() if show == "answer" else found


@page_for(Action.COMMITMENT_PROPOSE)
@require_http_methods(["GET", "POST"])
@once
def propose(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """A commitment that the other party is to accept."""
    agreement = visible_agreement(request, agreement_id, Action.COMMITMENT_LIST)
    require(request.user, Action.COMMITMENT_PROPOSE, agreement)
    version = version_to_score(signed_versions(agreement))
    if version is None:
        raise Http404
    form = CommitmentForm(once_sent(request), version=version)
    if form.is_valid():
        by, at = request.user, clock.now()
        if attempted(form, lambda: committing.propose(version_id=version.pk, owed=form.owed(), by=by, at=at)):
            return done(request, _("Proposed. It counts when the other party has accepted it."), "scoring:commitments", agreement.pk)
    return render(request, "scoring/propose.html", {"form": form, "agreement": agreement, "version": version}, status=status_of(form))


def _answering(service: Any, action: Action, sentence: Any) -> Any:
    def press(request: StaffRequest, commitment_id: UUID) -> HttpResponse:
        commitment = visible_commitment(request, commitment_id)
        act = lambda: service(commitment_id=commitment.pk, by=request.user, at=clock.now())  # noqa: E731  # one act, named by its use
        return pressed(request, act, sentence(), "scoring:commitments", commitment.version.agreement_id)

    return page_for(action)(require_POST(once(press)))


accept = _answering(committing.accept, Action.COMMITMENT_ANSWER, lambda: _("Accepted. Its days stand in the calendar of both parties."))
decline = _answering(committing.decline, Action.COMMITMENT_ANSWER, lambda: _("Not accepted. It does not count."))
withdraw = _answering(committing.withdraw, Action.COMMITMENT_PROPOSE, lambda: _("Taken back."))


@page_for(Action.COMMITMENT_RELEASE)
@require_POST
@once
def release(request: StaffRequest, commitment_id: UUID) -> HttpResponse:
    """The party to which it is owed lets it end."""
    commitment = visible_commitment(request, commitment_id)
    form = EndForm(request.POST, auto_id=f"id_{commitment.pk}_%s")
    if form.is_valid():
        on, by, at = form.cleaned_data["on"], request.user, clock.now()
        if attempted(form, lambda: committing.release(commitment_id=commitment.pk, on=on, by=by, at=at)):
            return done(request, _("It ends on that day."), "scoring:commitments", commitment.version.agreement_id)
    return _list(request, commitment.version.agreement, status=422, ending=(commitment.pk, form))


@page_for(Action.OCCURRENCE_STATE)
@require_GET
def everywhere(request: StaffRequest) -> HttpResponse:
    """What falls due, what waits for a word, what is proposed: over all agreements of the office."""
    show = request.GET.get("show", "")
    show = show if show in ("answer", "proposed") else "due"
    if show == "proposed":
        found: Any = desk.proposals_to_answer(request.user).select_related("version__agreement", "party__country", "party__organisation")
        page = paginate(found, request, order=("proposed_at", "id"))
    else:
        rows = desk.to_be_answered(request.user) if show == "answer" else desk.owed_soon(request.user, clock.now())
        page = paginate(
            rows.select_related("commitment__version__agreement", "party__country", "party__organisation"), request, order=("due_on", "id")
        )
    return render(request, "scoring/everywhere.html", {"page": page, "show": show, "today": timezone.localdate()})
