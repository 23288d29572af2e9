"""Letters to askers and to the office. Subjects name a reference only; to the office goes nothing but “sign in to read”."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import ROLES
from saphan.core import clock
from saphan.core.attachments import open_attachment
from saphan.core.inspection import CONTENT_TYPES
from saphan.core.models import Attachment
from saphan.core.outbox import enqueue_mail
from saphan.core.sealing import unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.models import Entry, Inquiry, Way
from saphan.portal.inquiries.passes import MAIL, pass_for
from saphan.portal.inquiries.threads import as_text, thread_for_asker
from saphan.portal.mailroom.addresses import reply_address
from saphan.portal.mailroom.letters import Letter, LetterFile
from saphan.portal.mailroom.posting import letter_id, letter_kind, on_settled

ROOM = "inquiries"


@letter_kind("inquiries.received")
def received(reference: str) -> Letter | None:
    """Tells the asker that the question has arrived."""
    inquiry = Inquiry.objects.filter(pk=UUID(reference), way=Way.MAIL).first()
    if inquiry is None:
        return None
    with override(inquiry.language):
        lines = [
            _arrived(inquiry),
            _("You can answer this letter to add something. Nobody else sees it but the office."),
            _own_page(inquiry),
        ]
        return _letter(inquiry, lines, auto=True)


def _arrived(inquiry: Inquiry) -> str:
    """What the first letter says; of a part, that it is one."""
    if inquiry.split_from is None:
        return _("Your letter has arrived. Its reference is %(reference)s.") % {"reference": inquiry.reference}
    told = {"whole": inquiry.split_from.reference, "part": inquiry.reference}
    return _("Your letter %(whole)s asked several things. One of them is answered in a thread of its own; its reference is %(part)s.") % told


@letter_kind("inquiries.reply")
def answer(reference: str) -> Letter | None:
    """An officer's answer, in the thread of what the asker wrote."""
    entry = Entry.objects.select_related("inquiry").filter(pk=UUID(reference), kind=Entry.Kind.OUT).first()
    if entry is None or entry.inquiry.way != Way.MAIL:
        return None
    text = unseal(entry, "text", org=PORTAL)["text"] or ""
    with override(entry.inquiry.language):
        lines = [
            text,
            "--",
            _("Inquiry Corner"),
            _("Reference %(reference)s. Answer this letter to write again.") % {"reference": entry.inquiry.reference},
            _own_page(entry.inquiry),
        ]
        return _letter(entry.inquiry, lines, before=entry)


@letter_kind("inquiries.copy")
def copy(reference: str) -> Letter | None:
    """All words of the thread, for an asker who wished for them."""
    inquiry = Inquiry.objects.filter(pk=UUID(reference), way=Way.MAIL).first()
    if inquiry is None:
        return None
    with override(inquiry.language):
        return _letter(inquiry, [as_text(inquiry, thread_for_asker(inquiry)), _own_page(inquiry)], auto=True)


@on_settled("inquiries.reply")
def reply_settled(reference: str, _message_id: str, outcome: str) -> None:
    """What became of an answer, for the officer to see."""
    Entry.objects.filter(pk=UUID(reference)).update(fate=outcome)


@letter_kind("inquiries.alert")
def alert(reference: str) -> Letter | None:
    """Somebody may be in danger: every officer gets a letter of her own; this one has no receiver."""
    inquiry = Inquiry.objects.filter(pk=UUID(reference)).first()
    if inquiry is not None:
        tell_officers(f"alert {inquiry.pk} {inquiry.version}")
    return None


def tell_officers(key: str) -> int:
    """Asks all officers to sign in. The letter says nothing of what waits there."""
    return _tell(Action.INQUIRY_REPLY, key)


def tell_overseers(key: str) -> int:
    """Asks those to sign in who see to it that inquiries are answered, and answer none themselves."""
    return _tell(Action.INQUIRY_OVERSEE, key)


def _tell(action: Action, key: str) -> int:
    roles = [role for role, acts in ROLES.items() if action in acts]
    officers = User.objects.filter(is_active=True, grants__role__in=roles, grants__revoked_at=None).distinct()
    for officer in officers:
        with override(officer.language):
            subject, body = _("Something waits for you"), _("Please sign in: %(address)s") % {"address": f"{settings.SITE_URL}/desk/"}
        enqueue_mail(key=f"{key} {officer.pk}", to=officer.email, subject=subject, body=body)
    return len(officers)


def _own_page(inquiry: Inquiry) -> str:
    """Where the asker says whether it helped, asks for a copy, or erases; the address opens no word of the inquiry."""
    address = f"{settings.SITE_URL}/{inquiry.language}/inquiries/own/{pass_for(MAIL, inquiry.pk, at=clock.now())}/"
    return _("To say whether it helped, or to delete everything: %(address)s") % {"address": address}


def _letter(inquiry: Inquiry, lines: list[str], *, before: Entry | None = None, auto: bool = False) -> Letter:
    email = unseal(inquiry, "email", org=PORTAL)["email"] or ""
    thread = [letter_id("inquiries.received", str(inquiry.pk)), *_earlier(inquiry, before)]
    return Letter(
        to=email,
        subject=_("Your inquiry %(reference)s") % {"reference": inquiry.reference}
        if auto
        else _("Re: Your inquiry %(reference)s") % {"reference": inquiry.reference},
        text="\n\n".join(lines) + "\n",
        language=inquiry.language,
        reply_to=reply_address(ROOM, inquiry.thread),
        in_reply_to="" if auto else thread[-1],
        references=() if auto else tuple(thread),
        auto=auto,
        files=_files(before) if before else (),
    )


def _earlier(inquiry: Inquiry, before: Entry | None) -> list[str]:
    """The Message-IDs of the thread so far."""
    if before is None:
        return []
    return [entry.message_id for entry in inquiry.entries.filter(at__lt=before.at).exclude(message_id="")]


def _files(entry: Entry) -> tuple[LetterFile, ...]:
    """The files of an answer, under names that say nothing."""
    kept = [file.attachment for file in entry.files.select_related("attachment")]
    return tuple(
        LetterFile(f"{one.reference}.{one.kind}", CONTENT_TYPES[Attachment.Kind(one.kind)], open_attachment(one, org=PORTAL)) for one in kept
    )
