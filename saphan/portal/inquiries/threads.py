"""The thread of an inquiry with its words opened: for its asker without what is internal, for an officer whole and on record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.core import dates
from saphan.core.sealing import unseal, unseal_many
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries.bonds import words_of
from saphan.portal.inquiries.models import Entry, Inquiry

FOR_ASKER = (Entry.Kind.IN, Entry.Kind.OUT)


@dataclass(frozen=True)
class Word:
    """One word of the thread as it is shown."""

    entry: Entry
    text: str = field(repr=False)
    files: Sequence[str] = ()

    @property
    def at(self) -> datetime:
        return self.entry.at


@dataclass(frozen=True)
class Thread:
    """A subject and the words on it, oldest first."""

    subject: str = field(repr=False)
    words: Sequence[Word] = ()


def thread_for_asker(inquiry: Inquiry) -> Thread:
    """Without notes and without what programs wrote."""
    return _thread(inquiry, FOR_ASKER)


def whole_thread(inquiry: Inquiry) -> Thread:
    """Everything. The caller has asked the policy and records the reading."""
    return _thread(inquiry, list(Entry.Kind))


def _thread(inquiry: Inquiry, kinds: Sequence[str]) -> Thread:
    entries = list(Entry.objects.filter(words_of(inquiry), kind__in=kinds).select_related("by").prefetch_related("files__attachment"))
    texts = unseal_many(entries, "text", org=PORTAL)
    words = [
        Word(entry, told["text"] or "", [file.attachment.reference for file in entry.files.all()]) for entry, told in zip(entries, texts, strict=True)
    ]
    return Thread(unseal(inquiry, "subject", org=PORTAL)["subject"] or "", words)


def as_text(inquiry: Inquiry, thread: Thread) -> str:
    """The thread as plain text, for its asker to take along."""
    said = {Entry.Kind.IN: _("You"), Entry.Kind.OUT: _("Our answer")}
    head = "\n".join([thread.subject, inquiry.reference])
    words = [
        "\n".join([f"{said[Entry.Kind(word.entry.kind)]}, {dates.long(timezone.localdate(word.at))}", word.text, *word.files])
        for word in thread.words
    ]
    return "\n\n".join([head, *words]) + "\n"
