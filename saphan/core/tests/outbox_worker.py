"""A worker process for the tests that kill it: `python -m saphan.core.tests.outbox_worker LEDGER`. Its handler writes a line per delivery."""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings.test")
django.setup()

from saphan.core import clock, outbox  # noqa: E402  # after the set-up
from saphan.core.models import OutboxMessage  # noqa: E402

ledger = Path(sys.argv[1])
outbox.LEASE = timedelta(milliseconds=700)
outbox.IDLE_SECONDS = 0.05


@outbox.handler("bell")
def ring(payload, *, key):
    handle = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{key}\n".encode())
    os.close(handle)


class UntilAllIsSettled(threading.Event):
    """Stops the worker when nothing waits."""

    def is_set(self) -> bool:
        return not OutboxMessage.objects.filter(done_at=None, dead_at=None).exists()


clock.now()
outbox.work_forever(UntilAllIsSettled())
