"""The invented story's beginning: calls to the hotline, first contact, a file. Every word is invented."""

from datetime import datetime, timedelta

from saphan.access.seeds import People
from saphan.care.persons.models import Person, Report
from saphan.care.persons.services import Facts, Told, open_person, record_contact, record_report
from saphan.core import clock
from saphan.directory.models import Office, Province

DAY = timedelta(days=1)
WORKSHOP = Told(
    danger="yes", caller_safe="no", tie="workmate", people_count=3, country_id="TH", province_id="TH-57", place="The packing hall behind the market",
    narrative="Three of us are kept in the packing hall; the foreman holds the papers.",
    callback="A message after nine in the evening, nothing before",
)  # fmt: skip
BOAT = Told(
    channel="agency", danger="no", caller_safe="yes", tie="agency", country_id="TH", province_id="TH-57", place="The old pier",
    narrative="He came off the boat without wages and without his papers.",
)  # fmt: skip
CALLS = Told(
    channel="message", danger="unknown", caller_safe="unknown", tie="self", country_id="TH", province_id="TH-57", place="A house of many rooms",
    narrative="She wants to stop the calls that she has to make, and cannot leave.",
)  # fmt: skip


def plant(people: People) -> None:
    """Three reports: one whose clock runs, one answered, one from which a file was opened."""
    _give_offices(people)
    now = clock.now()
    _report(people, WORKSHOP, now - timedelta(minutes=25))
    _answered(people, BOAT, now - 4 * DAY)
    girl = _answered(people, CALLS, now - 3 * DAY)
    _file(
        people,
        girl,
        now - 2.9 * DAY,
        Facts(age_band="doubt", sex="female", language="th", sealed={"given_name": "Fa (invented)", "safe_contact": "Through the school"}),
    )


def _give_offices(people: People) -> None:
    province = Province.objects.get(code="TH-57")
    office, _made = Office.objects.get_or_create(
        org=people.ministry, name_en="Chiang Rai office", defaults={"name_th": "สำนักงานเชียงราย", "province": province}
    )
    for worker in (people.owner, people.colleague, people.supervisor, people.intake):
        worker.office = office
        worker.save(update_fields=["office"])


def _report(people: People, told: Told, at: datetime) -> Report:
    with clock.stopped_at(at):
        return record_report(told=told, by=people.intake, at=at)


def _answered(people: People, told: Told, at: datetime) -> Report:
    report, reached = _report(people, told, at), at + timedelta(minutes=40)
    with clock.stopped_at(reached):
        return record_contact(report_id=report.pk, how="telephone", outcome="safe", by=people.intake, at=reached)


def _file(people: People, report: Report, at: datetime, facts: Facts) -> Person:
    with clock.stopped_at(at):
        return open_person(report_id=report.pk, facts=facts, by=people.owner, at=at)
