"""One way of sending, in a process of its own: `plant`, `send_mail`, `send_messages` or `ours`. Prints its figures as JSON."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LEAVE = "https://newsletter.example.org/en/newsletter/leave/"
ITEMS = 26


def plant(size: int, letter: Path) -> dict[str, Any]:
    """Readers with sealed addresses, an issue of which no letter is queued, and its text for the others."""
    import django

    django.setup()
    from saphan.access.seeds import people_as_planted
    from saphan.core import clock
    from saphan.portal.newsletter.digest import Ways, as_html, as_text, digest_of
    from saphan.portal.newsletter.issues import Item
    from saphan.portal.newsletter.models import Subscriber
    from saphan.portal.newsletter.tests.made import an_edition, on_its_way
    from saphan.portal.newsletter.tests.readers import plant_readers

    Subscriber.objects.all().delete()
    edition = an_edition(on_its_way(people_as_planted(), clock.now()), "en", items=ITEMS)
    Item.objects.update(summary="Officers of six countries spoke about safe return, papers and the first weeks at home. " * 4)
    plant_readers(size, at=clock.now())
    digest, ways = digest_of(edition), Ways(LEAVE + "%WAY%/", LEAVE + "%WAY%/own/")
    letter.write_text(json.dumps({"subject": digest.subject, "text": as_text(digest, ways), "html": as_html(digest, ways)}))
    return {}


def ours(size: int, _letter: Path) -> dict[str, Any]:
    """The whole way, as the worker goes it, in one slice."""
    import django

    django.setup()
    from saphan.core import clock
    from saphan.portal.newsletter.issues import Issue
    from saphan.portal.newsletter.queueing import queue_letters
    from saphan.portal.newsletter.scheduling import fates_of
    from saphan.portal.newsletter.sending import Left, send_slice

    issue = Issue.objects.get()
    started = time.perf_counter()
    queue_letters(issue, at=clock.now())
    queued = time.perf_counter()
    assert send_slice(issue.pk, seconds=3600) is Left.NOTHING
    ended = time.perf_counter()
    assert fates_of(issue)["sent"] == size, fates_of(issue)
    return told(size, ended - started) | {"parts": {"writing readers down": queued - started, "sending": ended - queued}}


def configured() -> Callable[..., Any]:
    """Django as anybody has it, with nothing of ours."""
    from django.conf import settings

    settings.configure(EMAIL_HOST=os.environ["SAPHAN_SMTP_HOST"], EMAIL_PORT=int(os.environ["SAPHAN_SMTP_PORT"]), USE_I18N=False)
    from django.core.mail import EmailMultiAlternatives

    return EmailMultiAlternatives


def message(kind: Callable[..., Any], letter: dict[str, str], n: int) -> Any:
    way = f"{n:040d}"
    headers = {"List-Unsubscribe": f"<{LEAVE}{way}/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-Id": "<letters.example.org>"}
    made = kind(
        letter["subject"], letter["text"].replace("%WAY%", way), "Saphan <no-reply@example.org>", [f"reader-{n}@example.net"], headers=headers
    )
    made.attach_alternative(letter["html"].replace("%WAY%", way), "text/html")
    return made


def send_messages(size: int, path: Path) -> dict[str, Any]:
    """One connection, all messages over it."""
    kind, letter = configured(), json.loads(path.read_text())
    from django.core.mail import get_connection

    started = time.perf_counter()
    with get_connection() as connection:
        for start in range(0, size, 500):
            connection.send_messages([message(kind, letter, n) for n in range(start, min(size, start + 500))])
    return told(size, time.perf_counter() - started)


def send_mail(size: int, path: Path) -> dict[str, Any]:
    """A call for each recipient, as a plain program does it: a connection each."""
    configured()
    letter = json.loads(path.read_text())
    from django.core import mail

    started = time.perf_counter()
    for n in range(size):
        way = f"{n:040d}"
        mail.send_mail(
            letter["subject"], letter["text"].replace("%WAY%", way), "Saphan <no-reply@example.org>", [f"reader-{n}@example.net"],
            html_message=letter["html"].replace("%WAY%", way),
        )  # fmt: skip
    return told(size, time.perf_counter() - started)


def told(size: int, seconds: float) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"seconds": seconds, "per_second": size / seconds, "peak_mb": peak}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    sys.path.remove(str(Path(__file__).resolve().parent))
    way = {"plant": plant, "ours": ours, "send_mail": send_mail, "send_messages": send_messages}[sys.argv[1]]
    print(json.dumps(way(int(sys.argv[2]), Path(sys.argv[3]))))
