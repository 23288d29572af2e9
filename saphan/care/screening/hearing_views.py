"""Screens of the team: the list, convening, the hearing with its votes, the decision and its letter."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.care.persons.disclosure import reveal, reveal_many
from saphan.care.screening import decisions, results, selectors
from saphan.care.screening.codes import OUTCOME_TONES, Conflict, Outcome
from saphan.care.screening.forms import ConveneForm, DecideForm, DeclareForm, HearingFilter, ReviewForm, VoteForm
from saphan.care.screening.models import Hearing, Member, Vote
from saphan.care.screening.reference import STANDARD_QUORUM, open_services, quorum_rules
from saphan.care.screening.states import HearingState
from saphan.care.screening.views import add_errors, record_reading, visible_interview
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.HEARING_LIST)
@require_GET
def list_hearings(request: StaffRequest) -> HttpResponse:
    """Hearings to which the worker was called, and those of the files the worker takes part in."""
    filters = HearingFilter(request.GET)
    filters.is_valid()
    found = Hearing.objects.visible_to(request.user).select_related("person", "org")
    if state := filters.cleaned_data.get("state"):
        found = found.filter(state=state)
    if filters.cleaned_data.get("waiting"):
        found = found.waiting_for_vote_of(request.user)
    page = paginate(found, request, order=("-convened_at", "-id"))
    return render(request, "screening/hearings.html", {"page": page, "filters": filters})


@page_for(Action.HEARING_CONVENE)
@require_http_methods(["GET", "POST"])
@once
def convene(request: StaffRequest, interview_id: UUID) -> HttpResponse:
    """Calls the team together upon a completed interview."""
    interview = visible_interview(request, interview_id)
    require(request.user, Action.HEARING_CONVENE, interview.person)
    form = ConveneForm(request.POST or None, team=selectors.team_members())
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            hearing = decisions.convene(
                interview_id=interview.pk,
                members=list(chosen["members"]),
                services_began_on=chosen["services_began_on"],
                by=request.user,
                at=clock.now(),
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Hearing %(reference)s is convened.") % {"reference": hearing.reference})
            return redirect("screening:hearing", hearing.pk)
    context = {"interview": interview, "form": form, "rule": quorum_rules()[STANDARD_QUORUM]}
    return render(request, "screening/convene.html", context, status=422 if request.method == "POST" else 200)


def _visible(request: StaffRequest, hearing_id: UUID) -> Hearing:
    found = Hearing.objects.visible_to(request.user).select_related(
        "person", "org", "interview__version__instrument", "convened_by", "decided_by", "review_of"
    )
    hearing = found.filter(pk=hearing_id).first()
    if hearing is None:
        raise Http404
    hearing.interview.person = hearing.person
    return hearing


@page_for(Action.HEARING_READ)
@require_GET
def detail(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A hearing: the minimum file, the clocks, the team, and what stands against deciding."""
    return _page(request, _visible(request, hearing_id))


@page_for(Action.HEARING_VOTE)
@require_POST
@once
def declare(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A member says whether there is a conflict of interest."""
    hearing = _visible(request, hearing_id)
    form = DeclareForm(request.POST)
    if not form.is_valid():
        return _page(request, hearing, declare=form, status=422)
    seat = decisions.declare(hearing_id=hearing.pk, conflict=form.cleaned_data["conflict"], by=request.user, at=clock.now())
    if seat.conflict == Conflict.CONFLICT:
        messages.success(request, _("Noted for %(reference)s: the file is closed to you.") % {"reference": hearing.reference})
        return redirect("screening:hearings")
    messages.success(request, _("Noted for %(reference)s.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_VOTE)
@require_POST
@once
def vote(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """A member votes, with a reason."""
    hearing = _visible(request, hearing_id)
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            decisions.vote(
                hearing_id=hearing.pk, choice=form.cleaned_data["choice"], reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("Your vote in %(reference)s is kept. You may change it until the decision.") % {"reference": hearing.reference}
            )
            return redirect("screening:hearing", hearing.pk)
    require(request.user, Action.HEARING_VOTE, hearing)
    return _page(request, hearing, vote=form, status=422)


@page_for(Action.HEARING_DECIDE)
@require_POST
@once
def decide(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """Writes down what the team's majority decided."""
    hearing = _visible(request, hearing_id)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, hearing, decide=form, status=422)
    decisions.decide(hearing_id=hearing.pk, summary=form.cleaned_data["summary"], by=request.user, at=clock.now())
    messages.success(request, _("The decision of %(reference)s is written down.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_CONVENE)
@require_POST
@once
def cancel(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The hearing will not take place."""
    hearing = _visible(request, hearing_id)
    decisions.cancel(hearing_id=hearing.pk, by=request.user, at=clock.now())
    messages.success(request, _("Hearing %(reference)s is cancelled.") % {"reference": hearing.reference})
    return redirect("screening:hearing", hearing.pk)


@page_for(Action.HEARING_REVIEW)
@require_http_methods(["GET", "POST"])
@once
def review(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The person asks that a team hears the case again."""
    hearing = _visible(request, hearing_id)
    form = ReviewForm(request.POST or None, team=selectors.team_members())
    if request.method == "POST" and form.is_valid():
        try:
            again = decisions.review(hearing_id=hearing.pk, members=list(form.cleaned_data["members"]), by=request.user, at=clock.now())
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Review %(reference)s is convened.") % {"reference": again.reference})
            return redirect("screening:hearing", again.pk)
    return render(request, "screening/review.html", {"hearing": hearing, "form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.HEARING_READ)
@require_GET
def letter(request: StaffRequest, hearing_id: UUID) -> HttpResponse:
    """The decision as a letter in the person's language: alias and reference only."""
    hearing = _visible(request, hearing_id)
    if hearing.state != HearingState.DECIDED:
        raise Http404
    record_reading(request, Action.HEARING_READ, hearing, hearing.person_id)
    wanted = request.GET.get("lang") or hearing.person.language
    language = wanted if wanted in ("en", "th") else translation.get_language()  # the interpreter reads it in the worker's language
    with translation.override(language):
        services = open_services()
    context = {
        "hearing": hearing,
        "services": services,
        "identified": hearing.outcome == Outcome.IDENTIFIED,
        "letter_language": language,
        "spoken": hearing.person.get_language_display(),
        "same": hearing.person.language == language,
    }
    return render(request, "screening/letter.html", context)


def _page(request: StaffRequest, hearing: Hearing, *, status: int = 200, **forms: Form) -> HttpResponse:
    at = clock.now()
    seats = list(hearing.members.select_related("user", "agency").order_by("agency__name_en", "user__name"))
    own = next((s for s in seats if s.user_id == request.user.pk), None)
    knows = selectors.may_know(request.user, hearing.person)
    decided = hearing.state == HearingState.DECIDED
    tally = decisions.tally_of(hearing)
    if not knows:
        record_reading(request, Action.HEARING_READ, hearing, hearing.person_id)
    last = own.votes.last() if own else None
    context = {
        "hearing": hearing,
        "seats": _seats(seats),
        "own": own,
        "tally": tally,
        "decided": decided,
        "knows": knows,
        "last": last,
        "counts": [(Outcome(code).label, number) for code, number in tally.counts.items()],
        "reading": _reading(request, hearing) if knows else None,
        "clocks": selectors.clocks_of(hearing),
        "other_clocks": selectors.clocks_without_start(),
        "reasons": _reasons(request, hearing, seats) if knows and decided else [],
        "summary": reveal(hearing, "summary", by=request.user, at=at)["summary"] if knows and decided else "",
        "outcome_tone": OUTCOME_TONES[Outcome(hearing.outcome)] if decided else "",
        "services": open_services() if decided else [],
        "review": Hearing.objects.filter(review_of=hearing).first() if decided else None,
        "review_open": decided and hearing.review_until and at <= hearing.review_until,
        "may_decide": check(request.user, Action.HEARING_DECIDE, hearing),
        "may_cancel": check(request.user, Action.HEARING_CONVENE, hearing),
        "may_review": check(request.user, Action.HEARING_REVIEW, hearing),
        "declare_form": forms.get("declare") or DeclareForm(),
        "decide_form": forms.get("decide") or DecideForm(),
        "vote_form": forms.get("vote") or VoteForm(initial={"choice": last.choice} if last else None),
    }
    return render(request, "screening/hearing.html", context, status=status)


def _seats(seats: list[Member]) -> list[tuple[Member, bool]]:
    voted = set(Vote.objects.filter(member__in=seats).values_list("member_id", flat=True))
    return [(seat, seat.pk in voted) for seat in seats]


def _reading(request: StaffRequest, hearing: Hearing) -> results.Reading:
    kept = results.stored(hearing.interview, by=request.user, at=clock.now())
    return results.read_aloud(kept, selectors.asked_questions(hearing.interview))


def _reasons(request: StaffRequest, hearing: Hearing, seats: list[Member]) -> list[tuple[Member, Vote, str]]:
    """The votes that counted, with their reasons: also those of the minority."""
    last = [(seat, vote) for seat in seats if seat.conflict != Conflict.CONFLICT and (vote := seat.votes.last())]
    for seat, vote in last:
        seat.hearing, vote.member = hearing, seat
    opened = reveal_many([vote for _seat, vote in last], "reason", by=request.user, at=clock.now())
    return [(seat, vote, values["reason"] or "") for (seat, vote), values in zip(last, opened, strict=True)]
