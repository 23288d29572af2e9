"""A form goes to JSON, to a workbook and to an XForm, and comes back as it was."""

import json

from hypothesis import given, settings

from saphan.xlsform.comparing import compare
from saphan.xlsform.coverage import coverage, shares
from saphan.xlsform.definition import Form
from saphan.xlsform.offline import as_offline
from saphan.xlsform.preview import preview_of
from saphan.xlsform.reading import read_tables, read_workbook
from saphan.xlsform.tests.making import tables
from saphan.xlsform.workbook import Tables
from saphan.xlsform.writing import tables_of, write_workbook


@settings(max_examples=25)
@given(tables())
def test_a_form_survives_json_and_a_workbook(given_tables: Tables) -> None:
    reading = read_tables(given_tables)
    form = reading.form
    assert form is not None, [(problem.where, problem.sentence) for problem in reading.problems]
    again = Form.from_json(json.loads(json.dumps(form.as_json())))
    assert (again, again.digest) == (form, form.digest)
    from_file = read_workbook(write_workbook(tables_of(form)), "x.xlsx")
    assert from_file.form == form, from_file.problems
    assert read_workbook(write_workbook(given_tables), "x.xlsx").form == form
    assert compare(form, from_file.form).changes == ()
    assert json.loads(json.dumps(as_offline(form))) == as_offline(form)
    assert coverage(form) == []
    assert {share.percent for share in shares(form)} == {100}
    assert preview_of(reading, "th").usable
