"""One case under the example, told in lines."""

from datetime import timedelta

import pytest

from saphan.agreements.procedures.drifting import drift
from saphan.agreements.procedures.entering import may_enter, open_stages, why_not
from saphan.agreements.procedures.events import Event, event_from
from saphan.agreements.procedures.following import after
from saphan.agreements.procedures.tests.stories import BEGIN, Story, changed


def codes(story: Story, stage: str, days: float = 0) -> list[tuple[str, str]]:
    return [(h.article, h.code) for h in may_enter(story.standing, stage, now=BEGIN + timedelta(days=days))]


def findings(story: Story, days: float = 0) -> list[tuple[str, str, str]]:
    return [(f.kind, f.article, f.code) for f in drift(story.standing, now=BEGIN + timedelta(days=days))]


def test_every_open_thing_is_named_with_its_article():
    assert codes(Story(), "tracing") == [*[("2", "check_open")] * 3, ("2", "consent_not_asked"), ("2", "document_missing")]
    assert why_not(Story().standing, "tracing", now=BEGIN)[0] == "Art. 2: Not done yet: rights explained."
    assert codes(Story().recovered(), "tracing") == []


def test_a_stage_that_does_not_follow_is_refused():
    assert ("2", "not_next") in codes(Story().recovered(), "decision")
    assert codes(Story(), "nowhere") == [("", "unknown_stage")]
    assert codes(Story(), "recovery") == [("2", "already_there")]


def test_whoever_says_no_is_not_traced_and_has_another_way():
    story = Story().recovered().tell("consent_withdrawn", "c_trace")
    assert codes(story, "tracing") == [("5", "consent_not_given")]
    assert "other_solution" in open_stages(story.standing, now=BEGIN)


def test_a_child_needs_a_guardian_beside_her():
    story = Story(facts=("child",)).recovered()
    assert codes(story, "tracing") == []
    story.tell("consent_given", "c_trace", form="spoken")
    assert codes(story, "tracing") == [("5", "consent_not_given")]


def test_a_written_consent_is_not_a_spoken_one():
    story = Story().traced().tell("consent_given", "c_photo", form="spoken")
    assert not story.standing.consent_holds("c_photo", BEGIN)


def test_a_consent_runs_out_and_is_asked_again():
    story = Story().traced().tell("message_sent", "trace_report").enter("decision").tell("checked", "person_heard")
    story.enter("preparation").tell("consent_given", "c_return", form="written")
    standing = story.standing
    assert standing.consent_holds("c_return", BEGIN + timedelta(days=60))
    assert not standing.consent_holds("c_return", BEGIN + timedelta(days=61))


def test_a_message_must_have_come_before_the_stage_that_rests_on_it():
    story = Story().traced()
    assert codes(story, "decision") == [("6", "message_missing")]
    assert codes(story.tell("message_received", "trace_report", ref="m1"), "decision") == []


def test_a_fact_forbids_a_stage_even_on_the_way_back():
    story = Story().traced().tell("message_sent", "trace_report").enter("decision", "preparation", "decision")
    assert codes(story, "preparation") == []
    story.tell("fact_set", "refuses")
    assert codes(story, "preparation") == [("6", "blocked")]
    assert why_not(story.standing, "preparation", now=BEGIN) == ("Art. 6: The person declines return",)


def test_going_back_and_another_lasting_solution_ask_for_nothing():
    story = Story().traced()
    assert codes(story, "recovery") == []
    assert codes(story, "other_solution") == []
    assert codes(story.enter("other_solution", "closed"), "tracing") == [("13", "closed")]


def test_the_promise_to_trace_runs_in_lao_working_days():
    promise = Story().traced().standing.promises["promise:ob_trace:1"]
    assert promise.due.at.date().isoformat() == "2027-04-13"
    assert promise.due.days_off == (("2027-03-08", "International Women's Rights Day"),)
    assert promise.very_late_at is not None
    assert promise.very_late_at.date().isoformat() == "2027-05-10"
    assert (promise.party, promise.role, promise.late_to) == ("O", "tracing_officer", "focal_O")


@pytest.mark.parametrize(
    ("day", "state"),
    [(20, "kept"), (43, "kept"), (44, "kept_late"), (69, "kept_late"), (75, "not_kept")],
    ids=["early", "last day", "a day late", "late", "too late"],
)
def test_a_report_keeps_the_promise_until_it_is_very_late(day, state):
    story = Story().traced().day(day).tell("message_sent", "trace_report")
    assert story.state("promise:ob_trace:1", 100) == state


def test_a_promise_past_its_due_is_running_and_late_and_not_kept():
    promise = Story().traced().standing.promises["promise:ob_trace:1"]
    moment = BEGIN + timedelta(days=50)
    assert promise.state_at(moment) == "running"
    assert promise.is_late(moment)


def test_a_promise_is_void_when_the_person_withdraws_and_starts_anew_when_she_agrees_again():
    story = Story().traced().day(5).tell("consent_withdrawn", "c_trace")
    assert story.state("promise:ob_trace:1", 5) == "void"
    story.day(9).tell("consent_given", "c_trace", form="written")
    assert story.standing.promises["promise:ob_trace:2"].started_at == BEGIN + timedelta(days=9)


def test_a_withdrawal_does_not_mend_a_promise_that_was_broken_before():
    assert Story().traced().day(50).tell("consent_withdrawn", "c_trace").state("promise:ob_trace:1", 51) == "not_kept"


def test_a_case_that_turns_to_another_solution_owes_no_report():
    story = Story().traced().day(3).enter("other_solution")
    assert story.state("promise:ob_trace:1", 400) == "void"


def follow_ups() -> Story:
    story = Story().traced().tell("message_sent", "trace_report").enter("decision", "preparation")
    return story.tell("message_sent", "reception_confirm").enter("handover", "reintegration").tell("consent_given", "c_follow", form="written")


def states(story: Story, days: float) -> list[str]:
    return [story.state(f"promise:ob_follow:{n}", days) for n in (1, 2, 3, 4)]


def test_follow_ups_open_one_after_the_other():
    assert states(follow_ups(), 10) == ["running", "not_started", "not_started", "not_started"]
    assert states(follow_ups(), 31) == ["running", "running", "not_started", "not_started"]
    assert states(follow_ups(), 400) == ["not_kept", "not_kept", "not_kept", "running"]


def test_one_report_keeps_one_follow_up():
    story = follow_ups().day(20).tell("message_sent", "follow_up").day(22).tell("message_sent", "follow_up")
    assert states(story, 25) == ["kept", "not_started", "not_started", "not_started"]
    story.day(95).tell("message_sent", "follow_up")
    assert states(story, 95) == ["kept", "kept_late", "running", "not_started"]


def test_whoever_owes_does_not_free_itself_by_closing_the_case():
    assert states(follow_ups().day(40).enter("closed"), 41) == ["not_kept"] * 4
    by_the_host = follow_ups().day(20).tell("entered", "closed", by="case_officer")
    assert states(by_the_host, 41) == ["void"] * 4


def test_an_emergency_shortens_a_check_when_a_focal_point_writes_why():
    story = Story().recovered().tell("unchecked", "interpreter_offered")
    departure = {"what": "check", "by": "focal_H", "ref": "d1"}
    for wrong in ({"by": "case_officer"}, {"ref": ""}, {"what": "document"}):
        story.tell("departed", "interpreter_offered", **(departure | wrong))
        assert codes(story, "tracing") == [("2", "check_open")]
    story.tell("departed", "interpreter_offered", **departure)
    assert codes(story, "tracing") == []
    assert findings(story.enter("tracing")) == []
    assert story.state("tell:d1:1", 1) == "running"
    assert findings(story, 7) == [("late", "9", "not_told")]
    assert story.day(1).tell("told", ref="d1").state("tell:d1:1", 7) == "kept"


def test_a_departure_excuses_a_due_only_before_it_has_passed():
    late = {"what": "due", "by": "focal_O", "ref": "d2"}
    assert Story().traced().day(10).tell("departed", "ob_trace", **late).state("promise:ob_trace:1", 90) == "excused"
    assert Story().traced().day(50).tell("departed", "ob_trace", **late).state("promise:ob_trace:1", 60) == "running"


def test_what_was_skipped_without_a_word_is_found():
    story = Story().enter("tracing")
    assert findings(story) == [
        *[("skipped", "2", "check_open")] * 3,
        ("skipped", "2", "consent_not_asked"),
        ("missing_document", "2", "document_missing"),
    ]
    story.tell("corrected", ref="2")
    assert all(finding.corrected for finding in story.standing.findings.values())


def test_stages_out_of_order_are_found():
    assert ("order", "2", "not_next") in findings(Story().recovered().enter("handover"))


def test_a_message_that_says_too_much_is_found():
    story = Story().recovered().tell("message_sent", "trace_request", fields=("given_name", "photo", "shelter_name"))
    assert findings(story) == [
        ("over_disclosure", "3", "field_not_agreed"),
        ("over_disclosure", "3", "field_not_agreed"),
        ("over_disclosure", "3", "too_early"),
    ]
    story = Story().traced().tell("consent_withdrawn", "c_trace").tell("message_sent", "trace_request", party="O", to="H", fields=("given_name",))
    assert findings(story) == [("over_disclosure", "3", "wrong_party"), ("over_disclosure", "3", "no_consent")]
    assert findings(Story(facts=("child",)).traced().tell("message_sent", "trace_photo")) == [
        ("over_disclosure", "4", "message_not_foreseen"),
        ("over_disclosure", "4", "no_consent"),
    ]
    assert findings(Story().tell("message_sent", "gossip", fields=("photo",))) == [("over_disclosure", "2", "unknown_message")]


def test_what_is_late_is_found_and_names_the_party():
    late = drift(Story().traced().standing, now=BEGIN + timedelta(days=50))
    assert [(f.code, f.party, f.role) for f in late] == [("stage_late", "H", "focal_H"), ("promise_late", "O", "tracing_officer")]


def test_the_second_line_about_one_message_changes_nothing():
    story = follow_ups().day(20).tell("message_sent", "follow_up").tell("message_received", "follow_up").day(32)
    assert states(story, 32) == ["kept", "running", "not_started", "not_started"]


def test_a_promise_under_a_fact_begins_when_the_fact_is_known_and_ends_with_it():
    compiled = changed(a5={"oblige": [{"id": "ob_trace", "party": "O", "by": "tracing_officer", "at": "tracing", "due": "30wd", "if": "child"}]})
    story = Story(compiled).traced()
    assert "promise:ob_trace:1" not in story.standing.promises
    story.day(2).tell("fact_set", "child")
    assert story.state("promise:ob_trace:1", 2) == "running"
    assert story.day(4).tell("fact_cleared", "child").state("promise:ob_trace:1", 5) == "void"


def test_a_suspended_case_stands_still_and_owes_anew_when_it_goes_on():
    story = Story().traced().day(2).tell("suspended")
    assert story.state("promise:ob_trace:1", 3) == "void"
    assert ("13", "suspended") in codes(story.tell("message_sent", "trace_report"), "decision")
    assert codes(story, "recovery") == []
    story = Story().traced().day(2).tell("suspended").day(30).tell("resumed")
    assert story.standing.promises["promise:ob_trace:2"].started_at == BEGIN + timedelta(days=30)


def test_a_case_bound_anew_asks_again_where_more_would_cross():
    wider = changed(
        a3={"send": [{"id": "trace_request", "from": "H", "to": "O", "fields": ["locate", "portrait"], "needs": ["c_trace"], "keep": "365d"}]}
    )
    same = changed(a5={"oblige": [{"id": "ob_trace", "party": "O", "by": "tracing_officer", "at": "tracing", "due": "20wd"}]})
    story = Story().traced().day(2)
    versions = {wider.digest: wider, same.digest: same}
    to_wider = after(story.standing, Event(90, BEGIN, "rebound", wider.digest), versions)
    assert "c_trace" not in to_wider.consents
    to_same = after(story.standing, Event(90, BEGIN, "rebound", same.digest), versions)
    assert to_same.consents.keys() == {"c_trace"}
    assert to_same.promises["promise:ob_trace:1"].ending == "void"
    assert to_same.promises["promise:ob_trace:2"].due.length == "20wd"
    assert after(story.standing, Event(90, BEGIN, "rebound", "sha256:unknown"), versions).unforeseen == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"seq": 1, "at": "2027-03-01T09:00:00", "kind": "checked"}, "time zone"),
        ({"seq": 1, "at": "2027-03-01T09:00:00+07:00", "kind": "told_a_lie"}, "no event is called"),
        ({"seq": 1, "at": "2027-03-01T09:00:00+07:00", "kind": "checked", "note": "x"}, "has no “note”"),
        ({"at": "2027-03-01T09:00:00+07:00", "kind": "checked"}, "number"),
    ],
)
def test_an_event_that_is_none_is_refused(row, reason):
    with pytest.raises(ValueError, match=reason):
        event_from(row)


def test_an_event_of_the_past_is_refused():
    with pytest.raises(ValueError, match="does not come after"):
        after(Story().standing, Event(1, BEGIN, "checked", "rights_explained"))
