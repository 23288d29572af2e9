from datetime import timedelta

import pytest

from saphan.core.errors import NotFound
from saphan.portal.doorway.confirming import Stale, subject_of, token_for
from saphan.portal.doorway.marks import mark_of
from tests.people import NOON

DAY = timedelta(days=1)


def test_a_token_leads_back_to_its_subject():
    assert subject_of("a", token_for("a", "17", lifetime=DAY, at=NOON), at=NOON + DAY) == "17"


def test_a_token_that_is_too_old_says_so():
    with pytest.raises(Stale):
        subject_of("a", token_for("a", "17", lifetime=DAY, at=NOON), at=NOON + 2 * DAY)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t.replace(":", "")])
def test_a_changed_token_is_none(change):
    with pytest.raises(NotFound):
        subject_of("a", change(token_for("a", "17", lifetime=DAY, at=NOON)), at=NOON)


def test_a_token_of_one_purpose_opens_no_other():
    with pytest.raises(NotFound):
        subject_of("b", token_for("a", "17", lifetime=DAY, at=NOON), at=NOON)


def test_a_mark_knows_an_address_in_any_case_and_says_nothing_of_it():
    assert mark_of("mail", " Somchai@Example.org ") == mark_of("mail", "somchai@example.org")
    assert mark_of("mail", "a@example.org") != mark_of("newsletter", "a@example.org")
    assert "example" not in mark_of("mail", "a@example.org")
