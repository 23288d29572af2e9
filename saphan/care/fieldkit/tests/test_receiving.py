"""What a device sent becomes one interview and one receipt, however often and in whatever order it comes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.fieldkit import keys
from saphan.care.fieldkit.devices import Enrolled
from saphan.care.fieldkit.models import SiteVisit, Submission
from saphan.care.fieldkit.tests.conftest import SAFE, SECRET, Held, Telephone, parcel_of
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import services
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Interview
from saphan.care.screening.states import VERSION_LIFE
from saphan.core import clock
from tests.people import NOON


def test_an_interview_is_received_with_its_number(telephone: Telephone, held: Held, owner: User) -> None:
    reply = telephone.sends(held())
    assert reply.status_code == 200, reply.content
    answer = reply.json()
    interview = Interview.objects.get(reference=answer["reference"])
    assert answer["outcome"] == "accepted"
    assert (interview.state, interview.interviewer, interview.person.org_id) == ("completed", owner, owner.org_id)
    assert interview.started_at == NOON - timedelta(hours=1)
    assert interview.ended_at == NOON - timedelta(minutes=20)
    assert [s.present is not None for s in interview.sittings.all()] == [True]
    assert interview.replies.count() == 2


def test_the_same_again_is_the_same_receipt(telephone: Telephone, held: Held) -> None:
    parcel = held()
    first, second = telephone.sends(parcel).json(), telephone.sends(parcel).json()
    assert second["reference"] == first["reference"]
    assert (first["again"], second["again"]) == (False, True)
    assert Interview.objects.count() == Submission.objects.count() == Person.objects.count() == 1


def test_what_was_changed_and_sent_again_is_a_new_edition_and_the_old_stays(telephone: Telephone, held: Held) -> None:
    parcel = held()
    first = telephone.sends(parcel).json()
    changed = parcel | {"answers": {"AL.D5.DOCSCONF": {"value": "no", "note": "", "at": None}}}
    second = telephone.sends(changed).json()
    assert second["edition"] == 2
    assert second["reference"] != first["reference"]
    assert Submission.objects.get(edition=2).follows == Submission.objects.get(edition=1)
    assert Person.objects.count() == 1
    assert telephone.sends(parcel).json()["reference"] == first["reference"]


def test_a_retired_version_is_taken_and_marked(telephone: Telephone, held: Held, version: InstrumentVersion, owner: User) -> None:
    version.state, version.retired_at, version.retired_by = VERSION_LIFE.target("retire", version.state), NOON, owner
    version.save()
    answer = telephone.sends(held()).json()
    assert answer["version_was_retired"] is True
    assert Interview.objects.get().formal is False


def test_a_clock_wrong_by_a_year_is_put_right_and_marked(telephone: Telephone, held: Held) -> None:
    ahead = timedelta(days=365)
    began = NOON + ahead - timedelta(hours=2)
    sitting = {"began_at": began.isoformat(), "ended_at": (began + timedelta(minutes=30)).isoformat(), "present": ""}
    parcel = held(sittings=[sitting], finished_at=(began + timedelta(minutes=30)).isoformat())
    answer = telephone.sends(parcel, **{"X-Device-Time": (NOON + ahead).isoformat()}).json()
    kept = Submission.objects.get()
    assert answer["clock_wrong_by_seconds"] == ahead.total_seconds()
    assert kept.clock_wrong_by == ahead
    assert kept.device_time_at == began + timedelta(minutes=30)
    assert kept.received_at == NOON
    assert kept.interview.started_at == NOON - timedelta(hours=2)


def test_times_ahead_of_now_are_never_kept(telephone: Telephone, held: Held) -> None:
    ahead = NOON + timedelta(days=3)
    sitting = {"began_at": (ahead - timedelta(minutes=30)).isoformat(), "ended_at": ahead.isoformat(), "present": ""}
    telephone.sends(held(sittings=[sitting]), **{"X-Device-Time": "nonsense"})
    interview = Interview.objects.get()
    assert interview.ended_at == NOON
    assert interview.started_at == NOON - timedelta(minutes=30)


def test_twelve_people_of_one_site_stand_in_one_visit(telephone: Telephone, held: Held) -> None:
    visit = {
        "id": str(uuid4()),
        "visited_on": "2026-11-23",
        "facts": {"place": f"{SECRET} factory", "site_kind": "factory", "activity": "manufacture", "province": "TH-57", "conditions": "doors locked"},
    }
    for number in range(1, 13):
        assert telephone.sends(held(visit=visit, sequence=number)).status_code == 200
    site = SiteVisit.objects.get()
    assert [row.number for row in site.people.all()] == list(range(1, 13))
    assert Interview.objects.count() == 12


def test_two_interviews_of_one_new_person_open_one_file(telephone: Telephone, held: Held) -> None:
    person = {"new": str(uuid4()), "age_band": "doubt", "sex": "female", "language": "my"}
    telephone.sends(held(person=person))
    telephone.sends(held(person=person, sequence=2))
    assert Person.objects.count() == 1
    assert {i.branch for i in Interview.objects.all()} == {"child"}


def test_a_known_file_is_used_while_it_is_open_to_the_worker(telephone: Telephone, held: Held, owner: User) -> None:
    person = open_person(report_id=None, facts=Facts(age_band="adult"), by=owner, at=NOON)
    telephone.sends(held(person={"known": str(person.pk)}))
    assert Interview.objects.get().person == person


def test_a_file_of_somebody_else_is_refused_and_nothing_is_kept(telephone: Telephone, held: Held, people: People) -> None:
    person = open_person(report_id=None, facts=Facts(), by=people.stranger, at=NOON)
    reply = telephone.sends(held(person={"known": str(person.pk)}))
    assert reply.status_code == 422
    assert reply.json()["outcome"] == "refused"
    assert reply.json()["field"] == "person"
    assert Interview.objects.count() == Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("format", 2, "format"), ("id", "nothing", "id"), ("version", "5499741d-551a-409d-b496-398226f9292b", "version"), ("sequence", -1, "sequence"), ("safety", {}, "language"),
        ("answers", {"AL.D4.HOURS": {"value": "perhaps", "note": "", "at": None}}, "AL.D4.HOURS"),
        ("answers", {"NO.SUCH": {"value": "yes", "note": "", "at": None}}, "NO.SUCH"),
        ("answers", {"AL.D4.HOURS": {"value": "yes", "note": "x" * 4001, "at": None}}, "note"), ("sittings", [], "sittings"),
        ("sittings", [{"began_at": "yesterday"}], "began_at"), ("ending", "soon", "ending"), ("person", {}, "person"),
        ("sittings", [{"began_at": "0001-01-01T00:00:00Z"}], "began_at"), ("sittings", [{"began_at": "9999-12-31T23:59:59Z"}], "began_at"),
        ("finished_at", "9999-12-31T23:59:59-12:00", "finished_at"), ("visit", {"id": "1"}, "visited_on"),
        ("visit", {"id": "1", "visited_on": "0001-01-01"}, "visited_on"), ("photos", [{"place": "a", "content": "***"}], "photos"),
        ("photos", [{"place": "a", "content": "รูป"}], "photos"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_field(telephone: Telephone, held: Held, part: str, value: Any, field: str) -> None:
    reply = telephone.sends(held(**{part: value}))
    assert reply.status_code == 422
    assert reply.json()["field"] == field
    assert reply.json()["reason"]
    assert not Interview.objects.exists()


@pytest.mark.parametrize("theirs", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-23T05:00:00", "noon"])
def test_a_clock_that_says_nothing_sensible_counts_as_none(telephone: Telephone, held: Held, theirs: str) -> None:
    reply = telephone.sends(held(offset_seconds=2**39), **{"X-Device-Time": theirs})
    assert reply.status_code == 200
    assert Submission.objects.get().offset_seconds is None


def test_a_sign_that_no_text_holds_is_left_out(telephone: Telephone, held: Held) -> None:
    sitting = held()["sittings"][0] | {"present": "inter\0preter"}
    answer = {"value": "yes", "note": "before\0after", "at": None}
    assert telephone.sends(held(sittings=[sitting], answers={"AL.D5.\0DOCSCONF": answer})).status_code == 200


def test_an_unsafe_beginning_with_answers_is_refused(telephone: Telephone, held: Held) -> None:
    parcel = held()
    reply = telephone.sends(parcel | {"safety": parcel["safety"] | {"private_place": "no"}})
    assert reply.status_code == 409
    assert reply.json()["outcome"] == "refused"


def test_an_interview_that_stopped_before_its_first_question_is_taken(telephone: Telephone, held: Held) -> None:
    parcel = held(sittings=[], answers={}, ending="stop", stop_reason="unsafe")
    telephone.sends(parcel | {"safety": parcel["safety"] | {"private_place": "no"}})
    assert Interview.objects.get().stop_reason == "unsafe"


def test_a_check_broken_off_leaves_its_trace_and_never_counts_as_passed(telephone: Telephone, held: Held) -> None:
    stopped = held(sittings=[], answers={}, ending="stop", stop_reason="wish", safety={"language": "lo", "private_place": "yes", "consent": "no"})
    assert telephone.sends(stopped).status_code == 200
    interview = Interview.objects.get()
    check = interview.checks.get()
    assert (interview.state, interview.stop_reason) == ("stopped", "wish")
    assert (check.private_place, check.consent, check.interpreter, check.person_risk, check.passed) == ("yes", "no", "", "", False)


@pytest.mark.parametrize("other", [{"ending": "complete", "stop_reason": ""}, {"ending": "stop", "stop_reason": "wish"}])
def test_half_a_check_opens_no_question(telephone: Telephone, held: Held, other: dict[str, str]) -> None:
    half = {name: value for name, value in SAFE.items() if name != "person_risk"}
    assert telephone.sends(held(safety=half, **other)).status_code == 422
    without_interpreter = held(sittings=[], ending="stop", stop_reason="wish", safety=SAFE | {"interpreter": ""})
    assert telephone.sends(without_interpreter).status_code == 409  # answers, and nobody had asked about the interpreter
    assert not Interview.objects.exists()


def again(sitting: int, **points: str) -> dict[str, Any]:
    return {"sitting": sitting, "at": (NOON - timedelta(minutes=40)).isoformat(), "points": SAFE | points}


def test_a_check_made_again_is_kept_behind_the_first_one(telephone: Telephone, held: Held) -> None:
    assert telephone.sends(held(checks=[again(2, person_risk="low"), again(3)])).status_code == 200
    checks = list(Interview.objects.get().checks.values_list("seq", "sitting", "person_risk", "at", "passed"))
    begun, later = NOON - timedelta(hours=1), NOON - timedelta(minutes=40)
    assert checks == [(1, 1, "some", begun, True), (2, 2, "low", later, True), (3, 3, "some", later, True)]


def test_an_interview_stopped_over_the_check_made_again_keeps_it(telephone: Telephone, held: Held) -> None:
    broken_off = {"sitting": 2, "at": (NOON + timedelta(days=1)).isoformat(), "points": {"language": "lo", "consent": "no"}}
    assert telephone.sends(held(ending="stop", stop_reason="wish", checks=[broken_off])).status_code == 200
    last = Interview.objects.get().checks.last()
    assert last is not None
    assert (last.seq, last.consent, last.passed, last.at) == (2, "no", False, NOON)


@pytest.mark.parametrize(
    ("checks", "status"), [([again(2, consent="no")], 409), ([again(1)], 422), ([{"sitting": 2, "points": SAFE}], 422), ("all good", 422), ([again(2) | {"points": {}}], 422)],
)  # fmt: skip
def test_a_check_made_again_that_cannot_be_is_refused(telephone: Telephone, held: Held, checks: Any, status: int) -> None:
    assert telephone.sends(held(checks=checks)).status_code == status
    assert not Interview.objects.exists()


def test_half_an_upload_is_refused_and_the_whole_one_taken_after(telephone: Telephone, held: Held) -> None:
    from saphan.care.fieldkit import keys

    sealed = keys.close(held())
    assert telephone.sends_bytes(sealed[: len(sealed) // 2]).status_code == 422
    assert telephone.sends_bytes(sealed).status_code == 200


def test_fifty_megabytes_get_413_and_a_sentence(telephone: Telephone) -> None:
    reply = telephone.sends_bytes(b"x" * (50 * 1024 * 1024))
    assert reply.status_code == 413
    assert "10 MB" in reply.json()["reason"]


def test_what_was_said_lies_nowhere_unsealed(telephone: Telephone, held: Held) -> None:
    visit = {
        "id": str(uuid4()),
        "visited_on": "2026-11-23",
        "facts": {"place": SECRET, "site_kind": "", "activity": "", "province": "", "conditions": SECRET},
    }
    telephone.sends(held(visit=visit))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if SECRET in str([bytes(c) if isinstance(c, memoryview) else c for c in row])]
    assert found == []


def test_each_receipt_stands_in_the_audit_without_values(telephone: Telephone, held: Held) -> None:
    telephone.sends(held())
    event = AuditEvent.objects.get(action="fieldkit:submit")
    assert event.fields == "interview,edition,way"


MOVES = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["sent", "answer lost", "broken", "twice"])), min_size=1, max_size=14)


@pytest.mark.once
@settings(max_examples=12)
@given(moves=MOVES)
def test_any_order_doubling_and_loss_converges_to_one_interview_each(
    enrolled: Enrolled, version: InstrumentVersion, django_db_blocker: Any, moves: list[tuple[int, str]]
) -> None:
    """Every parcel that arrived whole at least once is one interview; every receipt of it says the same number."""
    from django.db import transaction

    from saphan.care.fieldkit import keys

    with clock.stopped_at(NOON), transaction.atomic():
        telephone = Telephone(enrolled)
        parcels = [parcel_of(enrolled, version, sequence=n) for n in range(4)]
        numbers: dict[int, set[str]] = {}
        arrived = set()
        for which, how in moves:
            if how == "broken":
                assert telephone.sends_bytes(keys.close(parcels[which])[:-9]).status_code == 422
                continue
            arrived.add(which)
            for reply in [telephone.sends(parcels[which]) for _time in range(2 if how == "twice" else 1)]:
                if how != "answer lost":
                    numbers.setdefault(which, set()).add(reply.json()["reference"])
        assert Interview.objects.count() == Submission.objects.count() == len(arrived)
        assert all(len(said) == 1 for said in numbers.values())
        assert len({next(iter(said)) for said in numbers.values()}) == len(numbers)
        transaction.set_rollback(True)


def test_the_interview_goes_on_at_the_desk_when_it_was_paused(telephone: Telephone, held: Held, owner: User) -> None:
    telephone.sends(held(ending="pause"))
    interview = Interview.objects.get()
    assert interview.state == "paused"
    assert services.resume(interview_id=interview.pk, present="", by=owner, at=NOON).state == "under_way"


def test_a_photo_is_kept_sealed_without_what_the_camera_wrote(telephone: Telephone, held: Held) -> None:
    import io
    from base64 import b64encode

    from PIL import Image

    from saphan.care.fieldkit.models import Enclosure

    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET
    Image.new("RGB", (20, 20), "red").save(out, "JPEG", exif=exif)
    photo = {"place": "AL.D4.HOURS", "name": "photo.jpg", "content": b64encode(out.getvalue()).decode()}
    parcel = held(photos=[photo])
    assert telephone.sends(parcel).status_code == 200
    assert telephone.sends(parcel).status_code == 200
    enclosure = Enclosure.objects.get()
    assert enclosure.attachment.scope == Interview.objects.get().person_id
    assert telephone.sends(held(photos=[photo | {"content": b64encode(b"no picture").decode()}])).status_code == 422


def told(**values: str) -> dict[str, dict[str, Any]]:
    return {place.replace("__", "@"): {"value": value, "note": "", "at": None} for place, value in values.items()}


def test_each_reply_has_the_moment_at_which_it_was_given(telephone: Telephone, held: Held) -> None:
    telephone.sends(held())
    assert {reply.at for reply in Interview.objects.get().replies.all()} == {NOON - timedelta(hours=1)}
    parcel = held()
    early, late = NOON - timedelta(minutes=50), NOON - timedelta(minutes=30)
    for place, at in zip(sorted(parcel["answers"]), (late, early), strict=True):
        parcel["answers"][place]["at"] = at.isoformat()
    reference = telephone.sends(parcel).json()["reference"]
    given = {reply.question.code: reply.at for reply in Interview.objects.get(reference=reference).replies.all()}
    assert given == {"AL.D4.HOURS": late, "AL.D5.DOCSCONF": early}


def test_moments_of_a_wrong_clock_are_put_right_and_never_lie_ahead_of_now(telephone: Telephone, held: Held) -> None:
    ahead = timedelta(days=365)
    began = NOON + ahead - timedelta(hours=2)
    sitting = {"began_at": began.isoformat(), "ended_at": (began + timedelta(minutes=30)).isoformat(), "present": ""}
    parcel = held(sittings=[sitting])
    first, second = sorted(parcel["answers"])
    parcel["answers"][first]["at"] = (began + timedelta(minutes=5)).isoformat()
    parcel["answers"][second]["at"] = (began + timedelta(days=9)).isoformat()  # the clock was set while they talked
    telephone.sends(parcel, **{"X-Device-Time": (NOON + ahead).isoformat()})
    given = {reply.question.code: reply.at for reply in Interview.objects.get().replies.all()}
    assert given == {first: NOON - timedelta(minutes=115), second: NOON}


def test_without_a_moment_of_its_own_a_reply_has_that_of_the_end_of_the_sitting(telephone: Telephone, held: Held) -> None:
    telephone.sends(held(answers={"AL.D4.HOURS": {"value": "yes", "note": "", "at": None}}))
    assert Interview.objects.get().replies.get().at == NOON - timedelta(minutes=20)


def test_the_turns_of_a_part_that_repeats_are_taken_in(telephone: Telephone, held: Held, household: InstrumentVersion) -> None:
    answers = told(room="loft", nick__1="Noi", years__1="4", nick__2="Lek", years__2="9", school__2="no")
    reply = telephone.sends(held(version=str(household.pk), answers=answers))
    assert reply.status_code == 200, reply.content
    rows = Interview.objects.get().replies.values_list("question__code", "instance")
    assert sorted(rows) == [("nick", "1"), ("nick", "2"), ("room", ""), ("school", "2"), ("years", "1"), ("years", "2")]


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (told(hours="25"), "hours", "A day has 24 hours."), (told(hours="many"), "hours", "whole number"), (told(years__2="18", nick__1="x"), "years@2", "does not fit"),
        (told(part="north", town="hat_yai"), "town", "one of the answers"), (told(free="perhaps"), "free", "one of the answers"),
    ],
)  # fmt: skip
def test_the_office_has_the_last_word_on_what_does_not_fit(
    telephone: Telephone, held: Held, household: InstrumentVersion, answers: dict[str, Any], field: str, sentence: str
) -> None:
    reply = telephone.sends(held(version=str(household.pk), answers=answers), **{"X-Saphan-Language": "en"})
    assert reply.status_code == 422
    assert reply.json()["field"] == field
    assert sentence in reply.json()["reason"]
    assert not Interview.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [
        told(part="north", town="mae_sot"), told(town="mae_sot", hours="unknown"), told(hours="declined"), told(free="declined"), told(),
    ],
)  # fmt: skip
def test_what_was_declined_left_open_or_is_not_asked_any_more_is_taken(
    telephone: Telephone, held: Held, household: InstrumentVersion, answers: dict[str, Any]
) -> None:
    """Needed answers may stay open, as at the desk: nobody need answer."""
    reply = telephone.sends(held(version=str(household.pk), answers=answers))
    assert reply.status_code == 200, reply.content


@pytest.mark.parametrize("text", ['{"a": "\\ud800"}', '{"a": ' + "[" * 100_000], ids=["half a pair", "deeper than can be read"])
def test_what_is_sealed_rightly_and_cannot_be_read_is_refused_in_words(telephone: Telephone, text: str) -> None:
    sealed = keys.SUITE.encrypt(text.encode(), keys.opening_key().public_key(), info=keys.CONTEXT)
    reply = telephone.sends_bytes(sealed)
    assert (reply.status_code, Submission.objects.count()) == (422, 0)
