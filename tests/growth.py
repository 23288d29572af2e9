"""Whether work grows with the size of what is given, as a ratio in one run and in processor time: a busy machine changes nothing."""

import gc
import time
from collections.abc import Callable
from contextlib import suppress

TIMES = 5  # how much more is given the second time: work that grows with the square takes 25 times as long
AT_MOST = 12  # between 5 and 25
TOO_LITTLE = 0.005  # seconds of processor time, below which a ratio says nothing


def grows_evenly(act: Callable[[int], object], size: int, *, refusing: type[Exception] | None = None) -> bool:
    """Gives `size` and then `size` x TIMES, the better of three each, and says whether the second took no more than AT_MOST times as long.

    What `act` refuses by raising `refusing` is work as well.
    """
    small, large = (min(_taken(act, one, refusing) for _ in range(3)) for one in (size, size * TIMES))
    return large <= max(small, TOO_LITTLE) * AT_MOST


def _taken(act: Callable[[int], object], size: int, refusing: type[Exception] | None) -> float:
    """Processor seconds without the collector, which goes through all that other tests have left."""
    gc.disable()
    try:
        began = time.process_time()
        with suppress(*([refusing] if refusing else [])):
            act(size)
        return time.process_time() - began
    finally:
        gc.enable()
