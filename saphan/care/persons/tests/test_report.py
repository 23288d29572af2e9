"""A report from the call to its end (SC01)."""

from collections.abc import Callable

import pytest

from saphan.access.models import RoleGrant
from saphan.access.roles import Role
from saphan.audit.models import AuditEvent
from saphan.care.persons.codes import CloseReason, ContactOutcome
from saphan.care.persons.desk import count_visits, running_clocks, waiting
from saphan.care.persons.inward import receive_concern
from saphan.care.persons.models import Report
from saphan.care.persons.services import Facts, Told, alert_the_intake, close_report, open_person, record_contact, record_report
from saphan.care.persons.states import LIFE, ReportState
from saphan.care.persons.tests.conftest import CANARIES, later
from saphan.core.errors import Invalid, Refused, WrongState
from saphan.core.models import OutboxMessage
from saphan.directory.models import Office
from tests.people import NOON


def test_danger_starts_a_clock_of_one_hour_and_names_where_it_comes_from(report):
    assert report.due_at == later(hours=1)
    assert report.clock == "report_danger"


@pytest.mark.parametrize("danger", ["no", "unknown"])
def test_without_danger_or_when_it_is_not_known_the_clock_is_a_day(intake, danger):
    assert record_report(told=Told(danger=danger), by=intake, at=NOON).due_at == later(hours=24)


def test_what_was_said_is_sealed_under_the_reports_own_id(report):
    report.refresh_from_db()
    assert report.sealed_scope == report.pk
    assert {repr(getattr(report, name)) for name in CANARIES} == {"[sealed]"}
    assert not any(value.encode() in getattr(report, name).ciphertext for name, value in CANARIES.items())


def test_the_province_is_told_to_sign_in_and_nothing_else(people, owner, intake, ministry):
    owner.office = Office.objects.create(org=ministry, province_id="TH-57", name_en="Chiang Rai office")
    owner.save()
    report = record_report(told=Told(danger="yes", province_id="TH-57", **CANARIES), by=intake, at=NOON)
    mail = OutboxMessage.objects.get(topic="mail")
    assert mail.payload["to"] == owner.email
    assert report.reference not in str(mail.payload)
    assert "CANARY" not in str(mail.payload)


def test_a_contact_that_reaches_somebody_stops_the_clock(report, intake):
    record_contact(report_id=report.pk, how="telephone", outcome=ContactOutcome.SAFE, by=intake, at=later(minutes=20))
    report.refresh_from_db()
    assert (report.state, report.contacted_by, report.contacted_at) == (ReportState.CONTACTED, intake, later(minutes=20))


def test_a_try_that_reaches_nobody_leaves_the_clock_running(report, intake):
    record_contact(report_id=report.pk, how="telephone", outcome=ContactOutcome.NOT_REACHED, by=intake, at=later(minutes=5))
    report.refresh_from_db()
    assert report.clock_runs
    assert report.attempts.count() == 1


def test_a_second_first_contact_is_refused(report, intake):
    record_contact(report_id=report.pk, how="visit", outcome=ContactOutcome.SAFE, by=intake, at=NOON)
    with pytest.raises(WrongState):
        record_contact(report_id=report.pk, how="visit", outcome=ContactOutcome.SAFE, by=intake, at=NOON)


def test_a_late_report_is_found_late(report):
    assert not Report.objects.late(later(minutes=59)).exists()
    assert Report.objects.late(later(minutes=61)).get() == report


@pytest.mark.parametrize("act", ["contact", "open", "close"])
def test_another_organisation_cannot_act_on_a_report(report, stranger, act):
    acts: dict[str, Callable[[], object]] = {
        "contact": lambda: record_contact(report_id=report.pk, how="visit", outcome="safe", by=stranger, at=NOON),
        "open": lambda: open_person(report_id=report.pk, facts=Facts(), by=stranger, at=NOON),
        "close": lambda: close_report(report_id=report.pk, reason="repeated", by=stranger, at=NOON),
    }
    with pytest.raises(Refused):
        acts[act]()
    report.refresh_from_db()
    assert report.state == ReportState.REPORTED


def test_a_closed_report_says_when_by_whom_and_why(report, intake):
    close_report(report_id=report.pk, reason=CloseReason.REPEATED, by=intake, at=NOON)
    report.refresh_from_db()
    assert (report.state, report.closed_by, report.close_reason) == (ReportState.CLOSED, intake, CloseReason.REPEATED)
    with pytest.raises(WrongState):
        open_person(report_id=report.pk, facts=Facts(), by=intake, at=NOON)


def test_several_people_of_one_report_get_files_under_different_names(report, owner):
    files = [open_person(report_id=report.pk, facts=Facts(), by=owner, at=NOON) for _ in range(3)]
    assert len({f.alias for f in files}) == 3
    report.refresh_from_db()
    assert report.state == ReportState.FOLLOWED_UP


def test_nobody_is_no_person(intake):
    with pytest.raises(Invalid):
        record_report(told=Told(people_count=0), by=intake, at=NOON)


def test_the_life_of_a_report_has_no_dead_end():
    ends = {s for s in ReportState if not LIFE.verbs_from(s)}
    assert ends == LIFE.final


def test_only_care_staff_of_the_organisation_see_reports(report, people):
    seeing = {user.email for user in people.everyone() if Report.objects.visible_to(user).exists()}
    assert seeing == {u.email for u in (people.owner, people.colleague, people.supervisor, people.second_supervisor, people.intake)}


def test_a_concern_from_the_public_side_becomes_a_report_of_the_ministry(people, ministry):
    report = receive_concern({"text": CANARIES["narrative"], "safe_contact": "evenings", "danger": "yes", "about": "other", "country": "TH"}, NOON)
    assert (report.org, report.channel, report.recorded_by, report.due_at) == (ministry, "sealed", None, later(hours=1))
    assert repr(report.narrative) == "[sealed]"


def test_a_concern_never_reaches_the_ministry_of_a_partner_country(people, ministry):
    assert people.partner.kind == ministry.kind
    assert people.partner.name_en < ministry.name_en
    assert receive_concern(CONCERN, NOON).org == ministry


CONCERN = {"text": CANARIES["narrative"], "safe_contact": "CANARY-evenings", "danger": "unknown", "about": "other", "country": "TH"}


def test_a_sealed_concern_tells_every_intake_officer_of_the_ministry_to_sign_in_once(people):
    report = receive_concern(CONCERN, NOON)
    alert_the_intake(report)
    mails = OutboxMessage.objects.filter(topic="mail")
    at_intake = {user.email for user in people.everyone() if user.org_id == people.ministry.pk and Role.INTAKE_OFFICER in user.roles}
    assert sorted(mail.payload["to"] for mail in mails) == sorted(at_intake)
    assert people.intake.email in at_intake
    assert not any(word in str(mail.payload) for mail in mails for word in ("CANARY", report.reference))


def test_a_concern_whose_province_is_known_alerts_the_intake_officers_there(people, ministry):
    people.intake.office = Office.objects.create(org=ministry, province_id="TH-57", name_en="Chiang Rai office")
    people.intake.save()
    report = receive_concern(CONCERN, NOON)
    OutboxMessage.objects.all().delete()
    report.province_id = "TH-57"
    alert_the_intake(report)
    assert OutboxMessage.objects.get(topic="mail").payload["to"] == people.intake.email


def test_without_an_intake_officer_a_concern_alerts_whoever_answers_reports(people):
    RoleGrant.objects.filter(role=Role.INTAKE_OFFICER).update(revoked_at=NOON)
    receive_concern(CONCERN, NOON)
    told = {mail.payload["to"] for mail in OutboxMessage.objects.filter(topic="mail")}
    assert {people.colleague.email, people.supervisor.email} <= told


def test_my_day_shows_the_nearest_clock_first_by_reference_only(report, intake):
    calm = record_report(told=Told(danger="no"), by=intake, at=NOON)
    tasks = running_clocks(intake, NOON)
    assert [t.label for t in tasks] == [report.reference, calm.reference]
    assert waiting(intake) == 2
    assert count_visits(intake) == 0


def test_each_act_is_recorded_once_without_values(report, intake):
    record_contact(report_id=report.pk, how="visit", outcome=ContactOutcome.SAFE, by=intake, at=NOON)
    events = AuditEvent.objects.filter(target_id=str(report.pk))
    assert [e.action for e in events.order_by("id")] == ["reports:record", "reports:contact"]
    assert "CANARY" not in str(list(events.values()))
