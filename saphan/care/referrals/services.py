"""Acts on a referral. Before it is accepted the receiver knows the minimal notice; from that moment, and not before, the consented scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.access.rowlock import as_system
from saphan.audit.services import record
from saphan.care.cases.consents import covers, on_withdrawal
from saphan.care.cases.models import Case, Consent
from saphan.care.persons.disclosure import end_involvement, involve, reveal
from saphan.care.persons.models import Involvement, Person
from saphan.care.referrals import procedure
from saphan.care.referrals.codes import WithdrawReason
from saphan.care.referrals.models import Referral
from saphan.care.referrals.selectors import consent_covers, next_best
from saphan.care.referrals.states import AWAITING_REPLY, LIFE, SCOPE_OPEN, State
from saphan.core.errors import DomainError, Invalid, NotFound
from saphan.core.faults import point
from saphan.core.ids import new_reference
from saphan.core.outbox import enqueue, enqueue_mail
from saphan.core.sealing import seal
from saphan.core.sensitivity import Sensitivity
from saphan.directory.models import Organisation, Service

ESCALATE = "referrals.escalate"
RECEIVER = Involvement.Relation.RECEIVER


class ConsentMissing(DomainError):
    """The person's consent does not cover this any more (409): nothing is shared."""


@dataclass(frozen=True)
class Request:
    """What is asked for, of whom; the note is sealed and opens with the plan."""

    service_id: UUID
    risk: str
    note: str = ""


@transaction.atomic
def draft(*, case_id: UUID, request: Request, by: User, at: datetime) -> Referral:
    """Prepares a referral to the organisation that offers the service. Nobody there sees it yet; the clock to send it runs."""
    case = Case.objects.visible_to(by).select_related("person").filter(pk=case_id).first()
    service = Service.objects.filter(ended_on=None).select_related("organisation").filter(pk=request.service_id).first()
    if case is None or service is None:
        raise NotFound
    require(by, Action.REFERRAL_DRAFT, case)
    _refuse_wrong_receiver(case, service.organisation)
    referral = Referral(
        reference=new_reference("R"), case=case, person=case.person, from_org_id=case.org_id, to_org=service.organisation, service=service, need=service.kind,
        language=case.person.language, risk=request.risk, age_band=case.person.age_band, drafted_at=at, drafted_by=by,
    )  # fmt: skip
    referral.due_at = at  # until the procedure, which follows a row, says when
    seal(referral, org=by.org_id, note=request.note or None)
    referral.save(force_insert=True)
    procedure.begin(referral, by=by, at=at)
    _wait(referral)
    record(
        by=by,
        action=Action.REFERRAL_DRAFT,
        target=referral,
        subject=referral.person_id,
        at=at,
        fields=["need", "risk", "note"] if request.note else ["need", "risk"],
    )
    return referral


def _refuse_wrong_receiver(case: Case, receiver: Organisation) -> None:
    if receiver.pk == case.org_id:
        raise Invalid(fields={"service": _("This is your own organisation: no referral is needed.")})
    if receiver.state != Organisation.State.APPROVED:
        raise Invalid(fields={"service": _("This organisation does not take part at the moment.")})


@transaction.atomic
def send(*, referral_id: UUID, consent_id: UUID, classes: Iterable[str], by: User, at: datetime) -> Referral:
    """Puts the referral into the receiver's queue as a minimal notice. Raises Invalid unless a consent covers receiver and parts at this moment."""
    consent = Consent.objects.select_for_update().filter(pk=consent_id).first()  # before the referral, as whoever withdraws it does
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_SEND, referral)
    state = LIFE.target("send", referral.state)
    offered = sorted({str(Sensitivity(c)) for c in classes})
    _refuse_unsendable(referral, consent, offered, at)
    procedure.tell(referral, procedure.send(consent), by=by, at=at)
    referral.state, referral.consent, referral.classes, referral.sent_at, referral.sent_by = state, consent, offered, at, by
    referral.save(update_fields=["state", "consent", "classes", "sent_at", "sent_by"])
    _wait(referral)
    record(by=by, action=Action.REFERRAL_SEND, target=referral, subject=referral.person_id, at=at, fields=offered)
    return referral


def _refuse_unsendable(referral: Referral, consent: Consent | None, offered: list[str], at: datetime) -> None:
    if consent is None or not consent_covers(consent, referral, offered, at):
        raise Invalid(fields={"consent": _("This consent does not cover what would be shared with this organisation now.")})
    if not offered:
        raise Invalid(fields={"classes": _("Choose at least one part of the file that opens when the referral is accepted.")})
    if referral.note is not None and Sensitivity.PLAN not in offered:
        raise Invalid(
            fields={"classes": _("Your note belongs to the plan. Offer the plan too, or withdraw this draft and write one without a note.")}
        )
    if not referral.case.is_open:
        raise Invalid(_("The case is closed."))


@transaction.atomic
def acknowledge(*, referral_id: UUID, by: User, at: datetime) -> Referral:
    """The receiving organisation has seen the notice and will answer."""
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_ACKNOWLEDGE, referral)
    state = LIFE.target("acknowledge", referral.state)
    procedure.tell(referral, procedure.acknowledge, by=by, at=at)
    referral.state, referral.acknowledged_at = state, at
    referral.save(update_fields=["state", "acknowledged_at"])
    _wait(referral)
    record(by=by, action=Action.REFERRAL_ACKNOWLEDGE, target=referral, subject=referral.person_id, at=at)
    return referral


@transaction.atomic
def accept(*, referral_id: UUID, by: User, at: datetime) -> Referral:
    """The receiving organisation takes the referral; its scope of the file opens to it from this moment.

    Tie, keys, audit and mail are one transaction. Raises ConsentMissing when the person's consent does not hold now.
    """
    referral = _locked_with_file(referral_id)
    require(by, Action.REFERRAL_ACCEPT, referral)
    state = LIFE.target("accept", referral.state)
    procedure.tell(referral, procedure.accept(referral.classes), by=by, at=at)
    _reply(referral, state, by, at)
    with as_system():  # the receiver's row lock hides case, consent and file until the tie below exists
        _require_consent(referral, at)
        point("referrals:accept:1")
        referral.save(update_fields=["state", "due_at", "acknowledged_at", "replied_at", "replied_by"])
        point("referrals:accept:2")
        involve(referral.person, org=referral.to_org, relation=RECEIVER, classes=referral.classes, source=referral.tie, at=at)
        point("referrals:accept:3")
        _tell_sender(referral, "referral-accepted")
    point("referrals:accept:4")
    record(by=by, action=Action.REFERRAL_ACCEPT, target=referral, subject=referral.person_id, at=at, fields=referral.classes)
    point("referrals:accept:5")
    return referral


def _require_consent(referral: Referral, at: datetime) -> None:
    if not covers(referral.person, referral.to_org, referral.classes, at):
        raise ConsentMissing(_("The person's consent has run out or was withdrawn. Ask the sender; nothing has been opened."))


@transaction.atomic
def decline(*, referral_id: UUID, reason: str, alternative_id: UUID | None = None, by: User, at: datetime) -> Referral:
    """The receiving organisation cannot help, says why, and names another service; without a name the next best is proposed."""
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_DECLINE, referral)
    state = LIFE.target("decline", referral.state)
    procedure.tell(referral, procedure.decline, by=by, at=at)
    _reply(referral, state, by, at)
    referral.decline_reason = reason
    with as_system():
        other = Service.objects.offered().filter(pk=alternative_id).exclude(organisation=referral.to_org_id).first() if alternative_id else None
        referral.alternative = other or next_best(referral, at)
        referral.save(update_fields=["state", "due_at", "acknowledged_at", "replied_at", "replied_by", "decline_reason", "alternative"])
        _tell_sender(referral, "referral-declined")
    record(by=by, action=Action.REFERRAL_DECLINE, target=referral, subject=referral.person_id, at=at, fields=["decline_reason", "alternative"])
    return referral


@transaction.atomic
def withdraw(*, referral_id: UUID, reason: str, by: User, at: datetime) -> Referral:
    """The sender takes back what has not been answered."""
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_WITHDRAW, referral)
    _take_back(referral, reason, by, at)
    record(by=by, action=Action.REFERRAL_WITHDRAW, target=referral, subject=referral.person_id, at=at, fields=["withdraw_reason"])
    return referral


@transaction.atomic
def start(*, referral_id: UUID, by: User, at: datetime) -> Referral:
    """The service has begun."""
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_START, referral)
    state = LIFE.target("start", referral.state)
    procedure.tell(referral, procedure.start, by=by, at=at)
    referral.state, referral.started_at = state, at
    referral.save(update_fields=["state", "started_at"])
    record(by=by, action=Action.REFERRAL_START, target=referral, subject=referral.person_id, at=at)
    return referral


@transaction.atomic
def complete(*, referral_id: UUID, outcome: str, by: User, at: datetime) -> Referral:
    """The service is over, with what came of it."""
    referral = _locked(referral_id)
    require(by, Action.REFERRAL_COMPLETE, referral)
    state = LIFE.target("complete", referral.state)
    procedure.tell(referral, procedure.complete, by=by, at=at)
    referral.state, referral.completed_at, referral.outcome = state, at, outcome
    referral.save(update_fields=["state", "completed_at", "outcome"])
    with as_system():
        _tell_sender(referral, "referral-completed")
    record(by=by, action=Action.REFERRAL_COMPLETE, target=referral, subject=referral.person_id, at=at, fields=["outcome"])
    return referral


@transaction.atomic
def close_feedback(*, referral_id: UUID, feedback: str, by: User, at: datetime) -> Referral:
    """The sender has asked the person whether it helped. The receiver's view of the file ends here."""
    referral = _locked_with_file(referral_id)
    require(by, Action.REFERRAL_FEEDBACK, referral)
    state = LIFE.target("close_feedback", referral.state)
    procedure.tell(referral, procedure.close_feedback, by=by, at=at)
    referral.state, referral.closed_at, referral.feedback = state, at, feedback
    referral.save(update_fields=["state", "closed_at", "feedback"])
    _close_scope(referral, at)
    record(by=by, action=Action.REFERRAL_FEEDBACK, target=referral, subject=referral.person_id, at=at, fields=["feedback"])
    return referral


@on_withdrawal
@transaction.atomic
def end_sharing(consent: Consent, by: User, at: datetime) -> None:
    """A consent is withdrawn: what waits for an answer is taken back, what is open closes at once, unless another consent carries it. No service ends by it."""
    shared = Referral.objects.select_for_update(of=("self",)).filter(
        person=consent.person_id, to_org=consent.receiver_id, state__in=AWAITING_REPLY | SCOPE_OPEN, scope_closed_at=None
    )
    for referral in shared.select_related("person", "to_org"):
        if covers(referral.person, referral.to_org, referral.classes, at):
            continue
        if referral.state in AWAITING_REPLY:
            _take_back(referral, WithdrawReason.CONSENT, by, at)
        else:
            procedure.tell(referral, procedure.end_consent, by=by, at=at)
            _close_scope(referral, at)
        record(by=by, action=Action.REFERRAL_WITHDRAW, target=referral, subject=referral.person_id, at=at, fields=["consent"])


@transaction.atomic
def escalate(*, referral_id: UUID, state: str, at: datetime) -> bool:
    """Marks a referral whose clock ran out while it waited in `state`, and tells both queues. False when it was answered in time, or is marked already."""
    with as_system():
        referral = (
            Referral.objects.select_for_update(of=("self",)).select_related("to_org").filter(pk=referral_id, state=state, due_at__lte=at).first()
        )
        if referral is None or (referral.escalated_at is not None and referral.due_at is not None and referral.escalated_at >= referral.due_at):
            return False
        referral.escalated_at = at
        referral.save(update_fields=["escalated_at"])
        _tell_supervisors(referral)
        record(by=None, action="referrals:escalate", target=referral, subject=referral.person_id, at=at, purpose=state)
    return True


def _locked(referral_id: UUID) -> Referral:
    """The referral, held until the transaction ends. What the row lock hides from the receiver is not joined here."""
    referral = Referral.objects.select_for_update(of=("self",)).select_related("from_org", "to_org").filter(pk=referral_id).first()
    if referral is None:
        raise NotFound
    return referral


def _locked_with_file(referral_id: UUID) -> Referral:
    """As `_locked`, for acts that open or close the file: they hold it first, as whoever withdraws a consent does, so that neither waits for the other."""
    person_id = Referral.objects.filter(pk=referral_id).values_list("person", flat=True).first()
    with as_system():
        Person.objects.select_for_update(no_key=True).filter(pk__in=[person_id]).values_list("pk").first()
    return _locked(referral_id)


def _wait(referral: Referral) -> None:
    """The clock of the present state, as the procedure's promise sets it; somebody looks when it has run out."""
    referral.due_at = procedure.due_of(referral)
    referral.save(update_fields=["due_at"])
    enqueue(
        ESCALATE,
        key=f"{referral.pk} {referral.state}",
        payload={"referral": str(referral.pk), "state": str(referral.state)},
        available_at=referral.due_at,
    )


def _reply(referral: Referral, state: str, by: User, at: datetime) -> None:
    referral.state, referral.due_at = state, None
    referral.acknowledged_at = referral.acknowledged_at or at
    referral.replied_at, referral.replied_by = at, by


def _take_back(referral: Referral, reason: str, by: User, at: datetime) -> None:
    referral.state, referral.due_at = LIFE.target("withdraw", referral.state), None
    referral.withdrawn_at, referral.withdraw_reason = at, reason
    referral.save(update_fields=["state", "due_at", "withdrawn_at", "withdraw_reason"])
    procedure.tell(referral, procedure.withdraw, by=by, at=at)


def _close_scope(referral: Referral, at: datetime) -> None:
    if referral.scope_closed_at is None:
        referral.scope_closed_at = at
        referral.save(update_fields=["scope_closed_at"])
    end_involvement(referral.person, org=referral.to_org, relation=RECEIVER, source=referral.tie, at=at)


def _tell_sender(referral: Referral, what: str) -> None:
    """A mail without a fact: only that something waits behind the sign-in."""
    sender = User.objects.filter(pk__in=[referral.sent_by_id], is_active=True).first()
    if sender:
        _tell(sender, f"{what}-{referral.pk}")


def _tell_supervisors(referral: Referral) -> None:
    """Those who answer for both queues; where nobody does, the one who drafted it."""
    sides = [referral.from_org_id] if referral.state == State.DRAFT else [referral.from_org_id, referral.to_org_id]
    team = User.objects.filter(org__in=sides, is_active=True, grants__role="case_supervisor", grants__revoked_at=None).distinct()
    for member in [*team, *User.objects.filter(pk=referral.drafted_by_id, is_active=True)]:
        _tell(member, f"referral-late-{referral.pk}-{referral.state}-{member.pk}")


def _tell(user: User, key: str) -> None:
    with translation.override(user.language):
        enqueue_mail(key=key, to=user.email, subject=_("Something waits for you"), body=_("Sign in to read it."))


def read_note(*, referral: Referral, purpose: str, by: User, at: datetime) -> str | None:
    """The sender's note, opened for one worker for a stated purpose and recorded. Raises Refused before acceptance, or where the tie does not open the plan."""
    require(by, Action.REFERRAL_READ, referral)
    return reveal(referral, "note", by=by, at=at, purpose=purpose)["note"] if referral.note is not None else None
