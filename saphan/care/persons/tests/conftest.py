"""A report and a file as the invented workers make them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from saphan.access.models import User
from saphan.care.persons.models import Person, Report
from saphan.care.persons.services import Facts, Told, open_person, record_report
from saphan.core import clock
from tests.people import NOON

CANARIES: Any = {"narrative": "CANARY-narrative-zx81", "place": "CANARY-place-zx82", "callback": "CANARY-callback-zx83"}
NAMES = {
    "given_name": "CANARY-given-zx84", "family_name": "CANARY-family-zx85", "birth_date": "CANARY-birth-zx86",
    "phone": "CANARY-phone-zx87", "safe_contact": "CANARY-safe-zx88", "whereabouts": "CANARY-where-zx89",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped_clock() -> Any:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def report(intake: User) -> Report:
    return record_report(told=Told(danger="yes", caller_safe="no", tie="family", province_id="TH-57", people_count=2, **CANARIES), by=intake, at=NOON)


@pytest.fixture
def person(owner: User, report: Report) -> Person:
    return open_person(report_id=report.pk, facts=Facts(age_band="adult", sex="female", language="lo", sealed=NAMES), by=owner, at=NOON)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)
