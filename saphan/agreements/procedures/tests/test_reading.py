"""Reading: YAML 1.2 and JSON as words, numbers, lists and maps; hostile files are refused with their line, or are nothing but text."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.canonical import digest_of
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.procedures.linting import lint
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.reading import MOST_BYTES, read
from saphan.agreements.procedures.tests.test_mutations import EXAMPLE
from tests.growth import TIMES, grows_evenly

LAUGHS = "a: &a [x,x]\n" + "\n".join(f"{b}: &{b} [*{a},*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


def refused(content: bytes | str) -> tuple[str, int]:
    with pytest.raises(Unreadable) as caught:
        read(content)
    first = caught.value.faults[0]
    assert first.severity == "error"
    assert first.sentence
    return first.rule, first.line


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        ("a: 1\nb: &anchor x", "R05", 2),
        ("a: 1\nb: *anchor", "R05", 2),
        (LAUGHS, "R05", 1),
        ("a: !!python/object/apply:os.system [ls]", "R06", 1),
        ("a: !!str 5", "R06", 1),
        ("a: ! x", "R06", 1),
        ("a: !!binary aGk=", "R06", 1),
        ("<<: {a: 1}", "R07", 1),
        ("a: 1\nb: 2\na: 3", "R08", 3),
        ('{"a": 1, "a": 2}', "R08", 1),
        ("a: 1\n---\nb: 2", "R09", 2),
        ("1: a", "R10", 1),
        ("true: a", "R10", 1),
        ("~: a", "R10", 1),
        ("? [a, b]\n: c", "R10", 1),
        ("? {a: b}\n: c", "R10", 1),
        ("a: " + "[" * 13 + "]" * 13, "R11", 1),
        ("[" * 100_000, "R11", 1),
        ("[" * 100_000 + "]" * 100_000, "R11", 1),
        ("- " * 100_000 + "a", "R11", 1),
        ("a: [" + "1," * 20_001 + "]", "R12", 1),
        ("a: 9007199254740993", "R13", 1),
        ("a: -99999999999999999999999", "R13", 1),
        ("a: " + "9" * 200_000, "R13", 1),
        ("a: 1e999", "R13", 1),
        ("a: .inf", "R13", 1),
        ("a: -.inf", "R13", 1),
        ("a: .NaN", "R13", 1),
        ("a: 0x1F", "R13", 1),
        ("a: 0o17", "R13", 1),
        ("a: 017", "R13", 1),
        ("a: 0b11", "R13", 1),
        ("a: 1_000", "R13", 1),
        ("- a\n- b", "R14", 1),
        ("just words", "R14", 1),
        ("", "R14", 1),
        ("%YAML 1.1\n---\na: 1", "R15", 1),
        ("%TAG ! tag:x,2000:\n---\na: 1", "R15", 1),
        ("a: [1, 2", "R04", 2),
        ("a: b: c", "R04", 1),
        ("a:\n\t- b", "R04", 2),
        ("x" * (MOST_BYTES + 1), "R01", 0),
        (b"a: 1\nb: \xff\xfe", "R02", 2),
        ("a: 1".encode("utf-16"), "R02", 1),
        ("a: \x00", "R03", 1),
        ("a: 1\nb: \x1b[31m", "R03", 2),
        ("a: \u202eevil", "R03", 1),
        ("# \u2066comment\na: 1", "R03", 1),
        ("a: x\u200by", "R03", 1),
        ("a: x\u200dy", "R03", 1),
        ("a: \u00adx", "R03", 1),
        ("a: \ufeffx", "R03", 1),
        ("a: x\ufe0f", "R03", 1),
        ("a: \U000e0041", "R03", 1),
        ("a: \ue000", "R03", 1),
        ("a: \u2028b", "R03", 1),
        ("a: \u0085b", "R03", 1),
        ("a: \u3164", "R03", 1),
        ('a: "\\u202e"', "R03", 1),
        ('a: "\\u200b"', "R03", 1),
        ('a: "\\x07"', "R03", 1),
        ('"a\\u200b": 1', "R03", 1),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_not_read_and_why(content: bytes | str, rule: str, line: int) -> None:
    assert refused(content) == (rule, line)


@pytest.mark.parametrize("piece", ["[", "{a: ", "- ", "a: ", "\\x41", "-", "? ", LAUGHS])
@pytest.mark.parametrize("before", ["", "a: ", '"'], ids=["alone", "as a value", "in quotes"])
def test_no_file_takes_more_time_than_its_length_explains(piece: str, before: str) -> None:
    pieces = MOST_BYTES // TIMES // len(piece) - len(before)
    assert grows_evenly(lambda times: read(before + piece * times), pieces, refusing=Unreadable)


def test_words_are_words_and_numbers_numbers() -> None:
    text = "a: no\nb: yes\nc: on\nd: off\ne: 1:30\nf: 2027-01-01\ng: 12:30:45\nh: y\ni: 3.0.0\nj: 007-x\nk: =\nl: 2027-01-01T00:00:00Z"
    assert all(isinstance(value, str) for value in read(text).value.values())
    numbers = read("a: 0\nb: -3\nc: 0.9\nd: 1e3\ne: true\nf: null\ng: ~\nh:\ni: '1'\nj: 9007199254740992\nk: .5").value
    assert numbers == {"a": 0, "b": -3, "c": 0.9, "d": 1000.0, "e": True, "f": None, "g": None, "h": None, "i": "1", "j": 2**53, "k": 0.5}


def test_json_is_read_by_the_same_reader() -> None:
    value = {"a": [1, 2.5, True, None, "x"], "b": {"c": 'เขต\n\t"q" \\ /'}}
    assert read(json.dumps(value)).value == value
    assert read(json.dumps(value, ensure_ascii=False, indent="\t")).value == value


def test_text_is_composed_and_khmer_spaces_do_not_count() -> None:
    assert read("a: e\u0301").value == {"a": "é"}
    assert read("a: កម្ពុជា\u200bល្អ").value == read("a: កម្ពុជាល្អ").value
    assert refused("a: ไทย\u200bไทย") == ("R03", 1)


def test_every_value_keeps_its_line() -> None:
    lines = read("a: 1\nb:\n  - c: 2\n    d: [3,\n      4]\n").lines
    assert [lines.of(path) for path in [("a",), ("b",), ("b", 0, "c"), ("b", 0, "d", 1), ("b", 0, "d", 9), ("z",)]] == [1, 2, 3, 5, 4, 1]


CODE = [
    "__import__('os').system('id')", "{{ 7*7 }}", "${jndi:ldap://x}", "'; DROP TABLE x; --", "<script>alert(1)</script>", "{0.__class__}", "%(x)s", "{name}",
    "=cmd|' /C calc'!A0", "$(id)", "`id`", "../../etc/passwd", "{% load x %}", "\\N{BULLET}",
]  # fmt: skip


def strings(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in strings(item, (*path, key))]
    if isinstance(value, list):
        return [found for key, item in enumerate(value) for found in strings(item, (*path, key))]
    return [path] if isinstance(value, str) else []


@pytest.mark.parametrize("code", CODE)
def test_code_written_in_yaml_or_json_is_read_as_the_same_text(code: str) -> None:
    assert read(yaml.safe_dump({"a": code}, allow_unicode=True)).value == read(json.dumps({"a": code})).value == {"a": code}


@pytest.mark.parametrize("code", CODE)
def test_code_in_any_string_is_refused_or_stays_text(code: str) -> None:
    plain = load(EXAMPLE.read_bytes()).procedure.plain()
    for path in strings(plain):
        spoiled = copy.deepcopy(plain)
        place = spoiled
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = code
        try:
            procedure = load(json.dumps(spoiled)).procedure
        except Unreadable:
            continue
        assert load_plain(procedure.plain()) == procedure
        assert all(finding.sentence for finding in lint(procedure))


def test_look_alike_letters_in_a_name_are_told() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("{id: tracing,", "{id: tr\u0430cing,")
    with pytest.raises(Unreadable) as caught:
        load(text)
    (fault,) = caught.value.faults
    assert (fault.rule, fault.article) == ("L05", "3")
    assert "CYRILLIC SMALL LETTER A" in fault.sentence


@pytest.mark.parametrize(
    ("old", "new", "rule", "article", "said"),
    [
        ("very_late: 45wd", "very_lat: 45wd", "L01", "5", "Did you mean “very_late”?"),
        ("keep: 90d", "keep: 90 days", "L06", "4", "24h, 30d, 5wd, 24mo"),
        ("if: refuses, to", "if: refuses or true, to", "L06", "6", "joined by “and”"),
        ("if: refuses, to", "if: not not refuses, to", "L06", "6", "joined by “and”"),
        ("version: 3.0.0", "version: 3", "L03", "", "a text"),
        ("effective: 2027-01-01", "effective: 2027-02-30", "L06", "", "no such day"),
        ("effective: 2027-01-01", "effective: 20270101", "L06", "", "year-month-day"),
        ("final: true", "final: yes", "L03", "13", "true or false"),
        ("every: quarter", "every: quartal", "L07", "14", "Did you mean “quarter”?"),
        ("target: 0.9", "target: 90", "L12", "14", "at most 1"),
        ("by: tracing_officer, at", "at", "L02", "5", "“by” is missing"),
        ("saphan_sop: 1", "saphan_sop: 2", "L07", "", "1"),
        ("saphan_sop: 1", "saphan_sop: true", "L07", "", "1"),
        ("country: LA", "country: Laos", "L06", "", "ISO 3166"),
        ("next: [decision]", "next: decision", "L03", "3", "a list"),
        ("id: th-la/return", "id: TH LA", "L06", "", "th-la/return"),
    ],
)
def test_a_fault_is_told_in_plain_words_with_its_article(old: str, new: str, rule: str, article: str, said: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(Unreadable) as caught:
        load(text.replace(old, new, 1))
    assert {(fault.rule, fault.article, fault.line) for fault in caught.value.faults} == {(rule, article, line)}
    assert said in caught.value.faults[0].sentence
    assert "pydantic" not in str(caught.value)
    assert "Input should" not in str(caught.value)


def test_the_plain_form_is_read_again_as_the_same_procedure(tmp_path: Path) -> None:
    procedure = load(EXAMPLE.read_bytes()).procedure
    for text in (json.dumps(procedure.plain()), yaml.safe_dump(procedure.plain(), allow_unicode=True)):
        again = load(text).procedure
        assert isinstance(again, Procedure)
        assert digest_of(again) == digest_of(procedure)
