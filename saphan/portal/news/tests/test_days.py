from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.portal.news.days import ENGLISH, THAI, dateline, day_alone, day_in

EIGHTH = date(2007, 8, 8)


@pytest.mark.parametrize(
    "line",
    [
        "August 08, 2007",
        "8 August 2007",
        "Wednesday, August 8, 2007",
        "Published: 8 Aug. 2007",
        "2007-08-08",
        "08/08/2007",
        "Posted on August 8th, 2007 at 10:30",
        "8 สิงหาคม 2550",
        "วันพุธที่ 8 สิงหาคม พ.ศ. 2550",
        "วันที่ ๘ สิงหาคม ๒๕๕๐",
        "8 ส.ค. 2550",
        "8 ส.ค. 50",
        "8 สิงหาคม 2550 (2007)",
    ],
)
def test_a_line_that_says_only_a_day_is_read_in_both_eras(line):
    assert day_alone(line) == EIGHTH


@pytest.mark.parametrize("line", ["The pact was signed on 6 August 2007.", "31 February 2007", "Page 8", "1300", "8 August", ""])
def test_a_sentence_or_a_wrong_day_is_no_line_of_a_date(line):
    assert day_alone(line) is None


def test_a_dateline_stands_at_the_head_of_a_paragraph():
    assert dateline("BANGKOK, 8 August 2007 - The ministry said that") == EIGHTH
    assert dateline("The ministry said on 8 August 2007 that it would") is None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_as_it_was_written(day):
    assert day_alone(f"{day.day} {ENGLISH[day.month - 1].title()} {day.year}") == day
    assert day_alone(f"{day.day} {THAI[day.month - 1]} {day.year + 543}") == day
    assert day_alone(day.isoformat()) == day


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_of_days_fail(text):
    day_in(text)
    day_alone(text)
    dateline(text)
