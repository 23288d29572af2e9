"""What an asker does: begin, prove that the return code was kept, send, come back, write again, rate, erase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from saphan.audit.services import record
from saphan.core.attachments import Inspected, destroy_attachments, keep_upload
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import new_id, new_reference, permanent_name
from saphan.core.sealing import seal, shred
from saphan.core.sensitivity import Sensitivity
from saphan.core.upkeep import chore
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.inquiries import codes
from saphan.portal.inquiries.bonds import end_of, held_together, together
from saphan.portal.inquiries.duetimes import due_by
from saphan.portal.inquiries.figures import count
from saphan.portal.inquiries.models import Entry, File, Inquiry, Way
from saphan.portal.inquiries.states import LIFE, TO_ANSWER, State
from saphan.portal.mailroom.posting import post
from saphan.portal.search.glossary import points_to_danger

BEGUN_KEPT = timedelta(days=1)
INACTIVE_KEPT = timedelta(days=730)  # 24 months after the last word (DOMAIN, section 8) [proposal]
SATISFIED = 4  # of five, at least
FILES_BY_MAIL = 5  # of one letter
PLACES = ("first", "second")  # the two words that are typed back


@dataclass(frozen=True)
class Question:
    """What somebody asks, as the form gives it."""

    kind: str
    subject: str
    text: str
    language: str
    country: str = ""
    way: str = Way.NONE
    email: str = ""
    name: str = ""
    files: Sequence[Inspected] = ()


@transaction.atomic
def hold(*, question: Question, at: datetime) -> Inquiry:
    """Keeps a question that has not been sent: for a day, while its asker reads what the pages know already or keeps the return code."""
    inquiry = Inquiry(
        id=new_id(), reference=new_reference("IQ"), thread=permanent_name(new_id()), kind=question.kind, language=question.language,
        country=question.country, way=question.way, danger=points_to_danger(f"{question.subject}\n{question.text}"), begun_at=at, last_at=at,
        risk_told_at=at if question.way == Way.MAIL else None,
    )  # fmt: skip
    seal(inquiry, org=PORTAL, subject=question.subject, email=question.email or None, name=question.name or None)
    inquiry.save(force_insert=True)
    add_entry(inquiry, Entry.Kind.IN, question.text, at=at, files=question.files)
    return inquiry


@transaction.atomic
def go_on(*, inquiry_id: UUID, at: datetime) -> tuple[Inquiry, list[str]]:
    """Sends a question that was held. With a return code it goes on waiting until the asker has shown that the code was kept.

    Answers the inquiry and the words of a new code, which are kept nowhere. Raises WrongState for one that was sent already.
    """
    inquiry = _locked(inquiry_id)
    LIFE.target("send", inquiry.state)
    if inquiry.way != Way.CODE:
        return send(inquiry_id=inquiry_id, at=at), []
    words = codes.new_code(inquiry.language)
    inquiry.code_mark = codes.mark_of_code(words)
    inquiry.save(update_fields=["code_mark"])
    return inquiry, words


def begin(*, question: Question, at: datetime) -> tuple[Inquiry, list[str]]:
    """Keeps a question and sends it, or waits for its return code to be kept; see `go_on`."""
    return go_on(inquiry_id=hold(question=question, at=at).pk, at=at)


def places_to_ask(inquiry: Inquiry) -> list[int]:
    """Which words of the code are asked for, counted from one: the same for the same inquiry, so that trying again does not help."""
    first = inquiry.pk.int % codes.WORDS
    second = (first + 1 + inquiry.pk.int // 7 % (codes.WORDS - 1)) % codes.WORDS
    return sorted([first + 1, second + 1])


@transaction.atomic
def prove_kept(*, inquiry_id: UUID, words: Sequence[str], typed: Sequence[str], at: datetime) -> Inquiry:
    """The asker types two words of the code back; then the inquiry is sent. Raises Invalid when they do not fit; nothing is lost."""
    inquiry = _locked(inquiry_id)
    if inquiry.code_mark != codes.mark_of_code(list(words)):
        raise NotFound
    wanted = [words[place - 1] for place in places_to_ask(inquiry)]
    fields = {
        name: _("This is not that word of your code.")
        for name, one, word in zip(PLACES, typed, wanted, strict=True)
        if not codes.same_word(one, word)
    }
    if fields:
        raise Invalid(_("These are not the words of your code. Look at the code again: it stands above, and nothing has been lost."), fields=fields)
    return send(inquiry_id=inquiry_id, at=at)


@transaction.atomic
def send(*, inquiry_id: UUID, at: datetime) -> Inquiry:
    """The inquiry reaches the office; its clock starts."""
    inquiry = _locked(inquiry_id)
    inquiry.state = LIFE.target("send", inquiry.state)
    inquiry.received_at = inquiry.last_at = at
    inquiry.due_at = due_by(inquiry, at)
    inquiry.save(update_fields=["state", "received_at", "last_at", "due_at"])
    record(by=None, action="inquiries:send", target=inquiry, at=at)
    count("came", inquiry, at)
    if inquiry.way == Way.MAIL:
        post("inquiries.received", str(inquiry.pk))
    if inquiry.danger:
        post("inquiries.alert", str(inquiry.pk))
    return inquiry


def find_by_code(words: list[str]) -> Inquiry | None:
    """The inquiry of a code. Takes its time on purpose."""
    return Inquiry.objects.filter(code_mark=codes.mark_of_code(words)).exclude(state=State.BEGUN).first()


@transaction.atomic
def write_again(
    *,
    inquiry_id: UUID,
    text: str,
    at: datetime,
    files: Sequence[Inspected] = (),
    by_mail: bool = False,
    other_sender: bool = False,
    message_id: str = "",
) -> Entry:
    """The asker adds a word. A closed inquiry is open again; one that was joined to another goes on there, and its word goes when it is erased.

    While a word of ours is awaited, writing again does not put it off: the earlier of the two moments counts.
    """
    came_by = inquiry = _locked(inquiry_id)
    while inquiry.merged_into_id:
        inquiry = _locked(inquiry.merged_into_id)
    if inquiry.state in (State.HANDED_OVER, State.SPAM):
        raise NotFound(_("This inquiry is closed here. Please ask anew."))
    through = came_by if came_by != inquiry else None
    entry = add_entry(
        inquiry, Entry.Kind.IN, text, at=at, files=files, through=through, by_mail=by_mail, other_sender=other_sender, message_id=message_id
    )  # fmt: skip
    if points_to_danger(text) and (not inquiry.danger or inquiry.state not in TO_ANSWER):
        inquiry.danger = True  # where nobody is at work on it, a cry for help is heard anew each time
        post("inquiries.alert", str(inquiry.pk), key=f"{inquiry.pk} {inquiry.version}")
    if inquiry.state != State.NEW:
        inquiry.state = LIFE.target("hear", inquiry.state)
    _wait_no_longer(inquiry, at)
    inquiry.save(update_fields=["danger", "state", "due_at", "escalated_at"])
    record(by=None, action="inquiries:write_again", target=inquiry, at=at)
    return entry


def _wait_no_longer(inquiry: Inquiry, at: datetime) -> None:
    """The clock after another word: a new one where none ran, the earlier of both where one does."""
    running, fresh = inquiry.due_at, due_by(inquiry, at)
    if running is None or (fresh is not None and fresh < running):
        inquiry.due_at, inquiry.escalated_at = fresh, None


@transaction.atomic
def rate(*, inquiry_id: UUID, satisfaction: int, comment: str, at: datetime) -> Inquiry:
    """The asker says whether the answer helped, once or anew; what is thought anew is counted anew, in the month of the first time."""
    inquiry = _locked(inquiry_id)
    if end_of(inquiry).state in (State.HANDED_OVER, State.SPAM):
        raise NotFound(_("This inquiry is closed here. Please ask anew."))  # no new words come under keys that were destroyed
    was, now = (inquiry.satisfaction or 0) >= SATISFIED, satisfaction >= SATISFIED
    if inquiry.satisfaction is None:
        inquiry.rated_at = at
        count("rated", inquiry, at)
    if was != now and inquiry.rated_at is not None:
        count("satisfied", inquiry, inquiry.rated_at, by=1 if now else -1)
    inquiry.satisfaction = satisfaction
    seal(inquiry, org=PORTAL, comment=comment or None)
    inquiry.save(update_fields=["satisfaction", "comment", "rated_at"])
    record(by=None, action="inquiries:rate", target=inquiry, at=at)
    return inquiry


@transaction.atomic
def send_copy(*, inquiry_id: UUID, at: datetime) -> None:
    """The whole thread goes to the address of its asker, once in a minute at most. Raises NotFound where no address is known."""
    inquiry = _locked(inquiry_id)
    if inquiry.way != Way.MAIL:
        raise NotFound
    record(by=None, action="inquiries:send_copy", target=inquiry, at=at)
    post("inquiries.copy", str(inquiry.pk), key=f"copy {inquiry.pk} {at:%Y%m%d%H%M}")


@transaction.atomic
def erase(*, inquiry_id: UUID, at: datetime, figure: str = "erased") -> None:
    """Everything of an inquiry is gone, with all that belong together with it: their keys are destroyed, so that no copy can be read.

    Its words lie under its own keys also where they are read in the thread that it was joined to. The count remains.
    """
    for inquiry in held_together(_locked(inquiry_id)):
        if inquiry.received_at is not None:
            count(figure, inquiry, at)
        record(by=None, action="inquiries:erase", target=inquiry, at=at)
        destroy_attachments(inquiry.pk)
        shred(inquiry.pk, at=at)
        inquiry.delete()


def add_entry(inquiry: Inquiry, kind: str, text: str, *, at: datetime, files: Sequence[Inspected] = (), **more: object) -> Entry:
    """Adds a word to the thread, inside the caller's transaction."""
    entry = Entry(id=new_id(), inquiry=inquiry, kind=kind, at=at, **more)
    seal(entry, org=PORTAL, text=text)
    entry.save(force_insert=True)
    for upload in files:
        kept = keep_upload(upload, scope=entry.sealed_scope, sensitivity=Sensitivity.EXPLOITATION, org=PORTAL, by_id=PORTAL, at=at)
        File.objects.create(id=new_id(), entry=entry, attachment=kept)
    Inquiry.objects.filter(pk=inquiry.pk).update(last_at=at, version=F("version") + 1)
    inquiry.last_at, inquiry.version = at, inquiry.version + 1
    return entry


def _locked(inquiry_id: UUID) -> Inquiry:
    inquiry = Inquiry.objects.select_for_update().filter(pk=inquiry_id).first()
    if inquiry is None:
        raise NotFound
    return inquiry


@chore("inquiries")
def forget_old(at: datetime) -> int:
    """Erases what was begun and not sent within a day, and what rested for two years; returns how many."""
    begun = Inquiry.objects.filter(state=State.BEGUN, begun_at__lt=at - BEGUN_KEPT)
    resting = Inquiry.objects.filter(last_at__lt=at - INACTIVE_KEPT)
    gone = 0
    for inquiry_id in [*begun.values_list("pk", flat=True), *resting.values_list("pk", flat=True)]:
        inquiry = Inquiry.objects.filter(pk=inquiry_id).first()
        if inquiry is not None and (inquiry.state == State.BEGUN or _all_rest(inquiry, at)):
            erase(inquiry_id=inquiry_id, at=at, figure="purged")
            gone += 1
    return gone


def _all_rest(inquiry: Inquiry, at: datetime) -> bool:
    """Whether nobody has written for two years in any that belongs together with it, nor in the one in which it goes on."""
    return all(one.last_at < at - INACTIVE_KEPT for one in [*together(inquiry), end_of(inquiry)])
