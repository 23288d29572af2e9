"""Acts on a report: record, reach, open files from it, close."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.access.roles import ROLES, Role
from saphan.audit.services import record
from saphan.care.persons.aliases import new_alias
from saphan.care.persons.clocks import clock_of
from saphan.care.persons.codes import Answer, Channel, ContactOutcome, Tie
from saphan.care.persons.disclosure import involve
from saphan.care.persons.models import ContactAttempt, Involvement, Person, Report
from saphan.care.persons.states import LIFE, ReportState
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import new_reference
from saphan.core.outbox import enqueue_mail
from saphan.core.sealing import seal
from saphan.core.sensitivity import SEALED_CLASSES
from saphan.directory.models import Organisation


@dataclass(frozen=True)
class Told:
    """What somebody tells us, as far as it is known; the last three are sealed."""

    channel: str = Channel.CALL
    tie: str = Tie.UNKNOWN
    danger: str = Answer.UNKNOWN
    caller_safe: str = Answer.UNKNOWN
    people_count: int = 1
    country_id: str | None = None
    province_id: str | None = None
    narrative: str = ""
    callback: str = ""
    place: str = ""


@dataclass(frozen=True)
class Facts:
    """Working facts of a person, and what is to be sealed, by field name."""

    age_band: str = Person.AgeBand.DOUBT
    sex: str = Person.Sex.UNKNOWN
    language: str = "th"
    nationality_id: str | None = None
    sealed: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def record_report(*, told: Told, by: User, at: datetime) -> Report:
    """A report is taken down; its clock starts. Colleagues of the province are told that it waits, not what it says."""
    require(by, Action.REPORT_RECORD)
    report = new_report(told, org=by.org, at=at)
    report.office, report.recorded_by = by.office, by
    save_sealed(report, told)
    record(by=by, action=Action.REPORT_RECORD, target=report, at=at, fields=given(told))
    alert_the_province(report)
    return report


@transaction.atomic
def record_contact(*, report_id: UUID, how: str, outcome: str, by: User, at: datetime) -> Report:
    """A try to reach the person. One that reached somebody stops the clock; one that did not leaves it running."""
    report = locked_report(report_id)
    require(by, Action.REPORT_CONTACT, report)
    state = LIFE.target("contact", report.state)
    ContactAttempt.objects.create(report=report, owner_org_id=report.org_id, at=at, by=by, how=how, outcome=outcome)
    if outcome != ContactOutcome.NOT_REACHED:
        report.state, report.contacted_at, report.contacted_by = state, at, by
        report.save(update_fields=["state", "contacted_at", "contacted_by"])
    record(by=by, action=Action.REPORT_CONTACT, target=report, at=at, fields=["how", "outcome"])
    return report


@transaction.atomic
def open_person(*, report_id: UUID | None, facts: Facts, by: User, at: datetime) -> Person:
    """A person of a report gets a file under an invented name; who opens it leads it until somebody else does."""
    report = locked_report(report_id) if report_id else None
    require(by, Action.PERSON_OPEN, report)
    if report:
        report.state = LIFE.target("follow_up", report.state)
        report.save(update_fields=["state"])
    person = Person(
        alias=new_alias(), org=by.org, office=by.office, report=report, age_band=facts.age_band, sex=facts.sex, language=facts.language,
        nationality_id=facts.nationality_id, created_at=at, created_by=by,
    )  # fmt: skip
    kept = {name: value for name, value in facts.sealed.items() if value}
    seal(person, org=by.org_id, **kept)
    person.save(force_insert=True)
    involve(person, org=by.org, user=by, relation=Involvement.Relation.LEAD, classes=SEALED_CLASSES, at=at, source=report.reference if report else "")
    record(by=by, action=Action.PERSON_OPEN, target=person, subject=person.pk, at=at, fields=["age_band", "sex", "language", "nationality", *kept])
    return person


@transaction.atomic
def close_report(*, report_id: UUID, reason: str, by: User, at: datetime) -> Report:
    """Nothing more is to be done about this report."""
    report = locked_report(report_id)
    require(by, Action.REPORT_CLOSE, report)
    report.state = LIFE.target("close", report.state)
    report.closed_at, report.closed_by, report.close_reason = at, by, reason
    report.save(update_fields=["state", "closed_at", "closed_by", "close_reason"])
    record(by=by, action=Action.REPORT_CLOSE, target=report, at=at, fields=["close_reason"])
    return report


def locked_report(report_id: UUID) -> Report:
    """The report, held until the transaction ends."""
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound
    return report


def new_report(told: Told, *, org: Organisation, at: datetime) -> Report:
    """A report with its clock, not yet saved."""
    if told.people_count < 1:
        raise Invalid(fields={"people_count": _("At least one person.")})
    clock = clock_of("report_danger" if told.danger == Answer.YES else "report_plain")
    return Report(
        reference=new_reference("H"), org=org, reported_at=at, channel=told.channel, tie=told.tie, danger=told.danger, caller_safe=told.caller_safe,
        people_count=told.people_count, country_id=told.country_id, province_id=told.province_id, state=ReportState.REPORTED,
        due_at=clock.due(at), clock=clock.code,
    )  # fmt: skip


def save_sealed(report: Report, told: Told) -> None:
    """Seals what was said under the report's own id, and saves."""
    seal(report, org=report.org_id, narrative=told.narrative or None, callback=told.callback or None, place=told.place or None)
    report.save(force_insert=True)


def given(told: Told) -> list[str]:
    """The names of what was told, for the audit."""
    return [name for name, value in vars(told).items() if value]


def alert_the_province(report: Report) -> None:
    """In danger: those who answer reports in that province's offices are told to sign in. Not a word of the report goes by mail."""
    if report.danger == Answer.YES and report.province_id is not None:
        _call(report, _who_answer(report).filter(office__province=report.province_id))


def alert_the_intake(report: Report) -> None:
    """A report that nobody took down: the intake officers of its province are told to sign in, or all of the organisation where none is found.

    Without an intake officer, whoever else answers reports there. Not a word of the report goes by mail.
    """
    answering = _who_answer(report)
    intake = answering.filter(grants__role=Role.INTAKE_OFFICER, grants__revoked_at=None)
    circles = [intake.filter(office__province=report.province_id)] if report.province_id else []
    _call(report, next((circle for circle in [*circles, intake] if circle.exists()), answering))


def _who_answer(report: Report) -> QuerySet[User]:
    answering = [role for role, acts in ROLES.items() if Action.REPORT_CONTACT in acts]
    return User.objects.filter(org=report.org_id, is_active=True, grants__role__in=answering, grants__revoked_at=None)


def _call(report: Report, team: QuerySet[User]) -> None:
    for member in team.distinct():
        with translation.override(member.language):
            enqueue_mail(key=f"report {report.pk} {member.pk}", to=member.email, subject=_("Something waits for you"), body=_("Sign in to read it."))
