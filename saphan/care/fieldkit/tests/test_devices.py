"""A device: who prepares, sees and ends it, what each of its tokens opens, and how it ages."""

from datetime import timedelta

import pytest

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit import devices
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import Device
from saphan.care.fieldkit.tests.conftest import Held, Telephone
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening.instruments import InstrumentVersion
from saphan.core import clock
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON


def test_tokens_are_kept_as_digests_only(enrolled: Enrolled) -> None:
    kept = Device.objects.get()
    assert enrolled.reading_token not in str(vars(kept))
    assert bytes(kept.reading_digest) == devices.digest_of(enrolled.reading_token)
    assert kept.expires_at == NOON - timedelta(days=1) + timedelta(days=30)


def test_a_role_that_does_not_interview_prepares_nothing(people: People) -> None:
    with pytest.raises(Refused):
        devices.enrol(kind="browser", alias="x", by=people.dpo, at=NOON)


@pytest.mark.parametrize("alias", ["", "   ", "x" * 41])
def test_a_device_needs_a_short_name(owner: User, alias: str) -> None:
    with pytest.raises(Invalid):
        devices.enrol(kind="browser", alias=alias, by=owner, at=NOON)


def test_owner_and_supervisor_see_it_colleague_and_stranger_do_not(enrolled: Enrolled, people: People) -> None:
    seen = {name: Device.objects.visible_to(getattr(people, name)).count() for name in ("owner", "supervisor", "colleague", "stranger", "dpo")}
    assert seen == {"owner": 1, "supervisor": 1, "colleague": 0, "stranger": 0, "dpo": 0}


def test_owner_and_supervisor_end_it_nobody_else(enrolled: Enrolled, people: People) -> None:
    may = {
        name: bool(check(getattr(people, name), Action.FIELDKIT_EXPIRE, enrolled.device)) for name in ("owner", "supervisor", "colleague", "stranger")
    }
    assert may == {"owner": True, "supervisor": True, "colleague": False, "stranger": False}


def test_only_its_worker_sends_with_it(enrolled: Enrolled, people: People) -> None:
    may = {name: bool(check(getattr(people, name), Action.FIELDKIT_SUBMIT, enrolled.device)) for name in ("owner", "supervisor", "stranger")}
    assert may == {"owner": True, "supervisor": False, "stranger": False}


def test_the_sending_token_reads_nothing(telephone: Telephone, version: InstrumentVersion) -> None:
    assert telephone.asks("catalogue/", telephone.made.sending_token).status_code == 403
    assert telephone.asks("catalogue/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "a long demo password"])
def test_a_wrong_token_is_a_stranger(telephone: Telephone, token: str) -> None:
    assert telephone.asks("contact/", token or "x").status_code == 401


def test_the_catalogue_holds_questions_and_of_ones_own_files_the_alias_only(telephone: Telephone, version: InstrumentVersion, people: People) -> None:
    mine = open_person(report_id=None, facts=Facts(sealed={"given_name": "ZEBRA"}), by=people.owner, at=NOON)
    theirs = open_person(report_id=None, facts=Facts(), by=people.colleague, at=NOON)
    reply = telephone.asks("catalogue/")
    found = reply.json()
    assert [p["alias"] for p in found["people"]] == [mine.alias]
    assert theirs.alias not in reply.content.decode()
    assert "ZEBRA" not in reply.content.decode()
    assert {tuple(sorted(p)) for p in found["people"]} == {("age_band", "alias", "id", "language")}
    adult = next(i for i in found["instruments"] if i["code"] == "adult_labour")
    assert {"en", "th"} <= set(adult["languages"])
    assert adult["questions"][0]["label"]["th"]
    assert adult["questions"][0]["why"]["en"]


def test_an_expired_device_reads_nothing_and_still_sends(telephone: Telephone, held: Held, owner: User) -> None:
    devices.expire(device_id=telephone.made.device.pk, by=owner, at=NOON)
    assert telephone.asks("catalogue/").status_code == 403
    assert telephone.asks("contact/").json()["device"]["state"] == "expired"
    answer = telephone.sends(held())
    assert answer.status_code == 200
    assert answer.json()["device"]["state"] == "expired"


def test_it_expires_by_itself_and_closes_some_days_later(telephone: Telephone, held: Held) -> None:
    with clock.stopped_at(NOON + timedelta(days=29, minutes=1)):
        assert telephone.asks("contact/").json()["device"]["state"] == "expired"
        assert telephone.sends(held()).status_code == 200
    with clock.stopped_at(NOON + timedelta(days=44)):
        assert telephone.sends(held()).status_code == 410


def test_the_daily_chore_ages_devices_that_never_came_back(enrolled: Enrolled) -> None:
    assert devices.age_devices(NOON + timedelta(days=30)) == 1
    assert devices.age_devices(NOON + timedelta(days=60)) == 1
    assert Device.objects.get().state == "revoked"


def test_a_closed_device_is_told_so_and_sends_nothing(telephone: Telephone, held: Held, people: People) -> None:
    devices.revoke(device_id=telephone.made.device.pk, by=people.supervisor, at=NOON)
    reply = telephone.sends(held())
    assert (reply.status_code, reply.json()["device"]["state"]) == (410, "revoked")
    with pytest.raises(WrongState):
        devices.revoke(device_id=telephone.made.device.pk, by=people.supervisor, at=NOON)


def test_the_office_sees_that_a_device_says_it_is_empty(telephone: Telephone, owner: User) -> None:
    devices.expire(device_id=telephone.made.device.pk, by=owner, at=NOON)
    telephone.client.post("/fieldkit/wiped/", headers=telephone._headers(telephone.made.sending_token, {}))
    assert Device.objects.get().wiped_at == NOON


def test_the_work_of_a_worker_who_left_is_not_sent_by_the_device(telephone: Telephone, held: Held, owner: User) -> None:
    owner.is_active = False
    owner.save()
    reply = telephone.sends(held())
    assert reply.status_code == 403
    assert "supervisor" in reply.json()["reason"]


def test_no_device_of_another_worker_may_repeat_an_interview(telephone: Telephone, held: Held, people: People) -> None:
    parcel = held()
    telephone.sends(parcel)
    other = Telephone(devices.enrol(kind="browser", alias="other", by=people.colleague, at=NOON))
    assert other.sends(parcel | {"answers": {}}).status_code == 403
    assert AuditEvent.objects.filter(action="fieldkit:submit", outcome="denied").count() == 1
