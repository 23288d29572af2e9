"""Due dates over Thai and Lao holidays against vectors worked out by hand."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.agreements.procedures.calendars import Calendar, Calendars, months_after
from saphan.agreements.procedures.terms import Length

ROWS = list(csv.DictReader(Path(__file__).with_name("due_dates.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['country']} {row['start']} {row['length']}")
def test_due_dates_are_those_worked_out_by_hand(row):
    calendar = Calendar(row["country"])
    start = datetime.fromisoformat(row["start"] if "T" in row["start"] else row["start"] + "T09:00:00")
    due = calendar.due_after(start if start.tzinfo else start.replace(tzinfo=calendar.zone), Length.read(row["length"]))
    if "T" in row["due"]:
        assert due.at == datetime.fromisoformat(row["due"]), row["why"]
    else:
        local = due.at.astimezone(calendar.zone)
        assert local.date() == date.fromisoformat(row["due"]), row["why"]
        assert (local + timedelta(microseconds=1)).time().isoformat() == "00:00:00"


def test_there_are_enough_vectors():
    assert len(ROWS) >= 50
    assert sum(row["country"] in ("TH", "LA") for row in ROWS) >= 40


@given(start=st.dates(date(2024, 1, 1), date(2029, 12, 31)), count=st.integers(1, 60), country=st.sampled_from(["TH", "LA", "KH", "MM", "VN", "CN"]))
def test_working_days_equal_a_count_day_by_day(start, count, country):
    calendar = Calendar(country)
    last, off, weekend = calendar.working_days_after(start, count)
    days = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(not calendar.day_off(day) for day in days) == count
    assert not calendar.day_off(last)
    assert len(days) == count + len(off) + weekend


@given(start=st.dates(date(2000, 1, 1), date(2100, 1, 1)), count=st.integers(0, 120))
def test_a_month_never_reaches_into_the_one_after(start, count):
    found = months_after(start, count)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == count
    assert found.day <= start.day


def test_the_reason_names_the_holidays_that_were_left_out():
    due = Calendar("TH").due_after(datetime(2026, 4, 3, 9, tzinfo=UTC), Length(5, "wd"))
    assert [day for day, _name in due.days_off] == ["2026-04-06", "2026-04-13", "2026-04-14", "2026-04-15"]
    assert due.weekend_days == 4
    assert due.plain()["calendar"] == Calendar("TH").version


def test_a_ministry_takes_days_off_and_puts_them_back():
    edited = Calendar("LA", {date(2026, 4, 17): "given by the prime minister"}, frozenset({date(2026, 4, 14), date(2026, 4, 18)}))
    start = datetime(2026, 4, 13, 9, tzinfo=UTC)
    assert [edited.due_after(start, Length(n, "wd")).at.astimezone(edited.zone).day for n in (1, 2, 3)] == [14, 18, 20]
    assert edited.version != Calendar("LA").version
    assert Calendars({"LA": edited}).due_after(start, Length(1, "wd"), "LA").calendar == edited.version


def test_a_due_date_computed_once_stands_when_the_calendar_changes():
    start = datetime(2026, 4, 13, 9, tzinfo=UTC)
    due = Calendars().due_after(start, Length(1, "wd"), "LA")
    edited = Calendars({"LA": Calendar("LA", {date(2026, 4, 17): "given"})})
    assert edited.due_after(start, Length(1, "wd"), "LA").at > due.at
    assert edited.remembering({(start, "1wd", "LA"): due}).due_after(start, Length(1, "wd"), "LA") is due


def test_a_country_without_a_list_has_weekends_only():
    calendar = Calendar("XX")
    assert calendar.version == "XX no list"
    assert calendar.due_after(datetime(2026, 1, 1, 9, tzinfo=UTC), Length(1, "wd")).at.date() == date(2026, 1, 2)


def test_a_naive_start_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Calendar("TH").due_after(datetime(2026, 1, 1), Length(1, "d"))
