"""What the desk may know of the subscribers: numbers, and one of them when somebody asks about an address. No list shows an address."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import NotFound
from saphan.core.sealing import unseal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.newsletter.models import Departed, Subscriber
from saphan.portal.newsletter.states import LIFE, State
from saphan.portal.newsletter.subscribing import mark_for
from saphan.portal.search.naming import Names

MONTHS = 12
KIND = "portal_newsletter.subscriber"
Lines = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Month:
    """What changed in one month: who confirmed and is still there, and who left."""

    first: date
    confirmed: int
    left: int


@dataclass(frozen=True)
class Counts:
    """The subscribers in numbers. Languages, countries and topics are of those who receive; who chose nothing stands under *all*."""

    states: Lines
    languages: Lines
    countries: Lines
    topics: Lines
    discreet: int
    left: int
    months: Sequence[Month]


def counts(*, at: datetime, language: str) -> Counts:
    """Numbers only, named in this language. Nine queries, each answered by one row for each different choice."""
    receiving, names = Subscriber.objects.receiving(), Names()
    by_state = _grouped(Subscriber.objects.all(), "state")
    return Counts(
        states=[(str(State(code).label), by_state.get(code, 0)) for code in (State.CONFIRMED, State.ASKED, State.REFUSED)],
        languages=_named(_grouped(receiving, "language"), dict(settings.LANGUAGES)),
        countries=_chosen(receiving, "countries", names.countries(language), _("all countries")),
        topics=_chosen(receiving, "topics", names.topics(language), _("all topics")),
        discreet=receiving.filter(discreet=True).count(),
        left=Departed.objects.count(),
        months=_months(receiving, at),
    )


def _grouped(rows: QuerySet[Subscriber], field: str) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list(field).annotate(n=Count("pk"))))


def _named(found: Counter[str], names: dict[str, str]) -> Lines:
    return [(str(names.get(code, code)), n) for code, n in found.most_common()]


def _chosen(rows: QuerySet[Subscriber], field: str, names: object, everything: str) -> Lines:
    """How many chose each value of a list; lists are kept sorted, so that equal choices are one row."""
    found: Counter[str] = Counter()
    for values, n in rows.order_by().values_list(field).annotate(n=Count("pk")):
        found.update(dict.fromkeys(values or [""], n))
    shown = dict(names) if isinstance(names, dict) else {}
    return _named(found, {**shown, "": everything})


def _months(receiving: QuerySet[Subscriber], at: datetime) -> list[Month]:
    """The last twelve months, the newest first."""
    confirmed, left = _by_month(receiving, "confirmed_at"), _by_month(Departed.objects.all(), "at")
    first, months = timezone.localdate(at).replace(day=1), []
    for _n in range(MONTHS):
        months.append(Month(first, confirmed.get(first, 0), left.get(first, 0)))
        first = (first.replace(year=first.year - 1, month=12)) if first.month == 1 else first.replace(month=first.month - 1)
    return months


def _by_month(rows: "QuerySet[Subscriber] | QuerySet[Departed]", field: str) -> dict[date, int]:
    found = rows.order_by().annotate(month=TruncMonth(field)).values_list("month").annotate(n=Count("pk"))
    return {month.date(): n for month, n in found if month is not None}


@dataclass(frozen=True)
class Found:
    """What is known of an address: its subscription, or when it left, or nothing."""

    subscriber: Subscriber | None
    left_at: datetime | None


@transaction.atomic
def find(*, email: str, by: User, at: datetime) -> Found:
    """Looks for one address, because its owner asks. Every look is in the audit, also one that finds nothing."""
    require(by, Action.NEWSLETTER_FIND)
    mark = mark_for(email)
    subscriber = Subscriber.objects.filter(mark=mark).first()
    record(by=by, action=Action.NEWSLETTER_FIND, target=subscriber or (KIND, "-"), at=at, fields=["mark"])
    return Found(subscriber, Departed.objects.filter(mark=mark).values_list("at", flat=True).first())


@transaction.atomic
def read(*, subscriber_id: UUID, by: User, at: datetime) -> tuple[Subscriber, str]:
    """One subscription and the words of its consent, opened. The address itself stays sealed. Raises NotFound."""
    require(by, Action.NEWSLETTER_FIND)
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        raise NotFound
    record(by=by, action=Action.NEWSLETTER_FIND, target=subscriber, at=at, fields=["consent_words"] if subscriber.consent_words else [])
    return subscriber, unseal(subscriber, "consent_words", org=PORTAL)["consent_words"] or ""


@transaction.atomic
def erase(*, subscriber_id: UUID, by: User, at: datetime) -> None:
    """Takes an address off the list because its owner asked us to. As after leaving, only its mark remains. Raises NotFound."""
    require(by, Action.NEWSLETTER_ERASE)
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    if subscriber is None:
        raise NotFound
    LIFE.target("leave", subscriber.state)
    Departed.objects.update_or_create(mark=subscriber.mark, defaults={"at": at})
    record(by=by, action=Action.NEWSLETTER_ERASE, target=subscriber, at=at)
    subscriber.delete()
