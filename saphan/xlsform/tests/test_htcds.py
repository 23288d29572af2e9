"""IOM's own HTCDS form, where its file is at hand: it stays out of the repository, and must be taken and run unchanged."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string

from saphan.xlsform.definition import Form, Question
from saphan.xlsform.filling import Filling
from saphan.xlsform.forms import PageForm
from saphan.xlsform.openrosa import as_xform
from saphan.xlsform.reading import read_workbook
from saphan.xlsform.tests.making import AT

SHARED = Path(os.environ.get("SAPHAN_SHARED", settings.PACKAGE.parent.parent / "shared")) / "data" / "htcds"
FILES = sorted(SHARED.glob("*.xlsx"))
pytestmark = pytest.mark.skipif(not FILES, reason="IOM's workbooks are not at hand (SAPHAN_SHARED names their folder)")


@pytest.fixture(scope="module")
def form() -> Form:
    reading = read_workbook((SHARED / "htcds_xlsform.xlsx").read_bytes(), "htcds_xlsform.xlsx")
    assert (reading.problems, reading.warnings) == ((), ())
    assert reading.form is not None
    return reading.form


def plausible(filling: Filling, question: Question, place: str) -> list[str]:
    if question.kind == "select_one":
        return [filling.choices(place)[0].name]
    if question.kind == "select_multiple":
        return [choice.name for choice in filling.choices(place)[:2]]
    return {"date": ["23/11/2540"], "integer": ["17"], "decimal": ["1.5"]}.get(question.kind, ["ตอบ answer"])


@pytest.mark.parametrize("by", ["section", "question"])
def test_every_page_is_shown_and_sent_with_plausible_values(form: Form, by: str) -> None:
    filling = Filling(form, {}, at=AT)
    asked: set[str] = set()
    for key in [page.key for page in filling.pages(by)]:
        page = next(page for page in filling.pages(by) if page.key == key)
        shown = render_to_string("xlsform/page.html", {"form": PageForm(filling=filling, page=page, language="th")})
        sent = QueryDict(mutable=True)
        for place in page.places:
            assert f'name="x-{place}"' in shown
            sent.setlist(f"x-{place}", plausible(filling, form.question(place.code), place))
        answered = PageForm(sent, filling=filling, page=page, language="th")
        assert answered.is_valid(), answered.errors
        assert answered.appeared() == ()
        filling = answered.filling_after
        asked |= set(page.places)
    assert asked == {question.code for question in form.questions()}
    assert all(filling.value(code) for code in asked)
    assert filling.value("__version__") == "vSmt4GQA3C9uBMLPEVfgND"
    assert filling.value("prs_Birthdate") == "1997-11-23"
    assert filling.missing() == []


def test_it_can_be_given_to_odk_collect(form: Form) -> None:
    assert b"vic_Methods_of_Control" in as_xform(form)
