"""One meaning has one sequence of bytes."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.core.errors import Invalid
from saphan.releases.canonical import canonical, digest_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_reading_the_bytes_and_writing_them_again_changes_nothing(value: object) -> None:
    try:
        first = canonical(value)
    except Invalid:
        return  # two names that are one in NFC
    assert canonical(json.loads(first)) == first


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=6))
def test_the_order_of_names_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    try:
        assert digest_of(value) == digest_of(turned)
    except Invalid:
        assert len({unicodedata.normalize("NFC", name) for name in value}) < len(value)


def test_two_spellings_of_one_letter_are_one() -> None:
    assert canonical({"a": "é"}) == canonical({"a": "e\u0301"})


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**60, {1: "a"}, "a\x00b", "\ud800", b"x", {"é": 1, "e\u0301": 2}])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        canonical({"value": value})


def test_too_deep_nesting_is_refused() -> None:
    value: object = []
    for _depth in range(50):
        value = [value]
    with pytest.raises(Invalid):
        canonical(value)
