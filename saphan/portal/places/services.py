"""Keeps what readers find by place equal to what is signed and published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from saphan.core.upkeep import chore
from saphan.directory.models import Country, Province
from saphan.portal.places.directory import PublicOffice, PublicService
from saphan.portal.rendered.edition import renew
from saphan.portal.search.services import refresh_all
from saphan.releases.kinds import release_taker
from saphan.releases.selectors import current

KIND, KEY = "service_directory", "all"
COPIED = ("name_en", "name_th", "kind", "organisation_en", "organisation_th", "phone", "hours")


@release_taker(KIND)
def take_release(key: str) -> None:
    """A release of the directory was published or has arrived."""
    if key == KEY:
        take_directory()


@transaction.atomic
def take_directory() -> int:
    """Makes services and offices equal to the newest release that is current and authentic; without one nothing is shown.

    Runs in the transaction in which the release is published here or arrives here. Returns how many services are public now.
    """
    release = current(KIND, KEY)
    body = release.body if release else {}
    countries, provinces = set(Country.objects.values_list("pk", flat=True)), set(Province.objects.values_list("pk", flat=True))
    wanted = {service.pk: service for service in (_service(entry, countries, provinces) for entry in body.get("services", []))}
    held = PublicService.objects.in_bulk()
    changed = [service for pk, service in wanted.items() if pk not in held or _facts(held[pk]) != _facts(service)]
    gone = held.keys() - wanted.keys()
    PublicService.objects.filter(pk__in=gone | {service.pk for service in changed}).delete()
    PublicService.objects.bulk_create(changed)
    _take_offices(body.get("offices", []), provinces)
    _refresh_search({*gone, *(service.pk for service in changed)})
    renew()
    return len(wanted)


@chore("public services")
def take_directory_daily(_at: datetime) -> int:
    """Where both sides share only a database nobody calls at publication: then this does, at the latest the next day."""
    return take_directory()


def _service(entry: dict[str, Any], countries: set[str], provinces: set[str]) -> PublicService:
    return PublicService(
        id=UUID(entry["id"]),
        country_id=entry["country"] if entry["country"] in countries else None,
        province_id=entry["province"] if entry["province"] in provinces else None,
        spoken=f",{','.join(entry['languages'])},"[:500] if entry["languages"] else "",
        verified_on=_day(entry["verified_on"]),
        **{name: entry[name] for name in COPIED},
    )


def _day(text: str) -> date | None:
    """The day, None where none is told or there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _facts(service: PublicService) -> tuple[Any, ...]:
    """All that is kept of a service."""
    return tuple(getattr(service, field.attname) for field in PublicService._meta.concrete_fields)


def _refresh_search(ids: set[UUID]) -> None:
    """What is found of these services follows them, in the same transaction."""
    from saphan.portal.places.sources import LANGUAGES, service_row

    services = PublicService.objects.filter(pk__in=ids).select_related("country", "province")
    rows = [service_row(service, code) for service in services for code in LANGUAGES]
    refresh_all(rows, {f"service:{pk}:{code}" for pk in ids for code in LANGUAGES})


def _take_offices(entries: list[dict[str, str]], provinces: set[str]) -> None:
    """One office for each province; the first one where a ministry names several."""
    offices = {entry["province"]: entry for entry in reversed(entries) if entry["province"] in provinces}
    PublicOffice.objects.all().delete()
    PublicOffice.objects.bulk_create(
        [PublicOffice(province_id=code, **{n: e[n] for n in ("name_en", "name_th", "phone")}) for code, e in offices.items()]
    )
