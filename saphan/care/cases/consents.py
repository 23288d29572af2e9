"""What a person agreed to share, evaluated at the moment of sharing. Withdrawal closes every open share at once and never costs a service."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.care.cases.codes import Capacity, SharingPurpose
from saphan.care.cases.models import Consent
from saphan.care.cases.states import CONSENT_LIFE
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.disclosure import take_back_keys
from saphan.care.persons.files import locked_person
from saphan.care.persons.models import Involvement, Person
from saphan.core.errors import Invalid, NotFound
from saphan.core.sealing import seal
from saphan.core.sensitivity import SEALED_CLASSES, Sensitivity
from saphan.directory.models import Organisation

Hook = Callable[[Consent, User, datetime], None]
HOOKS: list[Hook] = []


def on_withdrawal(hook: Hook) -> Hook:
    """Registers what a room above does, in the same transaction, when a consent is withdrawn: `hook(consent, by, at)`."""
    HOOKS.append(hook)
    return hook


@dataclass(frozen=True)
class Given:
    """What the person agreed to, and how."""

    purpose: str
    language: str
    form: str
    capacity: str
    receiver_id: UUID | None = None
    classes: tuple[str, ...] = ()
    guardian_tie: str = ""
    assent: bool = False
    evidence: str = ""


def covers(person: Person, receiver_org: Organisation, classes: Iterable[str], at: datetime) -> bool:
    """Whether valid consents let these classes be shared with this organisation now."""
    return {str(c) for c in classes} <= covered_classes(person, receiver_org.pk, at)


def covered_classes(person: Person, receiver_id: UUID, at: datetime) -> frozenset[str]:
    """All classes that valid consents open to this organisation now."""
    return frozenset(c for consent in Consent.objects.filter(person=person, receiver=receiver_id).valid_at(at) for c in consent.classes)


def has_case_consent(person: Person, at: datetime) -> bool:
    """Whether the person agrees, now, to a case file being kept."""
    return Consent.objects.filter(person=person, purpose=SharingPurpose.CASE).valid_at(at).exists()


@transaction.atomic
def record_consent(*, person_id: UUID, given: Given, by: User, at: datetime) -> Consent:
    """Writes down what the person agreed to, until when, and how it is known. Raises Invalid where the wrong one gave it."""
    person = locked_person(person_id)
    require(by, Action.CONSENT_RECORD, person)
    _capacity_fits(person, given)
    _receiver_fits(person, given)
    consent = Consent(
        person=person, owner_org_id=person.org_id, purpose=given.purpose, receiver_id=given.receiver_id, classes=sorted(set(given.classes)),
        language=given.language, form=given.form, capacity=given.capacity, guardian_tie=_guardian(given),
        given_at=at, recorded_by=by, expires_at=clock_of("consent_lasts").due(at),
    )  # fmt: skip
    seal(consent, org=by.org_id, evidence=given.evidence or None)
    consent.save(force_insert=True)
    record(
        by=by, action=Action.CONSENT_RECORD, target=consent, subject=person.pk, at=at, fields=["purpose", "receiver", "classes", "form", "capacity"]
    )
    return consent


@transaction.atomic
def withdraw_consent(*, consent_id: UUID, by: User, at: datetime) -> Consent:
    """The person takes a consent back: every share with that organisation which no other consent carries ends now, keys included."""
    consent = Consent.objects.select_for_update().select_related("person").filter(pk=consent_id).first()
    if consent is None:
        raise NotFound
    require(by, Action.CONSENT_WITHDRAW, consent)
    consent.state = CONSENT_LIFE.target("withdraw", consent.state)
    consent.withdrawn_at, consent.withdrawn_by = at, by
    consent.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    if consent.receiver_id:
        _close_uncovered(consent.person, consent.receiver_id, at)
    for hook in HOOKS:
        hook(consent, by, at)
    record(by=by, action=Action.CONSENT_WITHDRAW, target=consent, subject=consent.person_id, at=at, fields=["withdrawn_at"])
    return consent


def _close_uncovered(person: Person, receiver_id: UUID, at: datetime) -> None:
    still = covered_classes(person, receiver_id, at)
    open_shares = Involvement.objects.filter(person=person, org=receiver_id, relation=Involvement.Relation.RECEIVER)
    for tie in open_shares.filter(Q(until=None) | Q(until__gt=at)):
        if not still or not still.issuperset(tie.classes):
            tie.until = max(at, tie.since)
            tie.save(update_fields=["until"])
    take_back_keys(person, org_id=receiver_id, at=at)


def _guardian(given: Given) -> str:
    return given.guardian_tie if given.capacity == Capacity.CHILD else ""


def _capacity_fits(person: Person, given: Given) -> None:
    """A child, or whoever may be one, agrees and the guardian consents; an adult speaks for herself."""
    if not person.counts_as_child:
        if given.capacity != Capacity.ADULT:
            raise Invalid(fields={"capacity": _("This person is an adult and decides alone.")})
        return
    if given.capacity != Capacity.CHILD:
        raise Invalid(fields={"capacity": _("A child, or a person whose age is in doubt, agrees together with a guardian.")})
    if not given.guardian_tie:
        raise Invalid(fields={"guardian_tie": _("Say how the guardian stands to the child.")})
    if not given.assent:
        raise Invalid(fields={"assent": _("Nothing is shared against the child's wish.")})


def _receiver_fits(person: Person, given: Given) -> None:
    if unknown := set(given.classes) - {c.value for c in SEALED_CLASSES}:
        raise Invalid(fields={"classes": _("Not a part of a file: %(code)s") % {"code": min(unknown)[:20]}})
    if given.receiver_id is None:
        if given.purpose not in (SharingPurpose.CASE, SharingPurpose.STATISTICS):
            raise Invalid(fields={"receiver": _("Say with whom.")})
        return
    if given.receiver_id == person.org_id or not Organisation.objects.filter(pk=given.receiver_id, state=Organisation.State.APPROVED).exists():
        raise Invalid(fields={"receiver": _("Choose another organisation that takes part.")})
    if not given.classes:
        raise Invalid(fields={"classes": _("Say which parts of the file.")})


def class_labels(codes: Iterable[str]) -> list[str]:
    """The classes as they are read."""
    chosen = set(codes)
    return [str(c.label) for c in Sensitivity if c.value in chosen]
