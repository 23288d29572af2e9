"""What is asked, what counts, what speaks against a value."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from saphan.xlsform.definition import Form, Question
from saphan.xlsform.filling import MAX_INSTANCES, Filling
from saphan.xlsform.offline import as_offline, unsupported
from saphan.xlsform.places import Place
from saphan.xlsform.plan import KEPT, _plans, plan_of
from saphan.xlsform.tests.making import AT, YES_NO, answered, form_of, row
from saphan.xlsform.tests.small_script import Device


@settings(max_examples=60)
@given(answered())
def test_a_device_without_network_finds_the_same(form_and_values: tuple[Form, dict[str, str]]) -> None:
    form, values = form_and_values
    filling = Filling(form, values, at=AT)
    assert filling.answers() == Device(as_offline(form), values).answers()


@settings(max_examples=30)
@given(answered())
def test_the_value_of_a_question_that_is_not_asked_never_counts(form_and_values: tuple[Form, dict[str, str]]) -> None:
    form, values = form_and_values
    filling = Filling(form, values, at=AT)
    there = set(filling.places())
    unasked = {place: value for place, value in values.items() if place not in there and not form.repeats_around(Place(place).code)}
    changed = filling.having(dict.fromkeys(unasked, "c1"))
    assert changed.answers() == filling.answers()
    assert all(filling.value(place) == "" for place in unasked)
    assert all(filling.kept(place) == value for place, value in values.items())


@settings(max_examples=30)
@given(answered())
def test_one_question_asked_alone_is_worth_what_it_is_worth_among_all(form_and_values: tuple[Form, dict[str, str]]) -> None:
    form, values = form_and_values
    whole = Filling(form, values, at=AT)
    for place in whole.places():
        assert Filling(form, values, at=AT).value(place) == whole.value(place)
    shown = [place for page in whole.pages("section") for place in page.places]
    assert sorted(shown) == sorted(place for page in whole.pages("question") for place in page.places)
    assert len({page.key for page in whole.pages("section")}) == len(whole.pages("section"))
    assert len({page.key for page in whole.pages("question")}) == len(whole.pages("question"))
    assert set(whole.missing()) <= set(shown)


HOUSEHOLD = form_of(
    row("text", "head", "Head"),
    row("begin repeat", "member", "Member"),
    row("text", "name", "Name"),
    row("integer", "age", "Age of ${name}"),
    row("select_one yn", "works", "Works?", relevant="${age} >= 15"),
    row("calculate", "line", calculation="concat(position(..), '/', count(${member}), ' ', ${name})"),
    row("begin repeat", "job", "Job", relevant="${works} = 'yes'"),
    row("text", "place", "Where does ${name} work?"),
    row("calculate", "both", calculation="concat(${name}, '@', ${place}, position(..), position(../..))"),
    row("end repeat"),
    row("end repeat"),
    row("calculate", "people", calculation="count(${member})"),
    row("calculate", "adults", calculation="count-non-empty(${works})"),
    row("calculate", "total", calculation="sum(${age})"),
    row("calculate", "oldest", calculation="max(${age})"),
    row("calculate", "names", calculation="join(', ', ${name})"),
    row("calculate", "second", calculation="indexed-repeat(${name}, ${member}, 2)"),
    row("calculate", "deep", calculation="indexed-repeat(${place}, ${member}, 1, ${job}, 2)"),
    row("calculate", "jobs", calculation="count(${job})"),
)
VALUES = {
    "name@1": "Nok", "age@1": "40", "works@1": "yes", "place@1.1": "A", "place@1.2": "B",
    "name@2": "Lek", "age@2": "9", "works@2": "yes", "place@2.1": "C",
}  # fmt: skip


def test_repeats_count_and_gather_what_is_asked() -> None:
    filling = Filling(HOUSEHOLD, VALUES, at=AT)
    assert {place: value for place, value in filling.calculated.items() if value} == {
        "line@1": "1/2 Nok", "line@2": "2/2 Lek", "both@1.1": "Nok@A11", "both@1.2": "Nok@B21", "people": "2", "adults": "1", "total": "49", "oldest": "40",
        "names": "Nok, Lek", "second": "Lek", "deep": "B", "jobs": "2",
    }  # fmt: skip
    assert not filling.is_relevant("works@2")
    assert "place@2.1" not in filling.places()
    assert not filling.is_relevant("name@3")


def test_an_instance_is_added_at_the_end_and_taken_out_with_its_answers() -> None:
    filling = Filling(HOUSEHOLD, VALUES, at=AT).with_instance("member").set("name@3", "Dao")
    assert filling.value("names") == "Nok, Lek, Dao"
    without = filling.without_instance("member", 1)
    assert (without.value("names"), without.value("people"), without.kept("place@1.1")) == ("Lek, Dao", "2", "C")
    inner = filling.without_instance("job@1", 1)
    assert (inner.kept("place@1.1"), inner.value("jobs"), inner.kept("place@2.1")) == ("B", "1", "C")


def test_there_is_one_instance_to_begin_with_and_there_may_be_none() -> None:
    assert Filling(HOUSEHOLD, {}, at=AT).instances("member") == 1
    assert Filling(HOUSEHOLD, {"member": "0"}, at=AT).value("people") == "0"
    assert Filling(HOUSEHOLD, {"name@999": "x"}, at=AT).instances("member") == MAX_INSTANCES


def test_a_count_of_the_form_decides() -> None:
    form = form_of(row("integer", "n"), row("begin repeat", "r", repeat_count="${n}"), row("text", "a"), row("end repeat"))
    assert [place for place in Filling(form, {"n": "2", "a@3": "x"}, at=AT).places()] == ["n", "a@1", "a@2"]
    assert Filling(form, {"n": "-4"}, at=AT).instances("r") == 0
    assert Filling(form, {"n": "99999"}, at=AT).instances("r") == MAX_INSTANCES


def test_words_take_the_values_they_mention() -> None:
    filling = Filling(HOUSEHOLD, VALUES, at=AT)
    assert filling.words(HOUSEHOLD.question("place").label, "place@1.1") == "Where does Nok work?"
    assert filling.words(HOUSEHOLD.question("age").label, "age@3") == "Age of …"


def test_filters_offer_what_fits() -> None:
    provinces = [{"list_name": "p", "name": name, "label": name, "region": region} for name, region in (("cm", "n"), ("cr", "n"), ("pk", "s"))]
    regions = [{"list_name": "r", "name": name, "label": name} for name in "ns"]
    form = form_of(row("select_one r", "region"), row("select_one p", "province", choice_filter="region = ${region}"), choices=regions + provinces)
    filling = Filling(form, {"region": "n"}, at=AT)
    assert [choice.name for choice in filling.choices("province")] == ["cm", "cr"]
    assert [fault.code for fault in filling.problems("province", "pk")] == ["choice"]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("integer", "12", ""), ("integer", "1.5", "integer"), ("integer", "12a", "integer"), ("integer", "-3", ""), ("integer", "๑๒", "integer"),
        ("decimal", "1.5", ""), ("decimal", "x", "decimal"), ("decimal", "1e9", "decimal"), ("date", "2026-11-28", ""), ("date", "2026-13-01", "date"),
        ("date", "20261128", "date"), ("time", "14:30", ""), ("time", "14:30:00.000+07:00", ""), ("time", "25:00", "time"), ("datetime", "2026-11-28T14:30:00.000+07:00", ""),
        ("datetime", "2026-11-28", "datetime"), ("select_one yn", "yes", ""), ("select_one yn", "maybe", "choice"), ("select_multiple yn", "yes no", ""),
        ("select_multiple yn", "yes yes", "choices"), ("select_multiple yn", "yes maybe", "choices"), ("rank yn", "no yes", ""), ("rank yn", "no x", "choices"),
        ("geopoint", "13.75 100.5", ""), ("geopoint", "13.75 100.5 0 5", ""), ("geopoint", "99 100", "geopoint"), ("geopoint", "here", "geopoint"),
        ("acknowledge", "OK", ""), ("acknowledge", "yes", "acknowledge"), ("text", "x" * 20_001, "too_long"), ("image", "a.jpg", ""), ("image", "../a.jpg", "image"),
    ],
)  # fmt: skip
def test_a_value_must_be_of_its_type(kind: str, value: str, code: str) -> None:
    filling = Filling(form_of(row(kind, "a")), {}, at=AT)
    faults = filling.problems("a", value)
    assert [fault.code for fault in faults] == ([code] if code else [])
    assert all(str(fault) for fault in faults)


def test_a_range_has_steps() -> None:
    filling = Filling(form_of(row("range", "a", parameters="start=0 end=1 step=0.25")), {}, at=AT)
    assert [bool(filling.problems("a", value)) for value in ("0", "0.75", "0.8", "1.25", "x")] == [False, False, True, True, True]
    assert str(filling.problems("a", "2")[0]) == "Choose a number from 0 to 1 in steps of 0.25."


def test_needed_and_constrained_in_the_words_of_the_form() -> None:
    form = form_of(
        row("integer", "age", required="yes", required_message="Say the age", constraint=". < 120", constraint_message="Too old"),
        row("text", "why", required="${age} < 18"),
    )
    filling = Filling(form, {}, at=AT)
    assert [fault.words(form, "en").text for fault in filling.problems("age", "")] == ["Say the age"]
    assert [fault.words(form, "en").text for fault in filling.problems("age", "130")] == ["Too old"]
    assert filling.missing() == ["age"]
    assert filling.set("age", "12").missing() == ["why"]
    assert filling.set("age", "19").missing() == []


def test_a_default_counts_until_somebody_answers() -> None:
    form = form_of(row("date", "day", default="today()"), row("text", "a", default="so"), row("today", "made"))
    filling = Filling(form, {}, at=AT)
    assert filling.answers() == {"day": "2026-11-28", "a": "so", "made": "2026-11-28"}
    assert filling.set("a", "").value("a") == ""


def test_today_is_the_day_of_the_place() -> None:
    form = form_of(row("calculate", "day", calculation="today()"))
    assert Filling(form, {}, at=datetime(2026, 11, 27, 20, 0, tzinfo=UTC)).value("day") == "2026-11-28"  # three in the morning in Bangkok


def test_once_keeps_what_was_there() -> None:
    form = form_of(row("calculate", "begun", calculation="once(today())"))
    assert Filling(form, {"begun": "2020-01-01"}, at=AT).value("begun") == "2020-01-01"


def test_a_chain_of_a_thousand_conditions_needs_no_deep_recursion() -> None:
    rows = [row("text", "q0")] + [row("text", f"q{number}", relevant=f"${{q{number - 1}}} != ''") for number in range(1, 1500)]
    filling = Filling(form_of(*rows), {f"q{number}": "x" for number in range(1500)}, at=AT)
    assert filling.value("q1499") == "x"
    assert filling.set("q0", "").value("q1499") == ""


def test_a_ring_that_nobody_looked_for_ends() -> None:
    a = Question("a", "a", ("a",), 2, "calculate", calculation="${b} + 1")
    b = Question("b", "b", ("b",), 3, "calculate", calculation="${a} + 1")
    filling = Filling(Form("f", "F", "1", children=(a, b)), {}, at=AT)
    assert filling.value("a") == ""


def test_plans_are_kept_but_not_for_ever() -> None:
    for number in range(KEPT + 5):
        plan_of(form_of(row("text", "a"), version=str(number)))
    assert len(_plans) == KEPT


def test_places_read_themselves() -> None:
    place = Place.of("a", (2, 1))
    assert (str(place), place.code, place.numbers) == ("a@2.1", "a", (2, 1))
    assert (Place("a").numbers, Place("a@x").numbers, Place("a@0").numbers, Place("a@" + "9" * 50).numbers) == ((), (), (), ())


def test_pages_by_question_keep_a_field_list_together_and_ask_for_more() -> None:
    form = form_of(
        row("text", "a"), row("begin group", "g", appearance="field-list"), row("text", "b"), row("text", "c"), row("end group"),
        row("begin repeat", "r"), row("text", "d"), row("end repeat"), choices=YES_NO,
    )  # fmt: skip
    pages = Filling(form, {"d@2": "x"}, at=AT).pages("question")
    assert [(page.key, page.places, page.repeat) for page in pages] == [
        ("a", ("a",), None), ("g", ("b", "c"), None), ("d@1", ("d@1",), None), ("d@2", ("d@2",), None), ("r-more", (), "r"),
    ]  # fmt: skip


def test_a_form_that_stands_in_one_group_is_cut_into_its_parts() -> None:
    inner = [row("begin group", "one", "One"), *[row("text", f"a{number}") for number in range(15)], row("end group")]
    rows = [row("begin group", "all", "All"), row("text", "first"), *inner, *[row("text", f"b{number}") for number in range(10)], row("end group")]
    form = form_of(*rows)
    pages = Filling(form, {}, at=AT).pages()
    assert [(page.key, len(page.places), page.label) for page in pages] == [
        ("from-first", 1, {"": "All"}),
        ("one", 15, {"": "One"}),
        ("from-b0", 10, {"": "All"}),
    ]
    assert [section["key"] for section in as_offline(form)["sections"]] == [page.key for page in pages]


def test_files_are_named_as_not_taken_without_network() -> None:
    assert [(each.row, each.column, each.what) for each in unsupported(form_of(row("text", "a"), row("image", "b")))] == [(3, "type", "image")]
