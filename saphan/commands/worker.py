"""`saphan worker`: delivers what waits in the outbox."""

import signal
import threading
from types import FrameType

from saphan.commands import app, start_django


@app.command()
def worker() -> None:
    """Delivers what waits in the outbox until told to stop (SIGTERM or Ctrl-C); several may run side by side."""
    start_django()
    from saphan.core.outbox import work_forever

    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    work_forever(stop)
