"""What is said about a commitment that fell due: the owner states it with evidence, the other party confirms or disputes, both may excuse it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.registering import locked
from saphan.agreements.scoring.models import Occurrence, OccurrenceStep
from saphan.agreements.scoring.stepping import Said, step
from saphan.agreements.workspace.parties import own_party
from saphan.audit.services import record
from saphan.core.attachments import Inspected, keep_upload, open_attachment
from saphan.core.errors import Invalid, NotFound
from saphan.core.models import Attachment
from saphan.core.sensitivity import Sensitivity

A = Action


@transaction.atomic
def state(*, occurrence_id: UUID, said: Said, upload: Inspected | None = None, by: User, at: datetime) -> Occurrence:
    """The owner states that it happened, on which day and by what one sees it. It counts only when the other party confirms it."""
    occurrence = _locked(occurrence_id)
    require(by, A.OCCURRENCE_STATE, occurrence)
    if said.happened_on is None or said.happened_on > timezone.localdate(at):
        raise Invalid(fields={"happened_on": _("Name the day on which it happened; a day to come has not happened.")})
    if not said.note and upload is None:
        raise Invalid(fields={"note": _("Say by what one sees it, or add a file.")})
    attachment = _kept(occurrence, upload, by, at) if upload else None
    return _done(occurrence, "state", Said(said.note, said.happened_on, attachment), A.OCCURRENCE_STATE, by, at)


@transaction.atomic
def take_back(*, occurrence_id: UUID, by: User, at: datetime) -> Occurrence:
    """The owner takes its statement back."""
    return _plain(occurrence_id, "take back", A.OCCURRENCE_STATE, "", by, at)


@transaction.atomic
def admit(*, occurrence_id: UUID, reason: str, by: User, at: datetime) -> Occurrence:
    """The owner says itself that it will not be kept."""
    return _plain(occurrence_id, "admit", A.OCCURRENCE_STATE, _given(reason), by, at)


@transaction.atomic
def confirm(*, occurrence_id: UUID, note: str = "", by: User, at: datetime) -> Occurrence:
    """The other party confirms: now it counts."""
    return _plain(occurrence_id, "confirm", A.OCCURRENCE_ANSWER, note, by, at)


@transaction.atomic
def dispute(*, occurrence_id: UUID, reason: str, by: User, at: datetime) -> Occurrence:
    """The other party does not see it so, and says why. The owner may state it again."""
    return _plain(occurrence_id, "dispute", A.OCCURRENCE_ANSWER, _given(reason), by, at)


@transaction.atomic
def ask_to_excuse(*, occurrence_id: UUID, reason: str, by: User, at: datetime) -> Occurrence:
    """One party asks that it be excused, and says why."""
    return _plain(occurrence_id, "ask to excuse", A.OCCURRENCE_EXCUSE, _given(reason), by, at)


@transaction.atomic
def excuse(*, occurrence_id: UUID, by: User, at: datetime) -> Occurrence:
    """The other party agrees: excused by both."""
    return _plain(occurrence_id, "excuse", A.OCCURRENCE_EXCUSE, "", by, at)


@transaction.atomic
def refuse_to_excuse(*, occurrence_id: UUID, reason: str, by: User, at: datetime) -> Occurrence:
    """The other party does not agree: it stays owed."""
    return _plain(occurrence_id, "refuse to excuse", A.OCCURRENCE_EXCUSE, _given(reason), by, at)


def open_evidence(*, given: OccurrenceStep, by: User, at: datetime) -> tuple[Attachment, bytes]:
    """The file of a statement for one reader of the parties; the reading is on record."""
    require(by, A.COMMITMENT_LIST, given.occurrence.commitment.version.agreement)
    if given.attachment is None:
        raise NotFound
    content = open_attachment(given.attachment, org=given.attachment.org)
    record(by=by, action=A.COMMITMENT_LIST, target=given, at=at, fields=["attachment"])
    return given.attachment, content


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    return reason.strip()


def _plain(occurrence_id: UUID, verb: str, action: Action, note: str, by: User, at: datetime) -> Occurrence:
    occurrence = _locked(occurrence_id)
    require(by, action, occurrence)
    return _done(occurrence, verb, Said(note.strip()), action, by, at)


def _done(occurrence: Occurrence, verb: str, said: Said, action: Action, by: User, at: datetime) -> Occurrence:
    party = own_party(by, occurrence.commitment.version.agreement)
    step(occurrence, verb, said=said, by=by, party=party, at=at)
    record(by=by, action=action, target=occurrence, at=at, fields=["state", *(["note"] if said.note else [])])
    return occurrence


def _kept(occurrence: Occurrence, upload: Inspected, by: User, at: datetime) -> Attachment:
    """Sealed with the agreement's files, under the key of the office that keeps the agreement; of one that nobody keeps under the owner's."""
    agreement = occurrence.commitment.version.agreement
    org = agreement.kept_by_id or by.org_id
    return keep_upload(upload, scope=agreement.pk, sensitivity=Sensitivity.LEGAL, org=org, by_id=by.pk, at=at)


def _locked(occurrence_id: UUID) -> Occurrence:
    agreement = Occurrence.objects.filter(pk=occurrence_id).values_list("commitment__version__agreement", flat=True).first()
    if agreement is None:
        raise NotFound
    locked(agreement)
    return Occurrence.objects.select_for_update(of=("self",)).select_related("commitment__version__agreement").get(pk=occurrence_id)
