from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.core import clock
from saphan.portal.search.addresses import Asked
from saphan.portal.search.asking import LONGEST, MOST_WORDS, Manner, facet_tokens, facet_value, read

ANYTHING = st.text(alphabet=st.characters(), max_size=80)
SIGNS = st.text(alphabet="abกา \"':-|()*&!<>{}^~\\\x00\ud800ORtitleyear:0129", max_size=60)


def wanted(question):
    return [[term.text for term in group] for group in read(question).wanted]


def test_words_phrases_exclusions_and_alternatives_are_told_apart():
    asked = read('return "safe migration" -forced shelter OR hotline')
    assert wanted(asked.read) == [["return"], ["safe migration"], ["shelter", "hotline"]]
    assert asked.wanted[1][0].manner is Manner.EXACT
    assert [term.text for term in asked.without] == ["forced"]


def test_names_before_a_value_narrow_the_question():
    asked = read('pact country:"Lao PDR" country:ไทย lang:th kind:page year:2007 topic:"Child labour"')
    assert set(asked.narrow) == {("country", "LA"), ("country", "TH"), ("lang", "th"), ("year", "2007"), ("topic", "child-labour"), ("kind", "page")}
    assert wanted(asked.read) == [["pact"]]


@pytest.mark.parametrize("question", ["country:nowhere", "lang:klingon", "year:later", "year:20", "http://example.org", "foo:bar", "a:"])
def test_what_is_no_operator_is_a_word(question):
    asked = read(question)
    assert not asked.narrow
    assert asked.wanted


def test_years_are_read_in_both_eras_and_as_ranges(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 1, tzinfo=UTC))
    assert facet_value("year", "2550") == "2007"
    assert facet_value("year", "2005-2010") == facet_value("year", "2005..2010") == "2005-2010"
    assert len(facet_tokens("year", "2005-2010")) == 6
    assert facet_value("year", "2019-") == "2019-2027"
    assert facet_value("year", "-2010") == "1951-2010"
    assert facet_value("year", "1000-2000") == facet_value("year", "2010-2005") == ""


def test_quotes_of_any_make_and_quotes_left_open():
    assert read("“safe return”").wanted[0][0].manner is Manner.EXACT
    assert wanted('"safe return') == [["safe"], ["return"]]
    assert wanted('""') == []


def test_a_long_question_is_cut_and_says_so():
    asked = read("word " * 5000)
    assert asked.shortened
    assert len(asked.read) <= LONGEST
    assert sum(len(term.words) for group in asked.wanted for term in group) == MOST_WORDS


@given(st.one_of(ANYTHING, SIGNS))
def test_no_text_makes_the_reader_fail_and_no_question_grows(question):
    asked = read(question, language="th")
    assert sum(len(term.words) for group in asked.wanted for term in group) + sum(len(term.words) for term in asked.without) <= MOST_WORDS
    assert all(term.words for group in asked.wanted for term in group)


@given(st.dictionaries(st.sampled_from(["q", "kind", "country", "year", "lang", "topic", "page", "alone"]), ANYTHING))
def test_an_address_leads_back_to_what_it_asked(parts):
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query.update({name: value.encode("utf-8", "replace").decode() for name, value in parts.items()})  # as a request is read: no half letters
    asked = Asked.of(query)
    again = Asked.of(QueryDict(asked.address.removeprefix("?")))
    assert again.chosen == asked.chosen
    assert again.page == asked.page
