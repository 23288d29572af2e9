"""What an officer does with an inquiry: take it, answer, note, tag, close, join, part, hand over."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.attachments import Inspected
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.ids import new_id, new_reference, permanent_name
from saphan.core.sealing import seal, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.asking import add_entry
from saphan.portal.inquiries.duetimes import due_time
from saphan.portal.inquiries.figures import count, count_first_answer
from saphan.portal.inquiries.models import Entry, File, HandOver, Inquiry, Presence, Tag, Way
from saphan.portal.inquiries.states import LIFE, State
from saphan.portal.mailroom.posting import letter_id, post
from saphan.releases.reports import seal_report

TAGS_AT_MOST = 10


def locked(inquiry_id: UUID, by: User) -> Inquiry:
    """The inquiry, held until the transaction ends. Raises NotFound for one that this account may not see."""
    inquiry = Inquiry.objects.visible_to(by).select_for_update().filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NotFound
    return inquiry


@transaction.atomic
def assign(*, inquiry_id: UUID, to: User | None, by: User, at: datetime) -> Inquiry:
    """An officer takes it, gives it to a colleague, or gives it back to all."""
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_ASSIGN, inquiry)
    if to is not None and Action.INQUIRY_REPLY not in to.acts:
        raise Invalid(fields={"to": _("Only officers of the Inquiry Corner take inquiries.")})
    inquiry.assigned_to = to
    if to is not None and inquiry.state == State.NEW:
        inquiry.state = LIFE.target("take", inquiry.state)
    inquiry.save(update_fields=["assigned_to", "state"])
    record(by=by, action=Action.INQUIRY_ASSIGN, target=inquiry, at=at)
    return inquiry


@transaction.atomic
def reply(*, inquiry_id: UUID, text: str, version: int, by: User, at: datetime, waits: bool = False, files: Sequence[Inspected] = ()) -> Entry:
    """Answers, or asks back (`waits`: the next word is the asker's). By mail where that was chosen, and on the page of the return code.

    Raises Outdated when somebody added a word after the page was opened: nothing is sent, and the officer sees that word first.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_REPLY, inquiry)
    if inquiry.version != version:
        raise Outdated(_("Something was added to this inquiry while you were writing. Read it first; your words are kept below."))
    inquiry.state = LIFE.target("ask_back" if waits else "answer", inquiry.state)
    by_mail = inquiry.way == Way.MAIL
    entry = add_entry(inquiry, Entry.Kind.OUT, text, at=at, files=files, by=by, by_mail=by_mail, fate=Entry.Fate.WAITING if by_mail else "")
    if inquiry.answered_at is None:
        inquiry.answered_at = at
        count_first_answer(inquiry, at)
    inquiry.assigned_to = inquiry.assigned_to or by
    inquiry.due_at = inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "answered_at", "assigned_to", "due_at", "escalated_at"])
    record(by=by, action=Action.INQUIRY_REPLY, target=inquiry, at=at)
    Presence.objects.filter(inquiry=inquiry, user=by).delete()
    if by_mail:
        Entry.objects.filter(pk=entry.pk).update(message_id=letter_id("inquiries.reply", str(entry.pk)))
        post("inquiries.reply", str(entry.pk))
    return entry


@transaction.atomic
def note(*, inquiry_id: UUID, text: str, by: User, at: datetime) -> Entry:
    """Writes something that only the office sees."""
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_NOTE, inquiry)
    entry = add_entry(inquiry, Entry.Kind.NOTE, text, at=at, by=by)
    record(by=by, action=Action.INQUIRY_NOTE, target=inquiry, at=at)
    return entry


@transaction.atomic
def tag(*, inquiry_id: UUID, words: Sequence[str], by: User, at: datetime) -> Inquiry:
    """Makes the tags of an inquiry these words."""
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_TAG, inquiry)
    wanted = sorted({word.strip().lower()[:30] for word in words if word.strip()})
    if len(wanted) > TAGS_AT_MOST:
        raise Invalid(fields={"tags": _("At most ten tags.")})
    inquiry.tags.exclude(word__in=wanted).delete()
    Tag.objects.bulk_create([Tag(inquiry=inquiry, word=word) for word in wanted], ignore_conflicts=True)
    record(by=by, action=Action.INQUIRY_TAG, target=inquiry, at=at)
    return inquiry


@transaction.atomic
def close(*, inquiry_id: UUID, by: User, at: datetime) -> Inquiry:
    """Nothing more is to be done; the asker's next word opens it again."""
    return _moved(inquiry_id, "close", by, at)


@transaction.atomic
def reopen(*, inquiry_id: UUID, by: User, at: datetime) -> Inquiry:
    """It was closed too early."""
    return _moved(inquiry_id, "reopen", by, at)


@transaction.atomic
def reject(*, inquiry_id: UUID, by: User, at: datetime) -> Inquiry:
    """It is an advertisement or the like."""
    return _moved(inquiry_id, "reject", by, at)


def _moved(inquiry_id: UUID, verb: str, by: User, at: datetime) -> Inquiry:
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_CLOSE, inquiry)
    inquiry.state = LIFE.target(verb, inquiry.state)
    inquiry.due_at = at + due_time(inquiry.kind, danger=inquiry.danger).span if inquiry.state == State.OPEN else None
    inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "due_at", "escalated_at"])
    record(by=by, action=Action.INQUIRY_CLOSE, target=inquiry, at=at, purpose=verb)
    return inquiry


@transaction.atomic
def merge(*, inquiry_id: UUID, into_reference: str, reason: str, by: User, at: datetime) -> Inquiry:
    """The asker asked twice: this inquiry goes on in another one, whose thread gets its words.

    Both must have the same contact, or a reason says why they are one person's. A return code of the joined one leads to the other no more:
    its holder is told there.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_MERGE, inquiry)
    target = Inquiry.objects.visible_to(by).select_for_update().filter(reference=into_reference.strip().upper()).first()
    if target is None or target.pk == inquiry.pk or target.state in (State.MERGED, State.HANDED_OVER, State.SPAM):
        raise Invalid(fields={"into": _("There is no other open inquiry with this reference.")})
    if not _same_contact(inquiry, target) and not reason.strip():
        raise Invalid(fields={"reason": _("The contacts differ. Write how you know that it is the same person.")})
    for entry in inquiry.entries.exclude(kind=Entry.Kind.AUTO):
        text = unseal(entry, "text", org=PORTAL)["text"] or ""
        add_entry(target, entry.kind, text, at=entry.at, by=entry.by, by_mail=entry.by_mail)
    if reason.strip():
        add_entry(target, Entry.Kind.NOTE, reason.strip(), at=at, by=by)
    inquiry.state, inquiry.merged_into, inquiry.due_at = LIFE.target("merge", inquiry.state), target, None
    inquiry.save(update_fields=["state", "merged_into", "due_at"])
    Inquiry.objects.filter(pk=target.pk).update(last_at=at)
    record(by=by, action=Action.INQUIRY_MERGE, target=inquiry, at=at, subject=target.pk)
    return target


def _same_contact(one: Inquiry, other: Inquiry) -> bool:
    mine, theirs = (unseal(inquiry, "email", org=PORTAL)["email"] for inquiry in (one, other))
    return bool(mine) and (mine or "").lower() == (theirs or "").lower()


@transaction.atomic
def split(*, inquiry_id: UUID, entry_id: UUID, subject: str, by: User, at: datetime) -> Inquiry:
    """Two questions stood in one: a word of the asker becomes an inquiry of its own, answered in the same way by mail."""
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_SPLIT, inquiry)
    entry = inquiry.entries.filter(pk=entry_id, kind=Entry.Kind.IN).first()
    if entry is None:
        raise NotFound
    if inquiry.way == Way.CODE:
        raise Invalid(_("The asker of this inquiry has one return code, which leads to one thread. Answer both questions in it."))
    part = Inquiry(
        id=new_id(), reference=new_reference("IQ"), thread=permanent_name(new_id()), kind=inquiry.kind, language=inquiry.language, country=inquiry.country,
        way=inquiry.way, danger=inquiry.danger, state=State.OPEN, begun_at=at, received_at=at, last_at=at, risk_told_at=inquiry.risk_told_at,
        due_at=at + due_time(inquiry.kind, danger=inquiry.danger).span, assigned_to=by, split_from=inquiry,
    )  # fmt: skip
    contact = unseal(inquiry, "email", "name", org=PORTAL)
    seal(part, org=PORTAL, subject=subject, **contact)
    part.save(force_insert=True)
    add_entry(part, Entry.Kind.IN, unseal(entry, "text", org=PORTAL)["text"] or "", at=entry.at)
    add_entry(inquiry, Entry.Kind.NOTE, _("A question of this thread is answered in %(reference)s.") % {"reference": part.reference}, at=at, by=by)
    count("came", part, at)
    record(by=by, action=Action.INQUIRY_SPLIT, target=part, at=at, subject=inquiry.pk)
    return part


def parcel_of(inquiry: Inquiry, *, text: str, safe_contact: str) -> dict[str, str]:
    """Exactly what would cross to casework; shown to the officer before it goes."""
    told = {
        "text": text,
        "safe_contact": safe_contact,
        "country": inquiry.country,
        "language": inquiry.language,
        "danger": "yes" if inquiry.danger else "unknown",
    }
    return {name: value for name, value in told.items() if value}


@transaction.atomic
def hand_over(*, inquiry_id: UUID, text: str, safe_contact: str, agreed_on: date, agreed_how: str, by: User, at: datetime) -> HandOver:
    """A person at risk wrote, and agreed to be taken over: the report is sealed to casework's key and leaves by the inward door.

    What stood in the thread is destroyed here at once, except that the asker with a return code reads that casework has it.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_HAND_OVER, inquiry)
    body = parcel_of(inquiry, text=text, safe_contact=safe_contact)
    report = seal_report(kind="concern", body=body, at=at)
    inquiry.state = LIFE.target("hand_over", inquiry.state)
    inquiry.due_at = inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "due_at", "escalated_at"])
    done = HandOver.objects.create(
        inquiry=inquiry, asked_by=by, agreed_on=agreed_on, agreed_how=agreed_how, fields=sorted(body), report=report.pk, at=at
    )
    File.objects.filter(entry__inquiry=inquiry).delete()
    inquiry.entries.all().delete()
    _forget_contact(inquiry)
    count("handed_over", inquiry, at)
    record(by=by, action=Action.INQUIRY_HAND_OVER, target=inquiry, at=at, fields=sorted(body))
    return done


def _forget_contact(inquiry: Inquiry) -> None:
    """Contact, name and files of a thread that casework has now; the subject is replaced by words that say nothing."""
    from saphan.core.attachments import destroy_attachments

    destroy_attachments(inquiry.pk)
    inquiry.email = inquiry.name = inquiry.comment = None
    seal(inquiry, org=PORTAL, subject=_("Handed over"))
    inquiry.save(update_fields=["email", "name", "comment", "subject"])
