from datetime import UTC, datetime

from saphan.core import clock
from saphan.core.ids import LETTERS, new_id, new_reference

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_the_clock_tells_utc():
    assert clock.now().tzinfo is UTC


def test_a_stopped_clock_stands_still_and_goes_on_afterwards():
    with clock.stopped_at(NOON):
        assert clock.now() == clock.now() == NOON
        with clock.stopped_at(datetime(2027, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2027
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_ids_are_random():
    assert new_id().version == 4
    assert len({new_id() for _ in range(1000)}) == 1000


def test_a_reference_can_be_read_over_a_telephone():
    references = {new_reference("R") for _ in range(1000)}
    assert len(references) == 1000
    assert all(each.startswith("R-") and len(each) == 10 and set(each[2:]) <= set(LETTERS) for each in references)
    assert not set("ILOU") & set(LETTERS)
