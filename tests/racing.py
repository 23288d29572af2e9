"""Many hands at the same moment: threads with connections of their own, which begin together."""

import threading
import time
from collections.abc import Callable

from django.db import OperationalError, connection, connections

from saphan.core.errors import DomainError

PATIENCE = 120  # seconds for which one hand waits for another before the test says that they hold each other up


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Runs the acts at once and says how each of them ended: "done", or the name of the refusal. Any other fault is raised here."""
    ready, ended, faults = threading.Barrier(len(acts)), [""] * len(acts), []

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(PATIENCE)
            patiently(act)
            ended[place] = "done"
        except DomainError as refusal:
            ended[place] = type(refusal).__name__
        except Exception as fault:  # noqa: BLE001  # raised below, where the test sees it
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if faults:
        raise ExceptionGroup("what nobody expected of acts at once", faults)
    return ended


def patiently(act: Callable[[], object]) -> None:
    """SQLite in memory refuses a second writer at once, where its file would let it wait: here the act waits and tries again."""
    while True:
        try:
            act()
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
            time.sleep(0.02)
        else:
            return
