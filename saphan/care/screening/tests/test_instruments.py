"""Instruments come as workbooks: looked at first, kept as a draft, approved by a second person; answers are never renamed, interviews never moved."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.care.screening import instrument_acts, services
from saphan.care.screening.instruments import Instrument, InstrumentUpload, InstrumentVersion
from saphan.care.screening.models import Interview, Reply
from saphan.care.screening.results import said
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import person_of
from saphan.core.errors import Invalid, NotFound, Refused, WrongState
from saphan.xlsform.writing import write_workbook
from tests.people import NOON, client_of

ANSWERS = [
    {"list_name": "answer5", "name": code, "label::English (en)": code, "label::Thai (th)": code} for code in ("yes", "no", "unknown", "declined")
]
KINDS = [{"list_name": "kind", "name": code, "label::English (en)": label, "label::Thai (th)": label} for code, label in (("a", "A"), ("b", "B"))]
SETTINGS = {
    "form_id": "harvest", "form_title": "Harvest", "version": "7", "default_language": "English (en)", "sph_audience": "adult",
    "sph_source::English (en)": "our own", "sph_source::Thai (th)": "ของเราเอง", "sph_rule_version": "ILO-2009 rule 1",
}  # fmt: skip


def row(type_: str, name: str, text: str = "", **more: str) -> dict[str, str]:
    return {"type": type_, "name": name, "label::English (en)": text or name, "label::Thai (th)": f"ไทย {name}", **more}


SURVEY = [
    row("begin_group", "work", "At work"),
    row("select_one answer5", "hours", "Did you work more than was agreed?", sph_dimension="D4", sph_strength="strong", sph_elements="purpose:forced_labour"),
    row("integer", "days", "How many days a week?", constraint=". >= 0 and . <= 7", relevant="${hours} = 'yes'"),
    {"type": "end_group"},
    row("select_one kind", "kind", "Which kind?"),
]  # fmt: skip


def workbook(survey: list[dict[str, str]] = SURVEY, choices: list[dict[str, str]] | None = None, **settings: str) -> bytes:
    return write_workbook({"survey": survey, "choices": choices or [*ANSWERS, *KINDS], "settings": [SETTINGS | settings]})


def brought(by: User, content: bytes) -> InstrumentVersion:
    upload = instrument_acts.look_at(file_name="harvest.xlsx", content=content, by=by, at=NOON)
    return instrument_acts.bring_in(upload_id=upload.pk, by=by, at=NOON)


@pytest.fixture
def draft(people: People) -> InstrumentVersion:
    return brought(people.supervisor, workbook())


def send(by: User, content: bytes, name: str = "harvest.xlsx") -> Any:
    return client_of(by).post("/desk/screening/instruments/bring/", {"file": SimpleUploadedFile(name, content)})


def test_a_workbook_is_looked_at_before_anything_is_kept(people: People) -> None:
    answer = send(people.supervisor, workbook())
    assert answer.status_code == 302
    assert not InstrumentVersion.objects.exists()
    shown = client_of(people.supervisor).get(answer["Location"]).content.decode()
    assert "Did you work more than was agreed?" in shown
    assert "Keep it as a draft" in shown
    kept = client_of(people.supervisor).post(answer["Location"], {"once": "one"})
    version = InstrumentVersion.objects.get()
    assert kept["Location"] == f"/desk/screening/instruments/versions/{version.pk}/"
    assert (version.number, version.state, version.kind) == (1, "draft", "indicators")
    assert list(version.questions.values_list("code", "kind", "section")) == [
        ("hours", "answer5", "work"),
        ("days", "integer", "work"),
        ("kind", "select_one", ""),
    ]
    assert not InstrumentUpload.objects.exists()
    assert client_of(people.supervisor).get(kept["Location"]).status_code == 200


def test_a_broken_workbook_says_sheet_row_and_column_and_changes_nothing(people: People) -> None:
    wrong = [*SURVEY, row("select_one nothing", "x")]
    answer = send(people.supervisor, workbook(wrong))
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "survey" in told
    assert f"<td>{len(SURVEY) + 2}</td>" in told
    assert send(people.supervisor, b"no workbook at all").status_code == 422
    assert not InstrumentUpload.objects.exists()


def test_only_supervisors_of_the_ministry_bring_instruments(people: People) -> None:
    assert send(people.owner, workbook()).status_code == 403
    assert send(people.stranger, workbook()).status_code == 403
    with pytest.raises(Refused):
        instrument_acts.look_at(file_name="x", content=b"x", by=people.owner, at=NOON)


def test_nobody_sees_what_another_person_is_about_to_bring(people: People) -> None:
    upload = instrument_acts.look_at(file_name="x.xlsx", content=workbook(), by=people.supervisor, at=NOON)
    other = people.second_supervisor
    assert client_of(other).get(f"/desk/screening/instruments/bring/{upload.pk}/").status_code == 404
    with pytest.raises(NotFound):
        instrument_acts.bring_in(upload_id=upload.pk, by=other, at=NOON)


def test_a_second_person_approves_and_only_then_results_are_formal(people: People, draft: InstrumentVersion) -> None:
    assert not draft.is_formal
    with pytest.raises(Refused):
        instrument_acts.approve(version_id=draft.pk, by=people.supervisor, at=NOON)
    approved = instrument_acts.approve(version_id=draft.pk, by=people.second_supervisor, at=NOON)
    assert approved.is_formal
    with pytest.raises(WrongState):
        instrument_acts.approve(version_id=draft.pk, by=people.second_supervisor, at=NOON)
    retired = instrument_acts.retire(version_id=draft.pk, by=people.supervisor, at=NOON)
    assert not retired.is_formal


def test_a_version_without_a_source_is_not_approved(people: People) -> None:
    unsourced = SETTINGS | {"sph_source::English (en)": "", "sph_source::Thai (th)": ""}
    bare = brought(people.supervisor, write_workbook({"survey": SURVEY, "choices": [*ANSWERS, *KINDS], "settings": [unsourced]}))
    with pytest.raises(Invalid):
        instrument_acts.approve(version_id=bare.pk, by=people.second_supervisor, at=NOON)


def test_the_same_form_again_is_no_new_version(people: People, draft: InstrumentVersion) -> None:
    with pytest.raises(Invalid):
        brought(people.supervisor, workbook(version="8"))


@pytest.mark.parametrize(
    "kinds",
    [[KINDS[0]], [KINDS[0], KINDS[1] | {"name": "c"}]],
    ids=["an answer is gone", "an answer has another name"],
)
def test_the_name_of_an_answer_is_never_changed_nor_taken_away(people: People, draft: InstrumentVersion, kinds: list[dict[str, str]]) -> None:
    with pytest.raises(Invalid) as told:
        brought(people.supervisor, workbook(choices=[*ANSWERS, *kinds]))
    assert "kind" in told.value.sentence
    assert InstrumentVersion.objects.count() == 1


def test_a_new_wording_is_a_new_version_and_shows_what_differs(people: People, draft: InstrumentVersion) -> None:
    survey = [SURVEY[0], SURVEY[1] | {"label::English (en)": "Did you work longer than was agreed?"}, *SURVEY[2:], row("text", "more")]
    second = brought(people.supervisor, workbook(survey))
    assert second.number == 2
    shown = client_of(people.supervisor).get(f"/desk/screening/instruments/versions/{second.pk}/").content.decode()
    assert "Did you work longer than was agreed?" in shown
    assert "reworded" in shown
    assert "added" in shown


@pytest.mark.parametrize(
    "column",
    [{"sph_dimension": "D9"}, {"sph_strength": "huge"}, {"sph_elements": "means:fog"}, {"sph_elements": "fog"}],
)
def test_what_no_rule_knows_is_refused_by_the_code_of_the_question(people: People, column: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        brought(people.supervisor, workbook([SURVEY[0], SURVEY[1] | column, *SURVEY[2:]]))
    assert "hours" in told.value.sentence


def test_a_version_is_taken_out_as_the_workbook_it_came_from(people: People, draft: InstrumentVersion) -> None:
    from saphan.xlsform.reading import read_workbook

    answer = client_of(people.owner).get(f"/desk/screening/instruments/versions/{draft.pk}/workbook/")
    form = read_workbook(answer.content, "x.xlsx").form
    assert form is not None
    assert [q.code for q in form.questions()] == ["hours", "days", "kind"]
    assert form.digest == draft.form.digest


def test_interviews_under_way_stay_with_their_version(people: People, draft: InstrumentVersion) -> None:
    interview = services.prepare(person=person_of(people.owner), version=draft, by=people.owner, at=NOON)
    second = brought(people.supervisor, workbook([*SURVEY, row("text", "more")]))
    shown = client_of(people.supervisor).get(f"/desk/screening/instruments/versions/{second.pk}/").content.decode()
    assert "1 interview goes on with version 1." in shown
    assert Interview.objects.get(pk=interview.pk).version == draft


def test_the_shipped_instruments_open_print_and_speak_two_languages_side_by_side(owner: User, instruments: None) -> None:
    client = client_of(owner)
    for code in Instrument.objects.values_list("pk", flat=True):
        version = InstrumentVersion.objects.get(instrument=code)
        assert client.get(f"/desk/screening/instruments/versions/{version.pk}/").status_code == 200
        shown = client.get(f"/desk/screening/instruments/{code}/print/", {"left": "lo", "right": "my"}).content.decode()
        assert 'lang="lo"' in shown
        assert 'lang="my"' in shown
    assert client.get("/desk/screening/instruments/").status_code == 200


@pytest.fixture
def asked(people: People, draft: InstrumentVersion) -> Interview:
    """An interview with the brought form, under way."""
    interview = services.prepare(person=person_of(people.owner), version=draft, by=people.owner, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=people.owner, at=NOON)
    return services.start(interview_id=interview.pk, present="", by=people.owner, at=NOON)


def test_skip_logic_decides_which_question_comes_next(people: People, asked: Interview) -> None:
    client = client_of(people.owner)
    at = f"/desk/screening/interviews/{asked.pk}/questions"
    assert client.get(f"{at}/days/")["Location"] == f"{at}/kind/"  # not asked: the next one
    client.post(f"{at}/hours/", {"answer": "yes", "note": "", "seen": 0, "then": "next"})
    assert "How many days a week?" in client.get(f"{at}/days/").content.decode()
    refused = client.post(f"{at}/days/", {"x-days": "9", "note": "kept note", "seen": 0, "then": "next"})
    assert refused.status_code == 422
    assert "kept note" in refused.content.decode()
    assert client.post(f"{at}/days/", {"x-days": "6", "note": "", "seen": 0, "then": "next"}).status_code == 302
    assert said(asked, by=people.owner, at=NOON)["days"].value == "6"


def test_a_number_may_be_declined_and_that_is_no_number(people: People, asked: Interview) -> None:
    client = client_of(people.owner)
    at = f"/desk/screening/interviews/{asked.pk}/questions"
    client.post(f"{at}/hours/", {"answer": "yes", "note": "", "seen": 0, "then": "next"})
    client.post(f"{at}/days/", {"x-days": "", "note": "", "seen": 0, "then": "declined"})
    assert said(asked, by=people.owner, at=NOON)["days"].value == "declined"
    shown = client.get(f"/desk/screening/interviews/{asked.pk}/").content.decode()
    assert "Prefer not to say" in shown


def test_a_part_is_kept_together_and_what_stays_empty_was_not_asked(people: People, asked: Interview) -> None:
    client = client_of(people.owner)
    part = f"/desk/screening/interviews/{asked.pk}/parts/work/"
    assert client.get(part).status_code == 200
    once = client.post(part, {"x-hours": "yes"})
    assert once["Location"] == part  # another question appeared
    client.post(part, {"x-hours": "yes", "x-days": "5", "seen:hours": "1"})
    assert {place: one.value for place, one in said(asked, by=people.owner, at=NOON).items()} == {"hours": "yes", "days": "5"}
    assert Reply.objects.filter(interview=asked).count() == 2
    clash = client.post(part, {"x-hours": "no", "x-days": "5"})
    assert clash.status_code == 409
    assert Reply.objects.filter(interview=asked).count() == 2


def test_such_an_interview_is_completed_and_printed(people: People, asked: Interview) -> None:
    services.answer(interview_id=asked.pk, code="hours", value="yes", note="", seen=0, by=people.owner, at=NOON)
    services.answer(interview_id=asked.pk, code="kind", value="b", note="", seen=0, by=people.owner, at=NOON)
    done = services.complete(interview_id=asked.pk, by=people.owner, at=NOON)
    assert not done.formal
    for name in ("", "print/"):
        assert client_of(people.owner).get(f"/desk/screening/interviews/{asked.pk}/{name}").status_code == 200
