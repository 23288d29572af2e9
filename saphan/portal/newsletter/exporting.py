"""Takes the list of subscribers out of the house: asked for with a reason, agreed to by a second person, taken once within a day."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.sealing import unseal_many
from saphan.core.spreadsheet import safe_cell
from saphan.core.upkeep import chore
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.newsletter.models import Export, Subscriber
from saphan.portal.newsletter.states import EXPORT, ExportState

OPEN_FOR, TAKEN_WITHIN = timedelta(days=7), timedelta(hours=24)
A_MONTH, MONTH = 2, timedelta(days=30)  # lists that leave the house at most
HANDFUL = 1000
HEAD = [
    "address", "language", "countries", "topics", "discreet", "state", "source", "asked_on", "confirmed_on", "consent", "consent_on", "consent_language",
]  # fmt: skip


@transaction.atomic
def ask_for(*, reason: str, by: User, at: datetime) -> Export:
    """Asks for the list. Raises Invalid without a reason."""
    require(by, Action.NEWSLETTER_EXPORT)
    if len(reason.strip()) < 10:
        raise Invalid("", {"reason": _("Say what the list is needed for, so that the second person can decide.")})
    export = Export.objects.create(reason=reason.strip(), asked_by=by, asked_at=at)
    record(by=by, action=Action.NEWSLETTER_EXPORT, target=export, at=at, fields=["reason"], purpose="asked")
    return export


@transaction.atomic
def approve(*, export_id: UUID, by: User, at: datetime) -> Export:
    """The second person agrees. Raises Refused for who asked, WrongState for a request that is no longer open."""
    export = _locked(export_id)
    require(by, Action.NEWSLETTER_APPROVE_EXPORT, export)
    if export.asked_at < at - OPEN_FOR:
        raise WrongState(_("This request has lapsed. Ask again."))
    export.state = EXPORT.target("approve", export.state)
    export.approved_by, export.approved_at = by, at
    export.save(update_fields=["state", "approved_by", "approved_at"])
    record(by=by, action=Action.NEWSLETTER_APPROVE_EXPORT, target=export, at=at)
    return export


@transaction.atomic
def take(*, export_id: UUID, by: User, at: datetime) -> str:
    """The list as CSV, once. Raises Refused for another than who asked, WrongState after a day, without approval or beyond the quota."""
    _one_after_the_other()
    export = _locked(export_id)
    require(by, Action.NEWSLETTER_EXPORT, export)
    state = EXPORT.target("take", export.state)
    if export.approved_at is None or export.approved_at < at - TAKEN_WITHIN:
        raise WrongState(_("The approval was valid for a day. Ask again."))
    if Export.objects.filter(state=ExportState.TAKEN, taken_at__gt=at - MONTH).count() >= A_MONTH:
        raise WrongState(_("Two lists have left the house within thirty days. No further one may."))
    export.state, export.taken_at = state, at
    export.save(update_fields=["state", "taken_at"])
    record(by=by, action=Action.NEWSLETTER_EXPORT, target=export, at=at, fields=["email", "consent_words"], purpose="taken")
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(_table())
    return out.getvalue()


def _table() -> Iterator[list[str]]:
    yield HEAD
    rows = list(Subscriber.objects.order_by("pk")[:HANDFUL])
    while rows:
        opened = unseal_many(rows, "email", "consent_words", org=PORTAL)
        for row, told in zip(rows, opened, strict=True):
            yield [safe_cell(cell) for cell in _cells(row, told)]
        rows = list(Subscriber.objects.filter(pk__gt=rows[-1].pk).order_by("pk")[:HANDFUL])


def _cells(row: Subscriber, told: dict[str, str | None]) -> list[object]:
    consent = told["consent_words"] or f"text {row.consent_version}"
    days = (row.asked_at, row.confirmed_at, row.consented_at)
    asked, confirmed, consented = (timezone.localdate(day).isoformat() if day else "" for day in days)
    choices = [" ".join([row.language, *row.more_languages]), " ".join(row.countries), " ".join(row.topics), "yes" if row.discreet else "no"]
    return [told["email"] or "", *choices, row.state, row.source, asked, confirmed, consent, consented, row.consent_language]


def _one_after_the_other() -> None:
    """Who takes a list waits for whoever takes one now: both would count the quota before either is in it. All lock the same rows in the same order."""
    list(Export.objects.select_for_update().exclude(state=ExportState.LAPSED).order_by("pk").values_list("pk"))


def _locked(export_id: UUID) -> Export:
    export = Export.objects.select_for_update().filter(pk=export_id).first()
    if export is None:
        raise NotFound
    return export


@chore("newsletter lists")
def lapse(at: datetime) -> int:
    """Ends requests that nobody agreed to within a week, and approvals of yesterday; answers how many."""
    asked = Export.objects.filter(state=ExportState.ASKED, asked_at__lt=at - OPEN_FOR)
    approved = Export.objects.filter(state=ExportState.APPROVED, approved_at__lt=at - TAKEN_WITHIN)
    return sum(rows.update(state=EXPORT.target("lapse", state)) for rows, state in ((asked, ExportState.ASKED), (approved, ExportState.APPROVED)))
