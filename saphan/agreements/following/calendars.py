"""The calendars of working days as the ministry has edited them."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.following.models import CalendarDay
from saphan.agreements.procedures.calendars import Calendar, Calendars
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound


def calendars() -> Calendars:
    """The lists of all countries with the days edited here."""
    added: dict[str, dict[date, str]] = {}
    removed: dict[str, set[date]] = {}
    for country, day, works, name in CalendarDay.objects.values_list("country", "day", "works", "name"):
        if works:
            removed.setdefault(country, set()).add(day)
        else:
            added.setdefault(country, {})[day] = name
    return Calendars({c: Calendar(c, added.get(c, {}), frozenset(removed.get(c, ()))) for c in {*added, *removed}})


@transaction.atomic
def edit_day(*, country: str, day: date, works: bool, name: str, by: User, at: datetime) -> CalendarDay:
    """Takes a day off, or puts it on. Due dates computed before stand. Raises Invalid where the day is edited already."""
    require(by, Action.CALENDAR_EDIT, by.org)
    if not works and not name:
        raise Invalid(fields={"name": _("Say why offices are closed that day.")})
    try:
        with transaction.atomic():
            edited = CalendarDay.objects.create(country=country, day=day, works=works, name=name, entered_at=at, entered_by=by, org=by.org)
    except IntegrityError:
        raise Invalid(fields={"day": _("This day is edited already. Take that back first.")}) from None
    record(by=by, action=Action.CALENDAR_EDIT, target=edited, at=at, fields=["day", "works", "name"])
    return edited


@transaction.atomic
def take_back(*, day_id: UUID, by: User, at: datetime) -> None:
    """The day counts again as the list says."""
    edited = CalendarDay.objects.select_for_update().filter(pk=day_id).first()
    if edited is None:
        raise NotFound
    require(by, Action.CALENDAR_EDIT, edited.org)
    record(by=by, action=Action.CALENDAR_EDIT, target=edited, at=at, fields=["deleted"])
    edited.delete()
