"""What an officer does with an inquiry: take it, answer, note, tag, close, join, part, hand over."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.attachments import Inspected, destroy_attachments, open_attachment
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.ids import new_id, new_reference, permanent_name
from saphan.core.models import Attachment
from saphan.core.scanner import Finding
from saphan.core.sealing import seal, shred, unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.asking import add_entry
from saphan.portal.inquiries.bonds import entry_of, held_together
from saphan.portal.inquiries.duetimes import due_by
from saphan.portal.inquiries.figures import count, count_first_answer
from saphan.portal.inquiries.models import Draft, Entry, File, HandOver, Inquiry, Presence, Tag, Way
from saphan.portal.inquiries.presence import leave
from saphan.portal.inquiries.states import LIFE, TO_ANSWER, State
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
def give_late(*, inquiry_id: UUID, to: User, by: User, at: datetime) -> Inquiry:
    """Somebody above the officers gives one of them an inquiry that nobody has answered in time. Its words stay closed to who gives it.

    Raises NotFound for one that is not very late, and for whoever sees to none.
    """
    inquiry = Inquiry.very_late.visible_to(by).select_for_update().filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NotFound
    require(by, Action.INQUIRY_OVERSEE, inquiry)
    if Action.INQUIRY_REPLY not in to.acts:
        raise Invalid(fields={"to": _("Only officers of the Inquiry Corner take inquiries.")})
    inquiry.assigned_to = to
    inquiry.state = LIFE.target("take", inquiry.state) if inquiry.state == State.NEW else inquiry.state
    inquiry.save(update_fields=["assigned_to", "state"])
    record(by=by, action=Action.INQUIRY_OVERSEE, target=inquiry, at=at, fields=["assigned_to"])
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
    leave(inquiry, by)
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
def raise_danger(*, inquiry_id: UUID, by: User, at: datetime) -> Inquiry:
    """An officer reads that somebody may be in danger, though no word of the list stood there: the short clock runs from now."""
    return _marked(inquiry_id, True, by, at)


@transaction.atomic
def lower_danger(*, inquiry_id: UUID, by: User, at: datetime) -> Inquiry:
    """An officer has read it: nobody is in danger. The usual clock runs from now."""
    return _marked(inquiry_id, False, by, at)


def _marked(inquiry_id: UUID, danger: bool, by: User, at: datetime) -> Inquiry:
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_TAG, inquiry)
    if inquiry.danger == danger:
        return inquiry
    inquiry.danger = danger
    if inquiry.state in TO_ANSWER:
        inquiry.due_at, inquiry.escalated_at = due_by(inquiry, at), None
    inquiry.save(update_fields=["danger", "due_at", "escalated_at"])
    record(by=by, action=Action.INQUIRY_TAG, target=inquiry, at=at, fields=["danger"])
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
    inquiry.due_at = due_by(inquiry, at) if inquiry.state == State.OPEN else None
    inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "due_at", "escalated_at"])
    record(by=by, action=Action.INQUIRY_CLOSE, target=inquiry, at=at, purpose=verb)
    return inquiry


@transaction.atomic
def merge(*, inquiry_id: UUID, into_reference: str, reason: str, by: User, at: datetime) -> Inquiry:
    """The asker asked twice: this inquiry goes on in another one, in whose thread its words are read, and its clock where somebody waits for us.

    Words and files stay under its own keys: when its asker erases it, nothing of it remains in the other thread. Both must have the same contact, or a reason says why they are one person's. Whoever has the return code of the joined one reads there
    in which inquiry the answer stands, and does not see the other thread. Who waits for an answer is joined only to where one reaches her.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_MERGE, inquiry)
    target = Inquiry.objects.visible_to(by).select_for_update().filter(reference=into_reference.strip().upper()).first()
    if target is None or target.pk == inquiry.pk or target.state in (State.MERGED, State.HANDED_OVER, State.SPAM):
        raise Invalid(fields={"into": _("There is no other open inquiry with this reference.")})
    if inquiry.way != target.way and (target.way == Way.NONE or inquiry.way == Way.MAIL):
        raise Invalid(fields={"into": _("The answer would not reach this asker there. Join the other into this one.")})
    if not _same_contact(inquiry, target) and not reason.strip():
        raise Invalid(fields={"reason": _("The contacts differ. Write how you know that it is the same person.")})
    told = _("%(reference)s was joined to this inquiry.") % {"reference": inquiry.reference}
    add_entry(target, Entry.Kind.NOTE, f"{told} {reason.strip()}".strip(), at=at, by=by, through=inquiry)
    _take_clock(target, inquiry)
    inquiry.state, inquiry.merged_into = LIFE.target("merge", inquiry.state), target
    inquiry.due_at = inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "merged_into", "due_at", "escalated_at"])
    Draft.objects.filter(inquiry=inquiry).delete()
    record(by=by, action=Action.INQUIRY_MERGE, target=inquiry, at=at, subject=target.pk)
    return target


def _take_clock(target: Inquiry, joined: Inquiry) -> None:
    """Where somebody waits for us in the joined inquiry, the other one is open and due no later; danger in one is danger in both."""
    if joined.state in TO_ANSWER:
        target.state = target.state if target.state in TO_ANSWER else LIFE.target("hear", target.state)
        target.due_at = min(filter(None, (target.due_at, joined.due_at)), default=None)
    target.danger = target.danger or joined.danger
    target.save(update_fields=["state", "due_at", "danger"])


def _same_contact(one: Inquiry, other: Inquiry) -> bool:
    mine, theirs = (unseal(inquiry, "email", org=PORTAL)["email"] for inquiry in (one, other))
    return bool(mine) and (mine or "").lower() == (theirs or "").lower()


@transaction.atomic
def split(*, inquiry_id: UUID, entry_id: UUID, subject: str, by: User, at: datetime) -> Inquiry:
    """Two questions stood in one: a word of the asker, with its files, becomes an inquiry of its own, answered in the same way.

    By mail its asker is told so at once, with the way to erase it. Raises WrongState while a file still waits for the virus scan.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_SPLIT, inquiry)
    entry = entry_of(inquiry, pk=entry_id, kind=Entry.Kind.IN)
    if entry is None:
        raise NotFound
    if inquiry.way == Way.CODE:
        raise Invalid(_("The asker of this inquiry has one return code, which leads to one thread. Answer both questions in it."))
    part = Inquiry(
        id=new_id(), reference=new_reference("IQ"), thread=permanent_name(new_id()), kind=inquiry.kind, language=inquiry.language, country=inquiry.country,
        way=inquiry.way, danger=inquiry.danger, state=State.OPEN, begun_at=at, received_at=at, last_at=at, risk_told_at=inquiry.risk_told_at,
        assigned_to=by, split_from=entry.through or entry.inquiry,
    )  # fmt: skip
    part.due_at = due_by(part, at)
    contact = unseal(inquiry, "email", "name", org=PORTAL)
    seal(part, org=PORTAL, subject=subject, **contact)
    part.save(force_insert=True)
    add_entry(part, Entry.Kind.IN, unseal(entry, "text", org=PORTAL)["text"] or "", at=entry.at, files=_files_of(entry))
    add_entry(inquiry, Entry.Kind.NOTE, _("A question of this thread is answered in %(reference)s.") % {"reference": part.reference}, at=at, by=by)
    count("came", part, at)
    record(by=by, action=Action.INQUIRY_SPLIT, target=part, at=at, subject=inquiry.pk)
    if part.way == Way.MAIL:
        post("inquiries.received", str(part.pk))
    return part


def _files_of(entry: Entry) -> list[Inspected]:
    """The files of a word, opened, to be kept once more under other keys; what the virus scan refused is left behind."""
    kept = [file.attachment for file in entry.files.select_related("attachment").exclude(attachment__state=Attachment.State.REFUSED)]
    return [
        Inspected(
            unseal(one, "name", org=PORTAL)["name"] or "",
            Attachment.Kind(one.kind),
            open_attachment(one, org=PORTAL),
            Finding.CLEAN if one.state == Attachment.State.CLEAN else Finding.ABSENT,
        )
        for one in kept
    ]


def parcel_of(inquiry: Inquiry, *, text: str, about: str, safe_contact: str, place: str = "") -> dict[str, str]:
    """Exactly what would cross to casework; shown to the officer before it goes."""
    told = {
        "text": text,
        "about": about,
        "safe_contact": safe_contact,
        "place": place,
        "country": inquiry.country,
        "language": inquiry.language,
        "danger": "yes" if inquiry.danger else "unknown",
    }
    return {name: value for name, value in told.items() if value}


@transaction.atomic
def hand_over(*, inquiry_id: UUID, parcel: dict[str, str], agreed_on: date, agreed_how: str, by: User, at: datetime) -> HandOver:
    """A person at risk wrote, and agreed to be taken over: what `parcel_of` made is sealed to casework's key and leaves by the inward door.

    What stood in the thread, and in all that belong together with it, is destroyed here in the same transaction (decision 0031); the asker
    with a return code reads that casework has it. Raises Invalid for an agreement in the future.
    """
    inquiry = locked(inquiry_id, by)
    require(by, Action.INQUIRY_HAND_OVER, inquiry)
    if agreed_on > timezone.localdate(at):
        raise Invalid(fields={"agreed_on": _("This day has not come yet.")})
    report = seal_report(kind="concern", body=parcel, at=at)
    inquiry.state = LIFE.target("hand_over", inquiry.state)
    inquiry.due_at = inquiry.escalated_at = None
    inquiry.save(update_fields=["state", "due_at", "escalated_at"])
    done = HandOver.objects.create(
        inquiry=inquiry, asked_by=by, agreed_on=agreed_on, agreed_how=agreed_how, fields=sorted(parcel), report=report.pk, at=at
    )
    for one in held_together(inquiry):
        _destroy_words(one, at)
        if one.state not in (State.HANDED_OVER, State.MERGED):
            one.state, one.due_at, one.escalated_at = LIFE.target("go_along", one.state), None, None
            one.save(update_fields=["state", "due_at", "escalated_at"])
    count("handed_over", inquiry, at)
    record(by=by, action=Action.INQUIRY_HAND_OVER, target=inquiry, at=at, fields=sorted(parcel))
    return done


def _destroy_words(inquiry: Inquiry, at: datetime) -> None:
    """Words, files, drafts, contact and tags are gone, and the keys under which copies of them could be read. The row remains, with its state."""
    words = Entry.objects.filter(Q(inquiry=inquiry) | Q(through=inquiry))
    File.objects.filter(entry__in=words).delete()
    words.delete()
    for kind in (Draft, Tag, Presence):
        kind.objects.filter(inquiry=inquiry).delete()
    destroy_attachments(inquiry.pk)
    shred(inquiry.pk, at=at)
    inquiry.subject = inquiry.email = inquiry.name = inquiry.comment = None
    inquiry.save(update_fields=["subject", "email", "name", "comment"])
