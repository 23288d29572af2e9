"""What says that work grows evenly finds work that does not."""

from tests.growth import grows_evenly


def test_one_round_over_all_grows_evenly() -> None:
    assert grows_evenly(lambda size: sum(range(size)), 1_000_000)


def test_a_round_over_all_for_each_one_does_not() -> None:
    assert not grows_evenly(lambda size: sum(1 for _ in range(size) for _ in range(size)), 700)


def test_what_is_refused_is_work_as_well() -> None:
    def refuse(size: int) -> None:
        raise ValueError(sum(1 for _ in range(size) for _ in range(size)))

    assert not grows_evenly(refuse, 700, refusing=ValueError)
