import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from saphan.core.dates import FIRST_YEAR, LAST_YEAR, MONTHS_EN, MONTHS_TH, OFFSET, SHORT_TH, DateField, ago, echo_both, parse_date, written
from saphan.core.errors import Invalid

DAY = date(2026, 11, 23)
days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@pytest.mark.parametrize("text", [
    "23/11/2569", "23/11/2026", "23-11-2569", "23.11.2026", "23 11 2569", "2026-11-23", "2569-11-23", "2026/11/23", "23 / 11 / 2569",
    "23 พ.ย. 2569", "23 พ.ย.2569", "23 พย 2569", "23 พฤศจิกายน 2569", "23 พฤศจิกายน พ.ศ. 2569", "23 พฤศจิกายน ค.ศ. 2026", "23 พ.ย. พ.ศ.2569",
    "23 Nov 2026", "23 nov. 2026", "23 November 2026", "23Nov2026", "November 23, 2026", "23 Nov 2569 B.E.", "23 Nov B.E. 2569", "23 Nov 2026 AD",
    "๒๓/๑๑/๒๕๖๙", "๒๓ พ.ย. ๒๕๖๙", "23/11/25\u200b69", "  23/11/2569  ", "២៣/១១/២០២៦", "၂၃/၁၁/၂၀၂၆", "໒໓/໑໑/໒໕໖໙",
])  # fmt: skip
def test_a_date_is_read_as_people_write_it(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize(("text", "word"), [
    ("", "day, month and year"), ("soon", "day, month and year"), ("23/11", "day, month and year"), ("23/11/69", "four digits"), ("23/11/20261", "four digits"),
    ("11/23/2026", "before the month"), ("31/02/2026", "no such day"), ("29/2/2568", "no such day"), ("0/1/2026", "no such day"), ("23 Brumaire 2026", "month is not known"),
    ("1/1/1500", "cannot be meant"), ("1/1/2300", "cannot be meant"), ("1/1/2999", "cannot be meant"), ("23 Nov 2026 B.E.", "cannot be meant"), ("9" * 500, "day, month"),
])  # fmt: skip
def test_what_cannot_be_read_says_how_to_write_it(text, word):
    with pytest.raises(Invalid) as refused:
        parse_date(text)
    assert word in refused.value.sentence


def test_a_leap_day_follows_the_gregorian_year():
    assert parse_date("29/2/2567") == date(2024, 2, 29)


def test_the_rule_of_the_era():
    assert parse_date("1/1/2400 พ.ศ.") == date(1857, 1, 1)
    assert parse_date("1/1/2400") == date(1857, 1, 1)
    assert parse_date("1/1/2199") == date(2199, 1, 1)


@given(days)
def test_every_day_survives_every_way_of_writing(day):
    buddhist = day.year + OFFSET
    ways = [
        day.isoformat(), f"{day.day}/{day.month}/{buddhist}", f"{day.day} {SHORT_TH[day.month - 1]} {buddhist}", f"{day.day} {MONTHS_TH[day.month - 1]} {buddhist}",
        f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}", f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year}",
        written(day, "th"), written(day, "en"), written(day, "th").translate(THAI_DIGITS),
    ]  # fmt: skip
    assert {parse_date(way) for way in ways} == {day}


@given(st.text(max_size=100))
def test_any_text_is_a_day_or_a_sentence(text):
    with contextlib.suppress(Invalid):
        assert FIRST_YEAR <= parse_date(text).year <= LAST_YEAR


def test_both_eras_are_shown():
    assert echo_both(DAY, "th") == "23 พ.ย. 2569 (2026)"
    assert echo_both(DAY, "en") == "23 Nov 2026 (B.E. 2569)"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "23 Nov 2026 (B.E. 2569) 01:00|24 Nov 2026 (B.E. 2569)|"), ("th", "23 พ.ย. 2569 (2026) 01:00|24 พ.ย. 2569 (2026)|")],
)
def test_pages_show_the_time_of_the_place(language, shown):
    template = Template("{% load dates %}{{ at|instant }}|{{ late|both_eras }}|{{ none|instant }}{{ none|both_eras }}")
    at, late = datetime(2026, 11, 22, 18, 0, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    with translation.override(language):
        assert template.render(Context({"at": at, "late": late, "none": None})) == shown


class Call(forms.Form):
    day = DateField(required=False)


def test_a_form_takes_both_eras_and_keeps_what_it_cannot_read():
    assert Call({"day": "23/11/2569"}).is_valid()
    form = Call({"day": "23/11/69"})
    assert not form.is_valid()
    assert "four digits" in form.errors["day"][0]
    assert 'value="23/11/69"' in str(form["day"])
    empty = Call({"day": " "})
    assert empty.is_valid()
    assert empty.cleaned_data["day"] is None


def test_a_form_shows_a_known_day_in_the_era_of_the_language():
    with translation.override("th"):
        assert 'value="23/11/2569"' in str(Call(initial={"day": DAY})["day"])
    assert not Call({"day": "23 พ.ย. 2569"}, initial={"day": DAY}).has_changed()
    assert Call({"day": "rubbish"}, initial={"day": DAY}).has_changed()


@pytest.mark.parametrize(("days", "words"), [(0, ""), (-3, ""), (1, "1 day ago"), (13, "2 weeks ago"), (95, "3 months ago"), (800, "2 years ago")])
def test_how_long_something_lies_back(days, words):
    assert ago(timezone.now() - timedelta(days=days)) == words


def test_how_long_something_lies_back_in_each_public_language():
    at = timezone.now() - timedelta(days=95)
    assert [ago(at, code) for code in ("th", "lo", "km", "my", "vi")] == ["3 เดือนที่ผ่านมา", "3 ເດືອນກ່ອນ", "3 ខែមុន", "ပြီးခဲ့သည့် 3 လ", "3 tháng trước"]
