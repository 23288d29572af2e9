"""Acts on a case: open, move on, review, hand over, write, close."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import UUIDField
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.cases.codes import CloseReason, Ground, NoteKind, SharingPurpose
from saphan.care.cases.consents import Given, has_case_consent, record_consent
from saphan.care.cases.models import Case, CaseNote
from saphan.care.cases.selectors import decision_about
from saphan.care.cases.states import LIFE, State
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.files import after_assignment, assign_lead, locked_person
from saphan.care.persons.models import Involvement, Person
from saphan.core.attachments import accept_upload
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.ids import new_reference
from saphan.core.models import Attachment
from saphan.core.prepared import Prepared, Slot
from saphan.core.sealing import seal
from saphan.core.sensitivity import Sensitivity

LOCKED = Prepared(lambda: Case.objects.select_for_update(of=("self",)).select_related("person").filter(pk=Slot("case", UUIDField())))
OPENING = {"identified": State.IDENTIFIED, "not_identified": State.NOT_IDENTIFIED}
NEEDS_DECISION = {"identify": "identified", "not_identify": "not_identified"}


@transaction.atomic
def open_case(*, person_id: UUID, by: User, at: datetime, given: Given | None = None, ground: str = "") -> Case:
    """A case opens on the team's decision, or before it on a reasonable ground; never without the person's consent to it.

    `given` is the consent, unless one is recorded already.
    """
    person = locked_person(person_id)
    require(by, Action.CASE_OPEN, person)
    if Case.objects.filter(person=person).exists():
        raise WrongState(_("This person has a case already."))
    if given is not None:
        _is_for_the_case(given)
        record_consent(person_id=person.pk, given=given, by=by, at=at)
    if not has_case_consent(person, at):
        raise Invalid(_("The person has not agreed to a case file yet."))
    state = OPENING.get(decision_about(person.pk), State.PRESUMED)
    case = Case.objects.create(
        person=person, reference=new_reference("C"), org_id=person.org_id, office=person.office, lead=_lead_of(person) or by, state=state,
        ground=_ground(state, ground), opened_at=at, opened_by=by, next_review_on=clock_of("case_review").due(at).date(),
    )  # fmt: skip
    record(by=by, action=Action.CASE_OPEN, target=case, subject=person.pk, at=at, fields=["state", "ground", "lead", "next_review_on"])
    return case


@transaction.atomic
def move_case(*, case_id: UUID, verb: str, by: User, at: datetime) -> Case:
    """The case goes on to its next stage. What the team has to decide needs its decision."""
    case = locked_case(case_id)
    require(by, Action.CASE_EDIT, case)
    if verb not in LIFE.moves or LIFE.moves[verb].action != Action.CASE_EDIT:
        raise WrongState(_("This cannot be done now."))
    state = LIFE.target(verb, case.state)
    needed = NEEDS_DECISION.get(verb)
    if needed and decision_about(case.person_id) != needed:
        raise WrongState(_("The team has not decided this. A score never decides."))
    case.state = state
    case.save(update_fields=["state"])
    record(by=by, action=Action.CASE_EDIT, target=case, subject=case.person_id, at=at, fields=["state"], purpose=verb)
    return case


@transaction.atomic
def review_case(*, case_id: UUID, next_on: date, by: User, at: datetime) -> Case:
    """The plan was looked at with the person; the next time is agreed."""
    case = locked_case(case_id)
    require(by, Action.CASE_EDIT, case)
    if next_on <= at.date():
        raise Invalid(fields={"next_on": _("Choose a day to come.")})
    case.next_review_on = next_on
    case.save(update_fields=["next_review_on"])
    record(by=by, action=Action.CASE_EDIT, target=case, subject=case.person_id, at=at, fields=["next_review_on"], purpose="review")
    return case


@transaction.atomic
def transfer_case(*, case_id: UUID, to: User, by: User, at: datetime) -> Case:
    """Another worker takes the lead; the former lead's tie ends now."""
    case = locked_case(case_id)
    require(by, Action.CASE_TRANSFER, case)
    if to.org_id != case.org_id or Action.CASE_EDIT not in to.acts:
        raise Invalid(fields={"lead": _("Choose a worker of your organisation who keeps cases.")})
    assign_lead(person_id=case.person_id, to=to, by=by, at=at)
    record(by=by, action=Action.CASE_TRANSFER, target=case, subject=case.person_id, at=at, fields=["lead"])
    case.lead = to
    return case


@after_assignment
def follow_the_lead(person: Person, lead: User) -> None:
    """The case names the lead of the file too, so that the list can be asked by it."""
    Case.objects.filter(person=person).update(lead=lead)


@transaction.atomic
def close_case(*, case_id: UUID, reason: str, by: User, at: datetime) -> Case:
    """A supervisor ends the case."""
    case = locked_case(case_id)
    require(by, Action.CASE_CLOSE, case)
    case.state = LIFE.target("close", case.state)
    if reason not in CloseReason.values:
        raise Invalid(fields={"reason": _("Say why the case ends.")})
    case.closed_at, case.closed_by, case.close_reason, case.next_review_on = at, by, reason, None
    case.save(update_fields=["state", "closed_at", "closed_by", "close_reason", "next_review_on"])
    record(by=by, action=Action.CASE_CLOSE, target=case, subject=case.person_id, at=at, fields=["state", "close_reason"])
    return case


@transaction.atomic
def write_note(*, case_id: UUID, kind: str, text: str, by: User, at: datetime) -> CaseNote:
    """A need, a step of the plan or a talk is written down; the text is sealed."""
    case = locked_case(case_id)
    require(by, Action.NOTE_ADD, case)
    if kind not in NoteKind.values or not text.strip():
        raise Invalid(fields={"text": _("Write something.")})
    note = CaseNote(case=case, owner_org_id=case.org_id, kind=kind, written_at=at, written_by=by)
    seal(note, org=by.org_id, text=text.strip())
    note.save(force_insert=True)
    record(by=by, action=Action.NOTE_ADD, target=note, subject=case.person_id, at=at, fields=["kind", "text"])
    return note


@transaction.atomic
def add_document(*, case_id: UUID, file: File[Any], sensitivity: str, by: User, at: datetime) -> Attachment:
    """A file is kept with the case, sealed under the class that it belongs to. Raises Invalid for what cannot be taken."""
    case = locked_case(case_id)
    require(by, Action.DOCUMENT_ADD, case)
    kept = accept_upload(file, scope=case.person_id, sensitivity=Sensitivity(sensitivity), org=case.org_id, by_id=by.pk, at=at)
    record(by=by, action=Action.DOCUMENT_ADD, target=kept, subject=case.person_id, at=at, fields=["sensitivity", "content"])
    return kept


def locked_case(case_id: UUID) -> Case:
    """The case with its person, held until the transaction ends."""
    found = LOCKED.rows(case=case_id)
    if not found:
        raise NotFound
    return found[0]


def _is_for_the_case(given: Given) -> None:
    if given.purpose != SharingPurpose.CASE:
        raise Invalid(fields={"purpose": _("This consent is not about a case file.")})


def _ground(state: str, ground: str) -> str:
    if state != State.PRESUMED:
        return ""
    if ground not in Ground.values:
        raise Invalid(fields={"ground": _("No team has decided yet: say on what ground the case opens.")})
    return ground


def _lead_of(person: Person) -> User | None:
    tie = Involvement.objects.filter(person=person, relation=Involvement.Relation.LEAD, until=None).select_related("user").first()
    return tie.user if tie and tie.user and Action.CASE_EDIT in tie.user.acts else None
