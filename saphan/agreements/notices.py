"""Dates that come near: the end of an agreement, the last day to give notice or renew, a review."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import NoticeKind
from saphan.agreements.models import Agreement, Notice
from saphan.agreements.registering import locked
from saphan.agreements.states import NOTICE, NoticeState
from saphan.audit.services import record
from saphan.core.errors import NotFound
from saphan.core.upkeep import chore

# How long before the day it is said.
AHEAD = {NoticeKind.EXPIRY: timedelta(days=180), NoticeKind.RENEWAL: timedelta(days=90), NoticeKind.REVIEW: timedelta(days=60)}


@chore("notices of agreements")
@transaction.atomic
def raise_notices(at: datetime) -> int:
    """Says each date once, when it comes near. Returns how many were new."""
    today = timezone.localdate(at)
    found = [
        Notice(agreement=agreement, kind=kind, due_on=day, raised_at=at)
        for agreement in Agreement.objects.filter(kept_by__isnull=False)
        for kind, day in _dates_of(agreement)
        if day - AHEAD[kind] <= today
    ]
    _forget_moved(found)
    before = Notice.objects.count()
    Notice.objects.bulk_create(found, ignore_conflicts=True)
    return Notice.objects.count() - before


def _forget_moved(found: list[Notice]) -> None:
    """A date that was changed is no date any more: what was said of it and not yet settled goes."""
    still = {(notice.agreement.pk, notice.kind, notice.due_on) for notice in found}
    said = Notice.objects.filter(state=NoticeState.OPEN)
    gone = [notice.pk for notice in said if (notice.agreement_id, notice.kind, notice.due_on) not in still]
    Notice.objects.filter(pk__in=gone).delete()


def _dates_of(agreement: Agreement) -> Iterator[tuple[NoticeKind, date]]:
    if agreement.expires_on:
        yield NoticeKind.EXPIRY, agreement.expires_on
        if agreement.notice_days:
            yield NoticeKind.RENEWAL, agreement.expires_on - timedelta(days=agreement.notice_days)
    if agreement.review_on:
        yield NoticeKind.REVIEW, agreement.review_on


@transaction.atomic
def settle_notice(*, notice_id: UUID, remark: str, by: User, at: datetime) -> Notice:
    """Somebody has looked at it and says what comes of it."""
    agreement_id = Notice.objects.filter(pk=notice_id).values_list("agreement", flat=True).first()
    if agreement_id is None:
        raise NotFound
    require(by, Action.AGREEMENT_SETTLE, locked(agreement_id))
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    notice.state, notice.settled_at, notice.settled_by, notice.remark = NOTICE.target("settle", notice.state), at, by, remark
    notice.save(update_fields=["state", "settled_at", "settled_by", "remark"])
    record(by=by, action=Action.AGREEMENT_SETTLE, target=notice, at=at, fields=["remark"])
    return notice
