"""A kit that was not opened with a network for weeks still sends: nothing of it is lost, and what it did not ask for is marked."""

from base64 import b64encode
from datetime import timedelta
from json import dumps
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.fieldkit import keys
from saphan.care.fieldkit.tests.conftest import SAFE, Held, Telephone
from saphan.care.persons.models import Person
from saphan.care.screening.models import Interview
from saphan.care.screening.rechecks import unchecked
from tests.people import NOON, client_of

NOTE, TAG = 'id="unchecked"', "safety check not made again"


def sat(*days_ago: int) -> list[dict[str, Any]]:
    """A sitting of ten minutes on each of these days."""
    began = [NOON - timedelta(days=days, hours=2 - at / 2) for at, days in enumerate(days_ago)]
    return [{"began_at": at.isoformat(), "ended_at": (at + timedelta(minutes=10)).isoformat(), "present": ""} for at in began]


def again(sitting: int, days_ago: int) -> dict[str, Any]:
    return {"sitting": sitting, "at": (NOON - timedelta(days=days_ago, hours=3)).isoformat(), "points": SAFE}


def test_another_day_without_the_check_made_again_is_taken_and_marked(telephone: Telephone, held: Held, owner: User, people: People) -> None:
    assert telephone.sends(held(sittings=sat(3, 2, 2))).status_code == 200
    interview = Interview.objects.get()
    assert (interview.state, interview.replies.count()) == ("completed", 2)
    assert [sitting.began_at for sitting in unchecked(interview)] == [s.began_at for s in interview.sittings.all()][1:]
    for reader in (owner, people.supervisor):
        assert NOTE in client_of(reader).get(f"/desk/screening/interviews/{interview.pk}/").content.decode()
        assert TAG in client_of(reader).get("/desk/screening/").content.decode()


@pytest.mark.parametrize(
    ("days", "checks", "marked"),
    [
        ((2,), [], 0),
        ((2, 2), [], 0),
        ((3, 2), [again(2, 2)], 0),
        ((3, 2), [again(2, 3)], 1),
        ((4, 3, 2), [again(2, 3)], 1),
        ((4, 3, 2), [again(2, 3), again(3, 2)], 0),
    ],
)
def test_only_what_went_on_without_it_is_marked(
    telephone: Telephone, held: Held, people: People, days: tuple[int, ...], checks: list[dict[str, Any]], marked: int
) -> None:
    assert telephone.sends(held(sittings=sat(*days), checks=checks)).status_code == 200
    interview = Interview.objects.get()
    assert len(unchecked(interview)) == marked
    page = client_of(people.supervisor).get(f"/desk/screening/interviews/{interview.pk}/").content.decode()
    assert (NOTE in page) == (TAG in client_of(people.supervisor).get("/desk/screening/").content.decode()) == bool(marked)


def test_a_file_brought_in_and_the_page_of_its_visit_say_so_too(held: Held, people: People, tmp_path: Any) -> None:
    visit = {"id": str(uuid4()), "visited_on": "2026-11-20", "facts": {"place": "by the canal"}}
    sealed = b64encode(keys.close(held(sittings=sat(3, 2), visit=visit))).decode()
    bundle = tmp_path / "kit.json"
    bundle.write_text(dumps({"saphan_field_kit": 1, "parcels": [{"id": "1", "sealed": sealed}]}))
    with bundle.open("rb") as file:
        page = client_of(people.supervisor).post("/desk/screening/kit/bring-in/", {"bundle": file})
    assert TAG in page.content.decode()
    submission = Interview.objects.get().submission
    assert TAG in client_of(people.supervisor).get(f"/desk/screening/kit/visits/{submission.visit_id}/").content.decode()


def test_the_list_asks_no_more_often_for_more_interviews(
    telephone: Telephone, held: Held, people: People, django_assert_max_num_queries: Any
) -> None:
    asking = client_of(people.supervisor)
    telephone.sends(held(sittings=sat(3, 2)))
    with CaptureQueriesContext(connection) as counted:
        asking.get("/desk/screening/")
    once = len(counted.captured_queries)
    for number in range(2, 6):
        telephone.sends(held(sittings=sat(3, 2), sequence=number))
    with django_assert_max_num_queries(once):
        asking.get("/desk/screening/")


@pytest.mark.parametrize(("part", "kept"), [({}, "unknown"), ({"sex": ""}, "unknown"), ({"sex": "female"}, "female"), ({"sex": "other"}, "other")])
def test_the_sex_that_was_said_is_kept_and_may_be_left_out(telephone: Telephone, held: Held, part: dict[str, str], kept: str) -> None:
    person = {"new": str(uuid4()), "age_band": "adult", "language": "lo"} | part
    assert telephone.sends(held(person=person)).status_code == 200
    assert Person.objects.get().sex == kept


def test_a_sex_that_the_desk_does_not_know_is_refused_with_its_field(telephone: Telephone, held: Held) -> None:
    reply = telephone.sends(held(person={"new": str(uuid4()), "age_band": "adult", "sex": "x", "language": "lo"}))
    assert (reply.status_code, reply.json()["field"]) == (422, "sex")
