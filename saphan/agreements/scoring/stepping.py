"""One step of an occurrence: its state and what was said, written together. What was said is never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from saphan.access.models import User
from saphan.agreements.models import AgreementParty
from saphan.agreements.scoring.models import Occurrence, OccurrenceStep
from saphan.agreements.scoring.occurring import OccurrenceState
from saphan.agreements.scoring.states import OCCURRENCE, SETTLED, STATED_STATES
from saphan.core.models import Attachment

S = OccurrenceState


@dataclass(frozen=True)
class Said:
    """What somebody says of an occurrence."""

    note: str = ""
    happened_on: date | None = None
    attachment: Attachment | None = None


def step(occurrence: Occurrence, verb: str, *, said: Said, by: User | None, party: AgreementParty | None, at: datetime) -> Occurrence:
    """Moves the held occurrence on and writes down who said what. Raises WrongState."""
    occurrence.state = OCCURRENCE.target(verb, occurrence.state)
    _note_statement(occurrence, verb, said, by)
    _note_asking(occurrence, verb, party)
    if occurrence.state in SETTLED:
        occurrence.settled_at, occurrence.settled_by, occurrence.settled_party = at, by, party
    occurrence.save()
    OccurrenceStep.objects.create(
        occurrence=occurrence, number=occurrence.steps.count() + 1, at=at, by=by, party=party, verb=verb, state=occurrence.state,
        happened_on=occurrence.happened_on, note=said.note, attachment=said.attachment,
    )  # fmt: skip
    return occurrence


def lapse(occurrence: Occurrence, *, at: datetime) -> None:
    """It is no longer owed, where nothing was said of it yet; a statement stays to be answered."""
    if occurrence.state in OCCURRENCE.moves["lapse"].sources:
        step(occurrence, "lapse", said=Said(), by=None, party=None, at=at)


def _note_statement(occurrence: Occurrence, verb: str, said: Said, by: User | None) -> None:
    if verb == "state":
        occurrence.happened_on, occurrence.stated_by = said.happened_on, by
    elif occurrence.state not in STATED_STATES:
        occurrence.happened_on = occurrence.stated_by = None


def _note_asking(occurrence: Occurrence, verb: str, party: AgreementParty | None) -> None:
    if verb == "ask to excuse":
        occurrence.asked_party = party
    elif occurrence.state not in (S.EXCUSE_ASKED, S.EXCUSED):
        occurrence.asked_party = None
