"""The demonstration's invented visit: two devices of the ministry, a workshop by a canal with four people, one interview sent from the telephone."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from saphan.access.models import User
from saphan.care.fieldkit import devices, visits
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import Device, SiteVisit, Submission
from saphan.care.fieldkit.parcels import read_parcel
from saphan.care.fieldkit.receiving import Delivery, receive
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts
from saphan.care.screening.instruments import InstrumentVersion
from saphan.core import clock
from saphan.core.ids import new_id

if TYPE_CHECKING:
    from saphan.access.seeds import People

DAY = timedelta(days=1)
SITE = {
    "place": "Sewing workshop by the canal (invented)", "site_kind": "factory", "activity": "manufacture", "province": "TH-57",
    "conditions": "Doors locked from outside at night; passports in the office; wages paid every third month.",
}  # fmt: skip
SAFE = {
    "language": "lo", "private_place": "yes", "interpreter": "not_needed", "consent": "yes", "may_skip": "yes", "referrals_ready": "yes",
    "person_risk": "some", "worker_risk": "some",
}  # fmt: skip
ANSWERS = {
    "ACT.RECRUIT": ("yes", "An agent in the village asked for three workers."), "ACT.MOVE": ("yes", ""), "D1.WAGE": ("yes", ""),
    "D4.HOURS": ("yes", "From six in the morning until the light goes."), "D5.DOCSCONF": ("yes", ""), "D5.WAGEHELD": ("unknown", ""),
    "D2.VIOL": ("declined", ""),
}  # fmt: skip
MET = (Facts(age_band=Person.AgeBand.ADULT, sex=Person.Sex.FEMALE, language="lo"), Facts(age_band=Person.AgeBand.ADULT, sex=Person.Sex.MALE, language="my"),
       Facts(age_band=Person.AgeBand.DOUBT, sex=Person.Sex.FEMALE, language="lo"))  # fmt: skip


def plant(people: "People") -> None:
    """Tells it through the services, with the clock stopped at each act."""
    now = clock.now()
    _ended(people.owner, now)
    telephone = _prepared(people.owner, "blue telephone", now - 5 * DAY)
    _sent(telephone, now - 2 * DAY)
    _met_later(SiteVisit.objects.get(worker=people.owner), people.owner, now - 2 * DAY + timedelta(hours=5))


def _prepared(worker: User, alias: str, at: datetime) -> Enrolled:
    with clock.stopped_at(at):
        return devices.enrol(kind=Device.Kind.BROWSER, alias=alias, by=worker, at=at)


def _ended(worker: User, now: datetime) -> None:
    """A laptop that was given back: its worker expired it, it may send for some days more."""
    made = _prepared(worker, "old laptop", now - 20 * DAY)
    with clock.stopped_at(now - 12 * DAY):
        devices.recognise(reference=made.device.reference, token=made.reading_token, at=now - 12 * DAY)
    with clock.stopped_at(now - 4 * DAY):
        devices.expire(device_id=made.device.pk, by=worker, at=now - 4 * DAY)


def _sent(made: Enrolled, at: datetime) -> None:
    """One interview of the visit, taken without a network in the morning and received in the afternoon with its number."""
    later = at + timedelta(hours=4)
    with clock.stopped_at(later):
        devices.recognise(reference=made.device.reference, token=made.sending_token, at=later)
        delivery = Delivery(read_parcel(_parcel(made, at)), Submission.Way.NETWORK, timedelta(seconds=3))
        receive(device_id=made.device.pk, delivery=delivery, at=later)


def _parcel(made: Enrolled, at: datetime) -> dict[str, Any]:
    version = InstrumentVersion.objects.filter(instrument="adult_labour", state="approved").latest("number")
    stem = version.questions.values_list("code", flat=True)[0].split(".")[0]
    ended = at + timedelta(minutes=35)
    said = {
        f"{stem}.{code}": {"value": value, "note": note, "at": (at + timedelta(minutes=3 * number)).isoformat()}
        for number, (code, (value, note)) in enumerate(ANSWERS.items(), 1)
    }
    return {
        "format": 1, "id": str(new_id()), "device": str(made.device.pk), "token": made.sending_token, "sequence": 1, "version": str(version.pk),
        "person": {"new": str(new_id()), "age_band": Person.AgeBand.ADULT, "sex": Person.Sex.FEMALE, "language": "lo"}, "safety": SAFE,
        "sittings": [{"began_at": at.isoformat(), "ended_at": ended.isoformat(), "present": ""}], "answers": said, "ending": "complete",
        "stop_reason": "", "finished_at": ended.isoformat(), "offset_seconds": 3, "photos": [],
        "visit": {"id": str(new_id()), "visited_on": timezone.localdate(at).isoformat(), "facts": SITE},
    }  # fmt: skip


def _met_later(visit: SiteVisit, worker: User, at: datetime) -> None:
    """Three more people of the site, added at the desk; their interviews are still to come."""
    for minute, facts in enumerate(MET):
        with clock.stopped_at(at + timedelta(minutes=minute)):
            visits.add_person(visit_id=visit.pk, facts=facts, by=worker, at=at + timedelta(minutes=minute))
