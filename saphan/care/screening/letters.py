"""The letter of a decision: made in the person's language, put on paper, handed over. It names no person; a line is left to write the name by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.persons.codes import Language
from saphan.care.screening import procedure
from saphan.care.screening.codes import HandedHow, Reader
from saphan.care.screening.letter_texts import Tongue, letter_words
from saphan.care.screening.models import Handover, Hearing
from saphan.care.screening.reference import open_services_in
from saphan.care.screening.states import HEARING_LIFE
from saphan.care.screening.teams import locked
from saphan.core.dates import long
from saphan.core.errors import Invalid
from saphan.core.paper import FONTS, printer


@dataclass(frozen=True)
class Letter:
    """All that a letter says, in one language; the page and the paper show the same."""

    tongue: Tongue
    reference: str
    title: str
    office: str
    decided_on: tuple[str, str]
    name_line: str
    opening: str
    outcome: str
    after: str
    open_to_you: str
    services: list[str]
    rights: list[str]
    disagree: str
    review: str
    for_team: str
    marks: list[str]
    code: SafeString


def letter_of(hearing: Hearing, tongue: Tongue) -> Letter:
    """The letter of a decided hearing. Nothing sealed goes into it."""
    words = letter_words(tongue.code)
    assert hearing.decided_at is not None  # the caller asks for decided hearings only
    assert hearing.review_until is not None
    by = long(hearing.information_by, tongue.code) if hearing.information_by else ""
    return Letter(
        tongue, hearing.reference, words["title"], hearing.org.name_th if tongue.code == "th" else hearing.org.name_en,
        (words["decided_on"], long(timezone.localdate(hearing.decided_at), tongue.code)), words["name_line"], words["heard"], words[hearing.outcome],
        words[f"after_{hearing.outcome}"].format(by=by), words["open_to_you"], open_services_in(tongue.code),
        [words["compensation"], words["reflection"]], words["disagree"], words["review"].format(until=long(timezone.localdate(hearing.review_until), tongue.code)),
        words["for_team"], [*([] if tongue.reviewed else [words["unreviewed"]]), words["draft_law"]], code_of(hearing.reference),
    )  # fmt: skip


def code_of(reference: str) -> SafeString:
    """A square code of an opaque reference, and of nothing else."""
    return mark_safe(segno.make(reference, micro=False, error="m").svg_inline(scale=3, svgclass="qr", lineclass=None))  # noqa: S308  # drawn from our own reference


def on_paper(letter: Letter) -> bytes:
    """The file. Raises NoPrinter where none can be made."""
    draw = printer()
    return draw(render_to_string("screening/letter_paper.html", {"letter": letter, "fonts": FONTS.as_uri()}))


@transaction.atomic
def hand_over(*, hearing_id: UUID, how: str, read_by: str, language: str, handed_at: datetime, by: User, at: datetime) -> Handover:
    """The letter reached the person: when, how, read aloud by whom, in which language. It may be handed over more than once."""
    hearing = locked(hearing_id)
    require(by, Action.LETTER_HAND_OVER, hearing)
    HEARING_LIFE.target("hand_over", hearing.state)
    _refuse_unfit(hearing, how, read_by, language, handed_at, at)
    handed = Handover.objects.create(hearing=hearing, at=handed_at, by=by, how=how, read_by=read_by, language=language)
    record(by=by, action=Action.LETTER_HAND_OVER, target=hearing, subject=hearing.person_id, at=at, fields=["how", "read_by", "language"])
    procedure.tell(hearing.person, procedure.handed_over, by=by, at=at)
    return handed


def _refuse_unfit(hearing: Hearing, how: str, read_by: str, language: str, handed_at: datetime, at: datetime) -> None:
    wrong = {}
    if how not in HandedHow:
        wrong["how"] = _("Say how it reached the person.")
    if read_by not in Reader:
        wrong["read_by"] = _("Say who read it aloud.")
    elif how in (HandedHow.READ_ALOUD, HandedHow.BOTH) and read_by == Reader.NOBODY:
        wrong["read_by"] = _("Say who read it aloud: you chose that it was read aloud.")
    if language not in Language:
        wrong["language"] = _("Say in which language.")
    if handed_at > at + procedure.TOLERATED or (hearing.decided_at and handed_at < hearing.decided_at):
        wrong["handed_at"] = _("The day lies between the decision and today.")
    if wrong:
        raise Invalid(fields=wrong)
