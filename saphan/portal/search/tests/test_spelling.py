import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.portal.search import vocabulary
from saphan.portal.search.selectors import find
from saphan.portal.search.tests.rows import thing
from saphan.portal.search.vocabulary import _distance

WORD = st.text(alphabet="abcก", max_size=8)


@given(WORD, WORD)
def test_a_distance_is_the_same_both_ways_and_nothing_for_the_same_word(one, other):
    assert _distance(one, other, 9) == _distance(other, one, 9)
    assert (_distance(one, other, 9) == 0) == (one == other)
    assert min(_distance(one, other, 9), 3) == _distance(one, other, 2)


@given(st.text(alphabet="abcdef", min_size=5, max_size=12), st.integers(0, 11), st.sampled_from("drop change add swap".split()))
def test_one_wrong_letter_leaves_half_of_the_word_right(word, at, slip):
    """The halves by which candidates are looked up hold for every single slip."""
    at = at % len(word)
    wrong = {
        "drop": word[:at] + word[at + 1 :],
        "change": word[:at] + "z" + word[at + 1 :],
        "add": word[:at] + "z" + word[at:],
        "swap": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }[slip]
    half = len(word) // 2
    heads, tails = vocabulary.halves_of(wrong)
    assert word[:half] in heads or word[half:] in tails


@pytest.mark.django_db
def test_the_commonest_of_equally_near_words_is_taken_and_short_ones_are_left_alone(shelf):
    shelf.put(thing(1, "border"), thing(2, "border"), thing(3, "bolder"), thing(4, "cat"))
    assert vocabulary.corrected(["boder"]) == {"boder": "border"}
    assert vocabulary.corrected(["cot"]) == {}
    assert vocabulary.corrected(["border", "zzzzzzzz"]) == {}
    assert find("boder").count == 2


@pytest.mark.django_db
def test_what_was_taken_back_is_neither_advised_nor_suggested(shelf):
    from saphan.portal.search.suggesting import suggestions

    shelf.put(thing(1, "Canarybird in a cage"), thing(2, "Cage"))
    assert any("canary" in one.text.lower() for one in suggestions("canar", "en"))
    shelf.take(1)
    assert suggestions("canar", "en") == []
    assert vocabulary.corrected(["canarybirt"]) == {}
