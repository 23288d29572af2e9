"""Reading workbooks: what is taken, and what is told with sheet, row and column."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from saphan.xlsform import workbook
from saphan.xlsform.kinds import ALIASES, CARRIED, REFUSED, SELECT_SPELLINGS, read_type
from saphan.xlsform.problems import SENTENCES, Problem
from saphan.xlsform.reading import read_tables, read_workbook
from saphan.xlsform.tests.making import YES_NO, codes_of, form_of, reading_of, row
from saphan.xlsform.writing import write_workbook


def book(survey: Sequence[Sequence[object]], **others: Sequence[Sequence[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = "survey"
    for cells in survey:
        made.active.append(cells)
    for name, rows in others.items():
        sheet = made.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# files


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0rest", b"\x89PNG\r\n", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_what_is_no_spreadsheet_is_told(content: bytes) -> None:
    reading = read_workbook(content, "x.xlsx")
    assert (reading.form, codes_of(reading)) == (None, [("", 0, "", "not_a_workbook")])


def test_a_zip_of_something_else_is_told() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert codes_of(read_workbook(out.getvalue(), "x.xlsx")) == [("", 0, "", "not_a_workbook")]


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (workbook.MAX_UNZIPPED + 1))
    assert len(out.getvalue()) < 100_000
    assert codes_of(read_workbook(out.getvalue(), "x.xlsx")) == [("", 0, "", "unzips_too_large")]


def test_a_document_type_in_a_sheet_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book([["type", "name"], ["text", "a"]])))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text if name.endswith("sheet1.xml") else text)
    assert codes_of(read_workbook(out.getvalue(), "x.xlsx")) == [("", 0, "", "not_a_workbook")]


def test_a_file_past_the_limit_says_the_limit() -> None:
    reading = read_workbook(b"PK\x03\x04" + b"0" * workbook.MAX_BYTES, "x.xlsx")
    assert [problem.sentence for problem in reading.problems] == ["The file has 10 MB; the limit is 10 MB."]


def test_ten_thousand_rows_say_the_limit() -> None:
    reading = read_workbook(saved(book([["type", "name"], *[["text"]] * 10_000])), "x.xlsx")
    assert [(problem.row, problem.sentence) for problem in reading.problems] == [(5002, "This sheet has more than 5000 rows.")]


def test_a_workbook_without_survey_names_the_sheets_it_has() -> None:
    made = book([["type"]], choices=[["list_name", "name", "label"]])
    made["survey"].title = "questions"
    assert [problem.advice for problem in read_workbook(saved(made), "x.xlsx").problems] == [
        "Name the sheet with the questions survey. Sheets found: questions, choices."
    ]


def test_missing_columns_are_named() -> None:
    assert codes_of(read_workbook(saved(book([["kind", "label"], ["text", "A"]])), "x.xlsx")) == [
        ("survey", 1, "type", "no_header"),
        ("survey", 1, "name", "no_header"),
    ]


def test_a_formula_gives_its_last_value_with_a_warning_or_is_told_as_empty() -> None:
    made = book([["type", "name", "label"], ["text", "a", '="A" & "B"']])
    reading = read_workbook(saved(made), "x.xlsx")  # openpyxl saves no value beside the formula
    assert next((warning.row, warning.column, warning.code) for warning in reading.warnings) == (2, "label", "formula_empty")


def test_merged_cells_are_named() -> None:
    made = book([["type", "name", "label"], ["text", "a", "A"], ["text", "b", "B"]])
    made["survey"].merge_cells("C2:C3")
    warnings = read_workbook(saved(made), "x.xlsx").warnings
    assert [(warning.row, warning.sentence) for warning in warnings if warning.code == "merged"] == [
        (2, "The cells C2:C3 are merged; only the first holds the text.")
    ]


def test_numbers_truths_and_days_become_text() -> None:
    import datetime

    made = book(
        [["type", "name", "label", "required", "default"], ["integer", "a", 5, True, 7.0], ["date", "b", "B", False, datetime.date(2026, 1, 2)]]
    )
    form = read_workbook(saved(made), "x.xlsx").form
    assert form is not None
    a, b = form.question("a"), form.question("b")
    assert (a.label, a.required, a.default, b.required, b.default) == ({"": "5"}, "yes", "7", "", "2026-01-02")


def test_a_name_that_is_a_number_is_told() -> None:
    assert codes_of(read_workbook(saved(book([["type", "name", "label"], ["text", 1, "A"]])), "x.xlsx")) == [("survey", 2, "name", "bad_name")]


def test_the_rows_are_those_of_the_sheet_also_below_empty_ones() -> None:
    assert codes_of(reading_of(row("text", "a"), {}, {}, row("txt", "b"))) == [("survey", 5, "type", "unknown_type")]


def test_a_csv_as_pyxform_writes_it_is_read() -> None:
    content = "survey,,,\n,type,name,label\n,text,a,สวัสดี\nsettings\n,form_id\n,hello\n".encode()
    form = read_workbook(content, "x.csv").form
    assert form is not None
    assert (form.form_id, form.question("a").label) == ("hello", {"": "สวัสดี"})


def test_an_old_xls_is_read_with_its_numbers_truths_and_days() -> None:
    form = read_workbook((Path(__file__).parent / "data" / "old.xls").read_bytes(), "old.xls").form
    assert form is not None
    a, b = form.question("a"), form.question("b")
    assert (form.form_id, form.version, a.label, a.required, a.default, b.default, b.row) == ("old", "3", {"th": "อายุ"}, "yes", "7", "2026-01-02", 4)


def test_an_old_xls_cut_short_is_told() -> None:
    content = (Path(__file__).parent / "data" / "old.xls").read_bytes()
    for length in (600, 2000, len(content) - 700):
        assert codes_of(read_workbook(content[:length], "old.xls")) == [("", 0, "", "not_a_workbook")]


def test_a_formula_with_a_value_is_taken_with_a_warning() -> None:
    content = saved(book([["type", "name", "label"], ["text", "a", "=1+1"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", old.read(name)))
    reading = read_workbook(out.getvalue(), "x.xlsx")
    assert reading.form is not None
    assert reading.form.question("a").label == {"": "2"}
    assert [(warning.row, warning.column, warning.code) for warning in reading.warnings] == [(2, "label", "formula")]


def test_the_same_heading_twice_is_told() -> None:
    assert codes_of(read_workbook(saved(book([["type", "name", "name"], ["text", "a", "b"]])), "x.xlsx")) == [("survey", 1, "name", "column_twice")]


def test_a_cell_that_looks_like_a_formula_stays_text() -> None:
    content = write_workbook({"survey": [row("text", "a", "=1+1")], "settings": [{"form_id": "f"}]})
    form = read_workbook(content, "x.xlsx").form
    assert form is not None
    assert form.question("a").label == {"": "=1+1"}


# cells


def test_smart_quotes_and_spaces_that_nobody_sees_do_no_harm() -> None:
    form = form_of(row("select_one\u00a0yn", "a\u200b"), row("text", "b", relevant="${a}\u00a0= ‘yes’"))
    assert (form.question("a").choices, form.question("b").relevant) == ("yn", "${a} = 'yes'")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("select_one", "a")], (2, "type", "list_needed")),
        ([row("select_one nowhere", "a")], (2, "type", "no_list")),
        ([row("geotrace", "a")], (2, "type", "unsupported_type")),
        ([row("text", "a"), row("text", "a")], (3, "name", "name_twice")),
        ([row("text", ""), row("text", "b")], (2, "name", "no_name")),
        ([{"name": "a", "label": "A"}, row("text", "b")], (2, "type", "no_type")),
        ([row("text", "meta")], (2, "name", "reserved_name")),
        ([row("text", "a"), row("end group")], (3, "type", "end_without_begin")),
        ([row("begin group", "g"), row("text", "a")], (2, "type", "begin_without_end")),
        ([row("begin group", "g"), row("text", "a"), row("end repeat")], (4, "type", "crossed")),
        ([row("text", "a", relevent="true()")], (1, "relevent", "column_spelling")),
        ([row("text", "a", relevant="true()", relevance="true()")], (1, "relevance", "column_twice")),
        ([row("text", "a", relevant="${b} = 1")], (2, "relevant", "no_such_name")),
        ([row("text", "a", "Hello ${b}")], (2, "label", "no_such_name")),
        ([row("text", "a", relevant="(1 = 1")], (2, "relevant", "broken_expression")),
        ([row("text", "a", constraint="pulldata('x', 'y', 'z', .)")], (2, "constraint", "unsupported_function")),
        ([row("text", "a", constraint="foo(.) = 1")], (2, "constraint", "unsupported_function")),
        ([row("text", "a", constraint="string-length(., 1)")], (2, "constraint", "wrong_arguments")),
        ([row("text", "a", constraint="a | b")], (2, "constraint", "unsupported_part")),
        ([row("text", "a", constraint="${last-saved#a} = .")], (2, "constraint", "unsupported_part")),
        ([row("text", "a", constraint="regex(., '(a+)+b')")], (2, "constraint", "bad_pattern")),
        ([row("text", "a", constraint="(" * 80 + "1" + ")" * 80)], (2, "constraint", "expression_too_long")),
        ([row("range", "a", parameters="start=x end=3")], (2, "parameters", "bad_number")),
        ([row("calculate", "a")], (2, "calculation", "no_calculation")),
        ([row("text", "a", label="", **{"label::Thai (th)": "ก"})], None),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_its_column(rows: list[dict[str, str]], expected: tuple[int, str, str] | None) -> None:
    reading = reading_of(*rows)
    assert [code[1:] for code in codes_of(reading)][:1] == ([expected] if expected else [])
    for problem in reading.problems:
        assert problem.sentence
        assert problem.advice


def test_everything_that_is_wrong_is_told_at_once() -> None:
    reading = reading_of(row("txt", "a"), row("select_one nowhere", "b"), row("text", "c", relevant="${d} = 1"))
    assert codes_of(reading) == [
        ("survey", 2, "type", "unknown_type"),
        ("survey", 3, "type", "no_list"),
        ("survey", 4, "relevant", "no_such_name"),
    ]


def test_the_column_is_named_as_its_writer_wrote_it() -> None:
    assert codes_of(reading_of(row("text", "a", relevance="${b} = 1"))) == [("survey", 2, "relevance", "no_such_name")]


@pytest.mark.parametrize(
    ("rows", "ring"),
    [
        ([row("calculate", "a", calculation="${b} + 1"), row("calculate", "b", calculation="${a} + 1")], "a (2) → b (3) → a (2)"),
        ([row("calculate", "a", calculation="${a} + 1")], "a (2) → a (2)"),
        ([row("text", "a", relevant="${b} = 'x'"), row("text", "b", relevant="${a} = 'y'")], "a (2) → b (3) → a (2)"),
        ([row("begin group", "g", relevant="${a} = 'y'"), row("text", "a"), row("end group")], "g (2) → a (3) → g (2)"),
        ([row("begin repeat", "r", repeat_count="${n}"), row("integer", "n"), row("end repeat")], "r (2) → n (3) → r (2)"),
    ],
)
def test_a_ring_is_named_with_its_rows(rows: list[dict[str, str]], ring: str) -> None:
    problems = [problem for problem in reading_of(*rows).problems if problem.code == "ring"]
    assert [problem.arguments["ring"] for problem in problems] == [ring]


def test_a_constraint_may_look_at_its_own_question() -> None:
    assert reading_of(row("integer", "a", constraint="${a} > 3 and . < 9")).problems == ()


def test_choices_are_checked_with_their_rows() -> None:
    choices = [
        *YES_NO,
        {"list_name": "yn", "name": "yes", "label": "Again"},
        {"list_name": "yn", "label": "No name"},
        {"name": "x", "label": "No list"},
    ]
    assert codes_of(reading_of(row("select_one yn", "a"), choices=choices)) == [
        ("choices", 4, "name", "choice_twice"),
        ("choices", 5, "name", "choice_no_name"),
        ("choices", 6, "list_name", "choice_no_list"),
    ]


def test_a_missing_translation_is_a_warning_with_row_and_column() -> None:
    reading = read_tables(
        {
            "survey": [
                {"type": "text", "name": "a", "label::English (en)": "A", "label::Thai (th)": "ก"},
                {"type": "text", "name": "b", "label::English (en)": "B", "hint::Thai (th)": "ข"},
            ]
        }
    )
    assert reading.form is not None
    assert [(warning.row, warning.column) for warning in reading.warnings] == [(3, "label::Thai (th)"), (3, "hint::English (en)")]
    assert reading.warnings[0].sentence == "Thai (th): the text is missing."


def test_languages_have_code_name_and_direction() -> None:
    form = form_of(row("text", "a", **{"label::Arabic (ar)": "س", "label::Thai": "ก"}, label=""), default_language="Thai")
    assert [(language.code, language.name, language.direction) for language in form.languages] == [("ar", "Arabic", "rtl"), ("Thai", "Thai", "ltr")]
    assert form.default_language == "Thai"


def test_a_default_language_that_no_column_has_is_told() -> None:
    rows = [{"type": "text", "name": "a", "label::English (en)": "A"}]
    assert codes_of(read_tables({"survey": rows, "settings": [{"default_language": "French (fr)"}]})) == [
        ("settings", 2, "default_language", "no_language")
    ]


def test_columns_of_our_own_are_kept() -> None:
    rows = [row("text", "a", **{"why::Thai (th)": "เพราะ", "sph_strength": "strong", "label::Thai (th)": "ก"})]
    form = read_tables({"survey": rows, "settings": [{"sph_review::Thai (th)": "machine"}]}).form
    assert form is not None
    assert form.question("a").extra == {"why": {"th": "เพราะ"}, "sph_strength": "strong"}
    assert form.settings == {"sph_review": {"th": "machine"}}


def test_other_is_written_out() -> None:
    form = form_of(row("select_one yn or_other", "a", "A"))
    assert [choice.name for choice in form.choices["yn"]] == ["yes", "no", "other"]
    assert form.question("a_other").relevant == "selected(${a}, 'other')"


def test_the_same_name_in_two_groups_gets_its_path_as_code() -> None:
    form = form_of(row("begin group", "g"), row("text", "a"), row("end group"), row("begin group", "h"), row("text", "a"), row("end group"))
    assert [question.code for question in form.questions()] == ["g.a", "h.a"]


def test_disabled_rows_and_rows_of_remarks_are_left_out() -> None:
    form = form_of(row("text", "a"), row("text", "b", disabled="yes"), {"remark": "only a remark"})
    assert [question.code for question in form.questions()] == ["a"]


def test_every_spelling_of_a_type_is_understood() -> None:
    for spelling, kind in ALIASES.items():
        typed = read_type(spelling)
        assert typed is not None
        assert typed.kind == kind
        assert kind in CARRIED | REFUSED
    for spelling, kind in SELECT_SPELLINGS.items():
        assert read_type(f"{spelling} abc") == (kind, "abc", False, "")


def test_what_pyxform_has_against_a_form_is_told() -> None:
    reading = reading_of(row("range", "a", parameters="start=1 end=3 step=10"))
    assert codes_of(reading) == [("survey", 2, "parameters", "pyxform")]


def test_every_sentence_can_be_said_in_every_language() -> None:
    arguments = dict.fromkeys(
        "size limit found column range sheet meant type name other list ends open near function number part pattern ring language words".split(), "x"
    )
    for language in ("en", "th", "lo"):
        with translation.override(language):
            for code in SENTENCES:
                problem = Problem("survey", 3, "label", code, arguments)
                assert problem.sentence
                assert problem.advice
                assert problem.where


def test_merged_cells_of_sheets_that_are_not_read_are_not_looked_at() -> None:
    made = book([["type", "name", "label"], ["text", "a", "A"], ["text", "b", "B"]], notes=[["anything"]])
    made["survey"].merge_cells("C2:C3")
    made["notes"].merge_cells("A1:D400")
    warnings = read_workbook(saved(made), "x.xlsx").warnings
    assert [warning.arguments["range"] for warning in warnings if warning.code == "merged"] == ["C2:C3"]


def test_a_joined_range_that_is_none_is_told_and_no_error_of_ours() -> None:
    plain = write_workbook({"survey": [{"type": "text", "name": "a", "label": "A"}], "settings": [{"form_id": "f"}]})
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            joined = b'</sheetData><mergeCells count="1"><mergeCell ref="ZZZ9999999:A1"/></mergeCells>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", joined))
    assert [problem.code for problem in read_workbook(file.getvalue(), "x.xlsx").problems] == ["not_a_workbook"]


def test_a_sheet_whose_packed_bytes_were_damaged_is_told() -> None:
    content = bytearray(saved(book([["type", "name"], *[["text", f"question_{n}"] for n in range(200)]])))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    for at in range(sheet.header_offset + 60, sheet.header_offset + 60 + sheet.compress_size // 2, 29):
        damaged = content.copy()
        damaged[at] ^= 0xFF
        assert [problem.code for problem in read_workbook(bytes(damaged), "x.xlsx").problems] == ["not_a_workbook"], at


def test_a_formula_whose_kept_value_is_no_number_is_told() -> None:
    made = book([["type", "name"], ["integer", "=1+1"]])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(made))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<f>1\+1</f>\s*<v\s*/?>(</v>)?", b"<f>1+1</f><v>abc</v>", old.read(name)))
    assert [problem.code for problem in read_workbook(file.getvalue(), "x.xlsx").problems] == ["not_a_workbook"]
