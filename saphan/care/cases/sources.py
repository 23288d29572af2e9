"""The case file's own parts of the timeline, and those of the rooms below it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from saphan.care.cases.models import Case, CaseNote, Consent
from saphan.care.cases.timeline import Entry, register
from saphan.care.persons.codes import ContactOutcome
from saphan.care.persons.models import Involvement, Person
from saphan.care.screening import selectors as screening
from saphan.core.models import Attachment


@register
def from_report(person_id: UUID) -> Iterable[Entry]:
    """The report that named the person, the tries to reach them, and the file."""
    person = Person.objects.select_related("report").get(pk=person_id)
    yield Entry(person.created_at, _("File opened under an invented name"))
    report = person.report
    if report is None:
        return
    detail = _("report %(reference)s") % {"reference": report.reference}
    yield Entry(report.reported_at, _("Reported"), "warm" if report.in_danger else "", detail, reverse("reports:detail", args=[report.pk]))
    for attempt in report.attempts.all():
        reached = attempt.outcome != ContactOutcome.NOT_REACHED
        label = _("First contact") if reached else _("Contact tried")
        yield Entry(attempt.at, label, "good" if reached else "", f"{attempt.get_how_display()}: {attempt.get_outcome_display()}")


@register
def from_screening(person_id: UUID) -> Iterable[Entry]:
    """Interviews and hearings."""
    closed_to = screening.users_in_conflict(person_id)
    return [Entry(e.at, e.label, e.tone, e.detail, e.url, closed_to=closed_to) for e in screening.timeline(person_id)]


@register
def from_case(person_id: UUID) -> Iterable[Entry]:
    """The case itself."""
    case = Case.objects.select_related("lead", "closed_by").get(person=person_id)
    yield Entry(case.opened_at, _("Case opened"), "good", case.reference)
    if case.closed_at:
        yield Entry(case.closed_at, _("Case closed"), "", case.get_close_reason_display())


@register
def from_consents(person_id: UUID) -> Iterable[Entry]:
    """What the person agreed to, and took back."""
    for consent in Consent.objects.filter(person=person_id).select_related("receiver"):
        about = consent.get_purpose_display() + (f": {consent.receiver}" if consent.receiver else "")
        yield Entry(consent.given_at, _("Consent given"), "good", about)
        if consent.withdrawn_at:
            yield Entry(consent.withdrawn_at, _("Consent withdrawn"), "warm", about)


@register
def from_notes(person_id: UUID) -> Iterable[Entry]:
    """That something was written; not what."""
    for note in CaseNote.objects.filter(case__person=person_id).select_related("written_by"):
        yield Entry(note.written_at, _("Note: %(kind)s") % {"kind": note.get_kind_display()}, "", str(note.written_by))


@register
def from_documents(person_id: UUID) -> Iterable[Entry]:
    """That a file was kept; its name stays sealed."""
    for kept in Attachment.objects.filter(scope=person_id):
        yield Entry(kept.received_at, _("Document kept"), "", f"{kept.reference}, {kept.get_kind_display()}")


@register
def from_visits(person_id: UUID) -> Iterable[Entry]:
    """Colleagues who opened the file for a stated purpose, and changes of the lead."""
    kinds = {Involvement.Relation.PURPOSE: _("Opened for a stated purpose"), Involvement.Relation.LEAD: _("Lead taken")}
    for tie in Involvement.objects.filter(person=person_id, relation__in=kinds).select_related("user"):
        yield Entry(tie.since, kinds[Involvement.Relation(tie.relation)], "warm" if tie.purpose else "", str(tie.user))
