"""The dump by itself."""

import json

import pytest
from django.test import Client

from saphan.portal.opendata.dump import cell, write_dump
from saphan.portal.opendata.problems import sentence


@pytest.mark.django_db
def test_an_empty_site_has_an_empty_api_and_dump(tmp_path):
    assert Client().get("/api/v1/news").json()["count"] == 0
    assert write_dump(tmp_path)["news"] == 0
    assert json.loads((tmp_path / "news.json").read_text()) == []
    assert (tmp_path / "news.csv").read_text(encoding="utf-8-sig").startswith("id,language,title,")


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, ""), (True, "true"), (3, "3"), (["a", "b"], "a; b"), ([], ""), ({"en": "ก"}, '{"en": "ก"}'), ([{"a": 1}], '[{"a": 1}]')],
)
def test_a_value_is_one_cell(value, told):
    assert cell(value) == told


def test_a_fault_that_nobody_thought_of_still_has_a_sentence():
    assert sentence("something_new", {}) == "This value cannot be one."
