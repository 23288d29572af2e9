"""Invented subscribers of the demonstration: a list that was brought in, somebody who asked and waits, somebody who left, a list to approve."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from saphan.core import clock
from saphan.portal.newsletter import exporting, importing, subscribing
from saphan.portal.newsletter.models import Subscriber

if TYPE_CHECKING:
    from saphan.access.seeds import People

CHOICES = [
    ("th", "TH", ""),
    ("th", "TH MM", ""),
    ("en", "", ""),
    ("en", "KH", ""),
    ("my", "MM", ""),
    ("km", "KH", ""),
    ("lo", "LA", ""),
    ("vi", "VN", ""),
]
AGREED = ["Signed sheet at the training in Chiang Rai", "ลงชื่อในใบลงทะเบียนที่งานสัมมนา จ.อุดรธานี"]
READERS = 24


def plant_subscribers(people: "People") -> None:
    """Through the services; done once."""
    at = clock.now()
    if Subscriber.objects.exists():
        return
    importing.bring_in("\n".join(_lines(at)), by=people.publisher, at=at)
    wish = subscribing.Wish("th", ["TH"], [], discreet=True)
    for email in ("asked@readers.demo.example", "left@readers.demo.example"):
        subscribing.ask(email=email, wish=wish, at=at)
    gone = Subscriber.objects.get(mark=subscribing.mark_for("left@readers.demo.example"))
    subscribing.confirm(subscriber_id=gone.pk, at=at)
    subscribing.leave(subscriber_id=gone.pk, at=at)
    exporting.ask_for(reason="Move of the mail server to the new office (invented)", by=people.publisher, at=at)


def _lines(at: datetime) -> Iterator[str]:
    yield "address,language,countries,topics,discreet,consent,consent_on"
    day = timezone.localdate(at) - timedelta(days=40)
    for number in range(READERS):
        language, countries, topics = CHOICES[number % len(CHOICES)]
        discreet = "yes" if number % 5 == 0 else ""
        yield f"reader-{number + 1}@readers.demo.example,{language},{countries},{topics},{discreet},{AGREED[number % len(AGREED)]},{day}"
