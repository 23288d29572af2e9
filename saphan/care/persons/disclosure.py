"""The only place where care opens sealed values: who stands how to a file, what that lets them read, and each reveal with its audit event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, F, Model, Q, UUIDField, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check, require
from saphan.access.roles import Role
from saphan.access.rowlock import as_system
from saphan.access.sensitivity import readable
from saphan.audit.services import record as record_event
from saphan.care.persons.models import Involvement, Person, Report
from saphan.core import clock, keyring
from saphan.core.attachments import open_attachment
from saphan.core.errors import Refused
from saphan.core.models import Attachment
from saphan.core.prepared import Prepared, Slot
from saphan.core.sealing import sealed_fields, share_keys, unseal_many, withdraw_keys
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from saphan.directory.models import Organisation

ASKER, FILE, NOW = Slot("user", UUIDField()), Slot("person", UUIDField()), Slot("at", DateTimeField())
OF_THE_FILE = Involvement.objects.open_at(NOW).filter(person=FILE).only("relation", "classes")
TIES_OF_CARE = Prepared(lambda: OF_THE_FILE.tied_to(ASKER, Slot("org", UUIDField())))
TIES_BY_NAME = Prepared(lambda: OF_THE_FILE.tied_to(ASKER, None))
SUPERVISOR = "supervisor"  # the relation of a supervisor to every file of the own organisation; it needs no row


def relations(user: User, person: Person) -> frozenset[str]:
    """How this worker stands to this file now; empty for a colleague who has not said why."""
    return frozenset(_ties(user, person))


def readable_classes(user: User, person: Person) -> frozenset[Sensitivity]:
    """The sealed classes that this worker may have opened, by role, relation and what each tie opens."""
    open_now: set[Sensitivity] = set()
    for relation, classes in _ties(user, person).items():
        open_now |= readable(user.roles, frozenset({relation})) & classes
    return frozenset(open_now)


def opened_by(user: User, person: Person) -> frozenset[Sensitivity]:
    """What rooms below ask of a file that they do not know: the classes that this worker may have opened; none where the role or the tie is missing."""
    return readable_classes(user, person) if check(user, Action.PERSON_REVEAL, person) else frozenset()


def _ties(user: User, person: Person) -> dict[str, set[Sensitivity]]:
    ties: dict[str, set[Sensitivity]] = {}
    for row in _open_ties(user, person):
        ties.setdefault(row.relation, set()).update(Sensitivity(c) for c in row.classes)
    if person.org_id == user.org_id and Role.CASE_SUPERVISOR in user.roles:
        ties[SUPERVISOR] = set(SEALED_CLASSES)
    return ties


def _open_ties(user: User, person: Person) -> list[Involvement]:
    """What `opened_to` says of this file, asked anew each time; worded once, for every page and every act asks it."""
    asked = {"user": user.pk, "person": person.pk, "at": clock.now()}
    if Action.PERSON_READ in user.acts:
        return TIES_OF_CARE.rows(org=user.org_id, **asked)
    return TIES_BY_NAME.rows(**asked)


def report_classes(user: User, report: Report) -> frozenset[Sensitivity]:
    """What may be opened of a report: whoever answers the organisation's reports works on it as its intake officer."""
    if report.org_id != user.org_id:
        return frozenset()
    return frozenset({Sensitivity.EXPLOITATION, Sensitivity.CONTACT, Sensitivity.LOCATION})


def reveal(record: Any, *fields: str, by: User, at: datetime, purpose: str = "") -> dict[str, str | None]:
    """Opens these sealed fields of one record for one worker and writes one audit event with their names.

    Raises Refused (recorded as a denial by the edge) where the policy or the matrix says no, KeyMissing where the organisation holds no key.
    """
    return reveal_many([record], *fields, by=by, at=at, purpose=purpose)[0]


@transaction.atomic
def reveal_many(records: Sequence[Any], *fields: str, by: User, at: datetime, purpose: str = "") -> list[dict[str, str | None]]:
    """As `reveal`, for several records of one kind in one file: one event names the file, the kind and the fields."""
    if not records:
        return []
    subject = _subject(records[0])
    action = Action.REPORT_READ if isinstance(subject, Report) else Action.PERSON_REVEAL
    require(by, action, subject)
    allowed = report_classes(by, subject) if isinstance(subject, Report) else readable_classes(by, subject)
    for record in records:
        if _subject(record).pk != subject.pk:
            raise ValueError("one reveal opens one file")
        _refuse_unreadable(record, fields, allowed, action, subject)
    values = unseal_many(records, *fields, org=by.org_id)
    target = records[0] if len(records) == 1 else (records[0]._meta.label_lower, "")
    record_event(
        by=by, action=action, target=target, subject=subject.pk if isinstance(subject, Person) else "", at=at, fields=fields, purpose=purpose
    )
    return values


def _subject(record: Any) -> Person | Report:
    subject: Person | Report = record if isinstance(record, Person | Report) else record.person
    return subject


def _refuse_unreadable(record: Any, fields: Iterable[str], allowed: frozenset[Sensitivity], action: Action, subject: Model) -> None:
    sealed = sealed_fields(type(record))
    if any(sealed[name].sensitivity not in allowed for name in fields):
        raise Refused(
            _("Your tie to this file does not open this part of it."), action=action, target_kind=subject._meta.label_lower, target_id=str(subject.pk)
        )


@as_system()  # the receiver of a referral may not write ties; the caller's policy has decided this one
@transaction.atomic
def involve(
    person: Person, *, org: Organisation, relation: str, classes: Iterable[str], at: datetime,
    user: User | None = None, source: str = "", purpose: str = "", until: datetime | None = None,
) -> Involvement:  # fmt: skip
    """Ties a worker, or the care staff of an organisation, to a file, and hands another organisation the keys of the classes named.

    The caller has asked the policy and writes the audit event. The keys of these classes are made now, so that what is written later opens too.
    """
    opened = sorted({str(Sensitivity(c)) for c in classes} - {str(Sensitivity.WORKING)})
    tie = Involvement.objects.create(
        person=person,
        owner_org_id=person.org_id,
        org=org,
        user=user,
        relation=relation,
        classes=opened,
        source=source,
        purpose=purpose,
        since=at,
        until=until,
    )
    if org.pk != person.org_id and opened:
        keyring.for_writing(person.pk, opened, person.org_id)
        share_keys(person.pk, opened, from_org=person.org_id, to_org=org.pk)
    return tie


@as_system()
@transaction.atomic
def end_involvement(person: Person, *, org: Organisation | UUID, relation: str, at: datetime, user: User | None = None, source: str = "") -> int:
    """Ends the open ties of this kind (of one user, or from one source, where named) and takes back the keys that no other tie there needs.

    Returns how many ties ended.
    """
    org_id = org if isinstance(org, UUID) else org.pk
    ties = Involvement.objects.filter(person=person, org=org_id, relation=relation).filter(Q(until=None) | Q(until__gt=at))
    ties = ties.filter(user=user) if user else ties
    ties = ties.filter(source=source) if source else ties
    ended = ties.update(until=Greatest(F("since"), Value(at)))  # a clock that went backwards still ends them
    take_back_keys(person, org_id=org_id, at=at)
    return ended


def take_back_keys(person: Person, *, org_id: UUID, at: datetime) -> None:
    """Leaves another organisation only the keys of the classes that its open ties still name."""
    if org_id == person.org_id:
        return
    still = {c for row in Involvement.objects.filter(person=person, org=org_id).open_at(at) for c in row.classes}
    withdraw_keys(person.pk, [c for c in SEALED_CLASSES if c not in still], org=org_id)


@transaction.atomic
def read_document(attachment: Attachment, *, person: Person, by: User, at: datetime, purpose: str = "") -> bytes:
    """The content of a file kept about this person, for whom its class is open; one audit event. Raises Refused, WrongState, KeyMissing."""
    require(by, Action.PERSON_REVEAL, person)
    if attachment.scope != person.pk or attachment.sensitivity not in readable_classes(by, person):
        raise Refused(
            _("Your tie to this file does not open this part of it."),
            action=Action.DOCUMENT_READ,
            target_kind="core.attachment",
            target_id=str(attachment.pk),
        )
    content = open_attachment(attachment, org=by.org_id)
    record_event(by=by, action=Action.DOCUMENT_READ, target=attachment, subject=person.pk, at=at, fields=["content"], purpose=purpose)
    return content


def is_involved(user: User, person: Person) -> bool:
    """Whether the worker has any tie to this file now."""
    return bool(relations(user, person))


def ends_now(person: Person, user: User) -> datetime | None:
    """When the worker's stated purpose runs out, where that is what opens the file."""
    tie = Involvement.objects.open_at(clock.now()).filter(person=person, user=user, relation=Involvement.Relation.PURPOSE).order_by("-until").first()
    return tie.until if tie else None
