"""The published JSON Schema says what the models say, and the lists written out in code are those of their libraries."""

from pathlib import Path

import jsonschema_rs
import pytest
from holidays.registry import COUNTRIES

from saphan.agreements.procedures.calendars_known import WITH_CALENDAR
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.reading import read
from saphan.agreements.procedures.schema import published_schema, schema_text
from saphan.agreements.procedures.tests.mutators import mutants
from saphan.agreements.procedures.tests.test_mutations import EXAMPLE, FILES

PUBLISHED = Path(__file__).resolve().parents[4] / "docs" / "develop" / "procedure.schema.json"


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run: saphan procedures schema --out docs/develop/procedure.schema.json"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_files_and_signed_forms_fit_the_schema(file: Path) -> None:
    schema = jsonschema_rs.validator_for(published_schema())
    assert [error.message for error in schema.iter_errors(read(file.read_bytes()).value)] == []
    assert [error.message for error in schema.iter_errors(load(file.read_bytes()).procedure.plain())] == []


def test_what_the_reader_refuses_the_schema_refuses_too() -> None:
    schema = jsonschema_rs.validator_for(published_schema(), validate_formats=True)
    differing = []
    for mutant in mutants(load(EXAMPLE.read_bytes()).procedure.plain()):
        try:
            load_plain(mutant.value)
            fits = True
        except Unreadable:
            fits = False
        if schema.is_valid(mutant.value) != fits:
            differing.append(f"{mutant.way} {mutant.place}")
    assert differing == []


def test_the_countries_written_out_are_those_of_the_library() -> None:
    assert {codes[1] for codes in COUNTRIES.values()} == WITH_CALENDAR
