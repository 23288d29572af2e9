"""A note for police and prosecutor: the person is not to be punished for what she was made to do. No name, no narrative."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.screening import results
from saphan.care.screening.codes import ELEMENT_LABELS, ELEMENT_NAMES, NoteAsker, NoteGround
from saphan.care.screening.letter_texts import Tongue, note_words, tongues
from saphan.care.screening.letters import code_of
from saphan.care.screening.models import Interview, ProtectionNote
from saphan.care.screening.states import InterviewState
from saphan.care.screening.teams import LONGEST
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.ids import new_reference
from saphan.core.paper import FONTS, printer
from saphan.core.sealing import seal

STAFF = ("en", "th")  # the languages in which the names of elements exist


@dataclass(frozen=True)
class Side:
    """The note in one language."""

    tongue: Tongue
    words: Mapping[str, str]
    opening: str
    elements: list[str]


@transaction.atomic
def make_note(*, interview_id: UUID, ground: str, reason: str, asked_by: str, received_by: str, by: User, at: datetime) -> ProtectionNote:
    """The note is made: who asked for it and who receives it are kept and audited. Where no answer speaks of forced crime the worker gives a reason."""
    interview = Interview.objects.select_for_update(of=("self",)).select_related("person", "version").filter(pk=interview_id).first()
    if interview is None:
        raise NotFound
    require(by, Action.NOTE_NON_PUNISHMENT, interview)
    if interview.state != InterviewState.COMPLETED:
        raise WrongState(_("A note is made upon a completed interview."))
    _refuse_unfit(interview, ground, reason, asked_by, received_by, by, at)
    note = ProtectionNote(
        reference=new_reference("X"), person=interview.person, interview=interview, org=interview.org, ground=ground, asked_by=asked_by,
        received_by=received_by, made_at=at, made_by=by, language=interview.person.language,
    )  # fmt: skip
    if reason.strip():
        seal(note, org=by.org_id, reason=reason.strip()[:LONGEST])
    note.save(force_insert=True)
    record(
        by=by,
        action=Action.NOTE_NON_PUNISHMENT,
        target=note,
        subject=note.person_id,
        at=at,
        fields=["ground", "asked_by", "received_by"],
        purpose="legal",
    )
    return note


def _refuse_unfit(interview: Interview, ground: str, reason: str, asked_by: str, received_by: str, by: User, at: datetime) -> None:
    wrong = {
        name: _("Choose one of the answers.") for name, value in (("asked_by", asked_by), ("received_by", received_by)) if value not in NoteAsker
    }
    if ground not in NoteGround:
        wrong["ground"] = _("Choose one of the answers.")
    elif ground == NoteGround.RESULT and not speaks_of_forced_crime(results.stored(interview, by=by, at=at)):
        wrong["ground"] = _("No answer of this interview speaks of forced crime. Mark it yourself, with your reason.")
    elif ground == NoteGround.MARKED and not reason.strip():
        wrong["reason"] = _("Say why you mark it. Kept sealed; it is not on the note.")
    if wrong:
        raise Invalid(fields=wrong)


def speaks_of_forced_crime(kept: Mapping[str, Any]) -> bool:
    """Whether a kept result has evidence of forced crime as the purpose."""
    return any(line["name"] == "forced_criminality" and line["evidence"] for line in kept["elements"])


def sides_of(note: ProtectionNote, kept: Mapping[str, Any]) -> list[Side]:
    """Thai first, English, and the person's language where it exists."""
    known = tongues()
    return [_side(note, kept, known[code]) for code in dict.fromkeys(("th", "en", note.language)) if code in known]


def _side(note: ProtectionNote, kept: Mapping[str, Any], tongue: Tongue) -> Side:
    words = note_words(tongue.code)
    opening = words["opening" if note.ground == NoteGround.RESULT else "opening_marked"]
    with translation.override(tongue.code if tongue.code in STAFF else "en"):  # names of elements exist in the languages of the desk
        named = [f"{ELEMENT_LABELS[e['element']]}: {ELEMENT_NAMES.get(e['name'], e['name'])}" for e in kept["elements"] if e["evidence"]]
    return Side(tongue, words, opening, named)


def seal_code(note: ProtectionNote) -> SafeString:
    """The square code of the note's own reference."""
    return code_of(note.reference)


def on_paper(note: ProtectionNote, *, by: User, at: datetime) -> bytes:
    """The file, and one audit event for opening the result. Raises NoPrinter where none can be made."""
    draw = printer()
    kept = results.stored(note.interview, by=by, at=at)
    context = {"note": note, "sides": sides_of(note, kept), "basis": kept["basis"], "code": seal_code(note), "fonts": FONTS.as_uri()}
    return draw(render_to_string("screening/note_paper.html", context))
