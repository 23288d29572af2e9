"""Answers that come back by mail, and answers of ours that are late."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from saphan.audit.services import record
from saphan.core.attachments import Inspected, inspect_upload
from saphan.core.errors import Invalid, NotFound
from saphan.core.sealing import unseal
from saphan.core.upkeep import chore
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.asking import FILES_BY_MAIL, add_entry, write_again
from saphan.portal.inquiries.bonds import end_of
from saphan.portal.inquiries.duetimes import due_time
from saphan.portal.inquiries.letters import ROOM, tell_officers, tell_overseers
from saphan.portal.inquiries.models import Entry, Inquiry
from saphan.portal.inquiries.states import State
from saphan.portal.mailroom.taking import Incoming, taker


@taker(ROOM)
@transaction.atomic
def take(token: str, incoming: Incoming) -> None:
    """An asker answers a letter of ours. What a program wrote is noted and opens nothing; another sender's address is marked, not trusted."""
    inquiry = Inquiry.objects.select_for_update().filter(thread=token).first()
    if inquiry is None:
        return  # erased meanwhile: nothing is kept of what comes later
    if end_of(inquiry).state in (State.HANDED_OVER, State.SPAM):
        return  # casework has the person's contact, and no thread goes on here
    if incoming.is_auto:
        add_entry(inquiry, Entry.Kind.AUTO, incoming.text, at=incoming.received_at, by_mail=True, message_id=incoming.message_id)
        return
    known = (unseal(inquiry, "email", org=PORTAL)["email"] or "").lower()
    files, left = _files(incoming)
    text = incoming.text or incoming.history
    if left:
        text += "\n\n" + _("(%(n)d files of this letter were not taken: they are of a kind or size that is not allowed.)") % {"n": left}
    try:
        write_again(
            inquiry_id=inquiry.pk, text=text, at=incoming.received_at, files=files, by_mail=True,
            other_sender=incoming.sender.lower() != known, message_id=incoming.message_id,
        )  # fmt: skip
    except NotFound:
        return  # what it was joined to has ended so


def _files(incoming: Incoming) -> tuple[list[Inspected], int]:
    """The files that may be kept, and how many may not."""
    kept, left = [], 0
    for one in incoming.files[:FILES_BY_MAIL]:
        try:
            kept.append(inspect_upload(ContentFile(one.content, name=one.name)))
        except Invalid:
            left += 1
    return kept, left + max(0, len(incoming.files) - FILES_BY_MAIL)


@chore("inquiry clocks", every=timedelta(minutes=5))
def escalate(at: datetime) -> int:
    """Takes a late inquiry from whoever has it, and says so to all officers and to those above them, once for each; returns how many are late.

    They who had the first alert and did not act are not the only ones to hear of it: the overseers see it on *My day*, without its words,
    and give it to somebody.
    """
    late = 0
    for inquiry in Inquiry.objects.overdue(at).filter(escalated_at=None):
        beyond = timedelta(hours=due_time(inquiry.kind, danger=inquiry.danger).escalate_after)
        if inquiry.due_at and at >= inquiry.due_at + beyond:
            with transaction.atomic():
                if Inquiry.objects.filter(pk=inquiry.pk, escalated_at=None).update(escalated_at=at, assigned_to=None):
                    record(by=None, action="inquiries:escalate", target=inquiry, at=at, fields=["assigned_to"] if inquiry.assigned_to_id else [])
                    tell_officers(f"late {inquiry.pk} {inquiry.due_at:%Y%m%d%H}")
                    tell_overseers(f"oversee {inquiry.pk} {inquiry.due_at:%Y%m%d%H}")
                    late += 1
    return late
