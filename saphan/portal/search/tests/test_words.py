from hypothesis import given
from hypothesis import strategies as st

from saphan.portal.search.marking import marked
from saphan.portal.search.words import clusters, graphemes, normalise, words


def test_words_are_cut_in_scripts_without_spaces():
    assert words("การค้ามนุษย์เป็นอาชญากรรม") == ["การ", "ค้า", "มนุษย์", "เป็น", "อาชญากรรม"]
    assert words("Human-trafficking, 1300!") == ["human", "trafficking", "1300"]
    assert words("ປະເທດລາວ") == ["ປະເທດ", "ລາວ"]


def test_spellings_that_look_the_same_become_one():
    assert normalise("น\u0e4dา") == normalise("นำ")
    assert normalise("น\u0e49\u0e4dา") == normalise("น\u0e4d\u0e49า") == normalise("น้ำ") == normalise("น\u0e33\u0e49")
    assert normalise("๑๒ ๓") == "12 3"
    assert normalise("กา\u200bร") == "การ"


def test_a_letter_with_its_vowel_and_tone_is_one():
    assert graphemes("น้ำ") == ["น้ำ"]
    assert marked("น้ำท่วม", ["น"]) == "<mark>น้ำ</mark>ท่วม"


def test_what_a_page_says_is_escaped_around_the_marks():
    assert marked("<b>pact</b>", ["pact"]) == "&lt;b&gt;<mark>pact</mark>&lt;/b&gt;"


@given(st.text(max_size=300))
def test_no_text_makes_the_cutter_fail_and_nothing_is_lost(text):
    words(text)
    graphemes(text)
    assert "".join(clusters(text)) == text


@given(st.text(alphabet="กขคงนมรลำาิีุู่้๊็์ ab", max_size=40), st.text(alphabet="กขนมำ่้ab", min_size=1, max_size=3))
def test_a_mark_begins_and_ends_between_letters(text, term):
    out = marked(text, words(term))
    pieces = out.replace("</mark>", "<mark>").split("<mark>")
    assert "".join(pieces) == text
    assert [c for piece in pieces for c in clusters(piece)] == clusters(text)
