"""A review: a request is taken in whenever it comes, and a team hears the case again. It replaces nothing: both decisions stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.screening import procedure
from saphan.care.screening.codes import Asker, RequestForm
from saphan.care.screening.models import Hearing, ReviewRequest
from saphan.care.screening.states import HEARING_LIFE, REQUEST_LIFE, RequestState
from saphan.care.screening.teams import LONGEST, Call, locked, new_hearing, refuse_unready
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.sealing import seal


@transaction.atomic
def take_in(*, hearing_id: UUID, asked_by: str, form: str, reason: str, received_at: datetime, by: User, at: datetime) -> ReviewRequest:
    """A request for review is taken in. A late one is marked, never refused: the team decides upon it. Its clock runs from the day it came."""
    hearing = locked(hearing_id)
    require(by, Action.REVIEW_TAKE_IN, hearing)
    HEARING_LIFE.target("take_in", hearing.state)
    if hearing.requests.filter(state=RequestState.RECEIVED).exists() or Hearing.objects.filter(review_of=hearing).exists():
        raise WrongState(_("A review of this decision was already asked for."))
    _refuse_unfit(hearing, asked_by, form, reason, received_at, at)
    late = hearing.review_until is not None and received_at > hearing.review_until
    request = ReviewRequest(
        hearing=hearing, asked_by=asked_by, form=form, received_at=received_at, taken_by=by, late=late,
        due_at=procedure.due_after(received_at, "review_asked", hearing.person_id),
    )  # fmt: skip
    seal(request, org=by.org_id, reason=reason.strip()[:LONGEST])
    request.save(force_insert=True)
    record(
        by=by, action=Action.REVIEW_TAKE_IN, target=hearing, subject=hearing.person_id, at=at, fields=["asked_by", "form", "received_at", "reason"]
    )
    procedure.tell(hearing.person, procedure.review_asked, by=by, at=at)
    return request


def _refuse_unfit(hearing: Hearing, asked_by: str, form: str, reason: str, received_at: datetime, at: datetime) -> None:
    wrong = {}
    if asked_by not in Asker:
        wrong["asked_by"] = _("Say who asks.")
    if form not in RequestForm:
        wrong["form"] = _("Say in which form it came.")
    if not reason.strip():
        wrong["reason"] = _("Write down what was said, in the person's words where possible. One sentence is enough.")
    if received_at > at + procedure.TOLERATED or (hearing.decided_at and received_at < hearing.decided_at):
        wrong["received_on"] = _("The day lies between the decision and today.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def withdraw(*, request_id: UUID, by: User, at: datetime) -> ReviewRequest:
    """Whoever asked takes the request back. It can be made again."""
    request = ReviewRequest.objects.select_for_update(of=("self",)).select_related("hearing__person").filter(pk=request_id).first()
    if request is None:
        raise NotFound
    require(by, Action.REVIEW_TAKE_IN, request.hearing)
    request.state, request.ended_at = REQUEST_LIFE.target("withdraw", request.state), at
    request.save(update_fields=["state", "ended_at"])
    record(by=by, action=Action.REVIEW_TAKE_IN, target=request.hearing, subject=request.hearing.person_id, at=at, fields=["state"])
    return request


@transaction.atomic
def review(*, hearing_id: UUID, call: Call, by: User, at: datetime) -> Hearing:
    """A team is called to hear the case again upon a request. The first decision stands, and stays beside the second."""
    hearing = locked(hearing_id)
    require(by, Action.HEARING_REVIEW, hearing)
    HEARING_LIFE.target("review", hearing.state)
    request = hearing.requests.filter(state=RequestState.RECEIVED).first()
    if request is None:
        raise WrongState(_("Take the request in first: who asks, when and why."))
    refuse_unready(hearing.interview, call, at)
    again = new_hearing(hearing.interview, call, hearing.services_began_on, due_at=request.due_at, by=by, at=at, review_of=hearing)
    request.state, request.ended_at = REQUEST_LIFE.target("convene", request.state), at
    request.save(update_fields=["state", "ended_at"])
    record(by=by, action=Action.HEARING_REVIEW, target=hearing, subject=hearing.person_id, at=at, fields=["review", "members"])
    procedure.tell(hearing.person, procedure.convened, by=by, at=at)
    return again


def sat_before(hearing: Hearing, members: Sequence[User]) -> list[User]:
    """Those of a new team who sat in this hearing already: others are better where there are others."""
    known = set(hearing.members.values_list("user_id", flat=True))
    return [member for member in members if member.pk in known]
