"""The first real release: what of the directory the public may know."""

from datetime import datetime
from typing import Any

from saphan.access.models import User
from saphan.directory.models import Office, Service
from saphan.releases.models import Release
from saphan.releases.services import publish

KIND, KEY = "service_directory", "all"
Phones = dict[tuple[Any, Any], str]


def publish_service_directory(*, by: User, at: datetime) -> Release:
    """Signs the public services of approved organisations. Of a shelter it names the province at most, never a place."""
    return publish(kind=KIND, key=KEY, body=public_directory(), by=by, at=at)


def public_directory() -> dict[str, Any]:
    """The content of the release: services that their organisation has marked public, and the ministry's provincial offices."""
    services = Service.objects.offered().filter(public=True).select_related("organisation").order_by("name_en", "id")
    phones: Phones = {(office.org_id, office.province_id): office.phone for office in Office.objects.exclude(phone="").order_by("-name_en")}
    offices = Office.objects.provincial().select_related("province").order_by("province", "name_en")
    return {"services": [_entry(service, phones) for service in services], "offices": [_office(office) for office in offices]}


def _entry(service: Service, phones: Phones) -> dict[str, Any]:
    org = service.organisation
    return {
        "id": str(service.pk), "name_en": service.name_en, "name_th": service.name_th, "kind": service.kind,
        "organisation_en": org.name_en, "organisation_th": org.name_th, "country": org.country_id, "province": service.province_id or "",
        "phone": phones.get((org.pk, service.province_id), phones.get((org.pk, None), "")), "hours": service.open_hours[:160],
        "languages": list(service.languages), "verified_on": service.last_verified_on.isoformat() if service.last_verified_on else "",
    }  # fmt: skip


def _office(office: Office) -> dict[str, Any]:
    return {"province": office.province_id, "name_en": office.name_en, "name_th": office.name_th, "phone": office.phone}
