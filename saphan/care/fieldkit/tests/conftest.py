"""A prepared device and what it would send, sealed as the page seals it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.fieldkit import devices, keys
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.tests.household import bring_household
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.seeds import load_instruments
from saphan.core import clock
from tests.people import NOON

SECRET = "ZEBRA-CANARY"
Held = Callable[..., dict[str, Any]]
SAFE = {
    "language": "lo", "private_place": "yes", "interpreter": "not_needed", "consent": "yes", "may_skip": "yes", "referrals_ready": "yes",
    "person_risk": "some", "worker_risk": "low",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def version(db: Any) -> InstrumentVersion:
    load_instruments()
    return InstrumentVersion.objects.get(instrument="adult_labour")


@pytest.fixture
def enrolled(owner: User) -> Enrolled:
    return devices.enrol(kind=Device.Kind.BROWSER, alias="blue telephone", by=owner, at=NOON - timedelta(days=1))


def parcel_of(made: Enrolled, asked: InstrumentVersion, **other: Any) -> dict[str, Any]:
    """What a device holds of one short interview."""
    began, ended = NOON - timedelta(hours=1), NOON - timedelta(minutes=20)
    return {
        "format": 1, "id": str(uuid4()), "device": str(made.device.pk), "token": made.sending_token, "sequence": 1, "version": str(asked.pk),
        "person": {"new": str(uuid4()), "age_band": "adult", "sex": "unknown", "language": "lo"}, "safety": SAFE,
        "sittings": [{"began_at": began.isoformat(), "ended_at": ended.isoformat(), "present": "interpreter"}],
        "answers": {
            "AL.D5.DOCSCONF": {"value": "yes", "note": SECRET, "at": began.isoformat()},
            "AL.D4.HOURS": {"value": "unknown", "note": "", "at": began.isoformat()},
        },
        "ending": "complete", "stop_reason": "", "finished_at": ended.isoformat(), "offset_seconds": 0, "visit": None, "photos": [],
    } | other  # fmt: skip


class Telephone:
    """A browser of the field kit, as the server sees it: it holds a token and no session."""

    def __init__(self, made: Enrolled) -> None:
        self.made, self.client = made, Client()

    def asks(self, path: str, token: str | None = None, **headers: str) -> Any:
        return self.client.get(f"/fieldkit/{path}", headers=self._headers(token or self.made.reading_token, headers))

    def sends(self, parcel: dict[str, Any], token: str | None = None, **headers: str) -> Any:
        return self.sends_bytes(keys.close(parcel), token, **headers)

    def sends_bytes(self, body: bytes, token: str | None = None, **headers: str) -> Any:
        sent = self._headers(token or self.made.sending_token, headers)
        return self.client.post("/fieldkit/submissions/", body, content_type="application/octet-stream", headers=sent)

    def _headers(self, token: str, other: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Device {self.made.device.reference}:{token}", "X-Device-Time": clock.now().isoformat()} | other


@pytest.fixture
def telephone(enrolled: Enrolled) -> Telephone:
    return Telephone(enrolled)


@pytest.fixture
def held(enrolled: Enrolled, version: InstrumentVersion) -> Held:
    return lambda **other: parcel_of(enrolled, version, **other)


@pytest.fixture
def stranger_device(people: People) -> Enrolled:
    return devices.enrol(kind=Device.Kind.BROWSER, alias="other house", by=people.stranger, at=NOON - timedelta(days=1))


@pytest.fixture
def household(people: People) -> InstrumentVersion:
    return bring_household(by=people.supervisor, at=NOON - timedelta(days=2))
