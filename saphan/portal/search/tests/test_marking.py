import time

from hypothesis import given
from hypothesis import strategies as st

from saphan.portal.search.asking import read
from saphan.portal.search.marking import AROUND, marked, passage, pieces_of
from saphan.portal.search.words import clusters, words


def test_the_passage_is_where_most_of_the_words_stand_together():
    text = "shelter here. " + "nothing to see. " * 60 + "a shelter with a hotline and a referral. " + "more. " * 60
    told = passage(text, pieces_of(read("shelter hotline referral")))
    assert told.count("<mark>") == 3
    assert told.startswith("… ")
    assert told.endswith(" …")


def test_without_a_match_the_summary_is_shown():
    assert passage("long text", ["zebra"], otherwise="What it is about") == "What it is about"
    assert passage("long text", ["zebra"]) == "long text"


def test_words_without_marks_are_marked_in_text_with_them():
    assert marked("Chống mua bán người", ["mua ban nguoi"]) == "Chống <mark>mua bán người</mark>"


def test_a_quoted_phrase_is_marked_only_whole():
    assert "<mark>" not in marked("return when it is safe", pieces_of(read('"safe return"')))
    assert marked("a safe return", pieces_of(read('"safe return"'))) == "a <mark>safe return</mark>"


def test_a_match_deep_in_a_book_is_shown_quickly():
    book = "การประชุมระดับภูมิภาค " * 18_000 + "ย่างกุ้งเป็นเมือง" + " จบ" * 50
    began = time.process_time()
    told = passage(book, ["ย่างกุ้ง"])
    assert "<mark>ย่างกุ้ง</mark>" in told
    assert time.process_time() - began < 0.5


@given(st.text(alphabet="กขคงนมรลำาิีุู่้๊็์ ab<&", max_size=400), st.text(alphabet="กขนมำ่้ab", min_size=1, max_size=3))
def test_a_passage_holds_whole_letters_of_the_text(text, term):
    out = str(passage(text, words(term)))
    bare = out.removeprefix("… ").removesuffix(" …").replace("<mark>", "").replace("</mark>", "").replace("&lt;", "<").replace("&amp;", "&")
    assert bare in text
    assert len(clusters(bare)) <= AROUND + AROUND // 2
