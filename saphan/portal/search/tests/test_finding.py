from datetime import date

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.directory.models import Country
from saphan.portal.search import engines, services
from saphan.portal.search.selectors import find, matching
from saphan.portal.search.tests.rows import found, thing
from tests.counting import at_most

pytestmark = pytest.mark.django_db


def test_a_title_weighs_more_than_a_summary_and_that_more_than_a_text(shelf):
    filler = "many other words stand here to make the length alike " * 3
    shelf.put(
        thing(1, "Plain", f"{filler} pact"),
        thing(2, "Plain", filler, summary="About a pact"),
        thing(3, "A pact", filler),
        thing(4, "Plain", filler, author="Pact Office"),
    )
    order = found("pact")
    assert order[0] == 3
    assert order[-1] == 1
    assert set(order) == {1, 2, 3, 4}


def test_own_language_and_freshness_decide_between_equals(shelf):
    shelf.put(
        thing(1, "IOM", "one two", language="th", published_on=date(2020, 1, 1)),
        thing(2, "IOM", "one two", published_on=date(2001, 1, 1)),
        thing(3, "IOM", "one two", published_on=date(2020, 1, 1)),
    )
    assert found("IOM") == [3, 2, 1]
    assert found("IOM", "th")[0] == 1


def test_vietnamese_is_found_without_its_marks_and_with_them_first(shelf):
    shelf.put(
        thing(1, "Tin", "cơ quan chống buồn bán", language="vi"),
        thing(2, "Tin", "cơ quan chống buôn bán", language="vi"),
        thing(3, "News", "buon ban", language="en"),
    )
    assert set(found("buon ban")) == {1, 2, 3}
    assert found("buôn bán", "vi")[0] == 2
    assert set(found("co quan chong")) == {1, 2}
    assert found('"chong buon ban"') != []
    assert found("đường") == []
    shelf.put(thing(4, "Đường dây nóng", language="vi"))
    assert found("duong day nong") == [4]


def test_letters_find_what_the_word_breaker_cut_elsewhere(shelf):
    shelf.put(thing(1, "ข่าว", "ประชุมที่กรุงย่างกุ้งวันนี้", language="th"), thing(2, "ข่าว", "เรื่องอื่น", language="th"))
    assert found("ย่างกุ้", "th") == [1]
    assert found("ย่างเข้", "th") == []


def test_a_phrase_in_quotes_stands_side_by_side(shelf):
    shelf.put(
        thing(1, "A", "safe return of workers"), thing(2, "B", "return when it is safe"), thing(3, "ค", "การเดินทางกลับอย่างปลอดภัย", language="th")
    )
    assert set(found("safe return", alone=True)) == {1, 2}
    assert found('"safe return"', alone=True) == [1]
    assert found('"กลับอย่าง"', "th") == [3]
    assert found('"อย่างกลับ"', "th") == []


def test_without_or_title_and_author(shelf):
    shelf.put(
        thing(1, "Hotline", "open all night", author="Department of Labour"),
        thing(2, "Bus", "the hotline is open", author="IOM Bangkok"),
        thing(3, "Train", "runs at night"),
    )
    assert found("hotline -night", alone=True) == [2]
    assert set(found("bus OR train")) == {2, 3}
    assert found("title:hotline") == [1]
    assert found("author:labour") == [1]
    assert found("author:iom open") == [2]
    assert found("night -author:labour") == [3]
    assert found("-night") == []


def test_facets_narrow_combined_and_count_what_is_left(shelf):
    for code, name in (("TH", "Thailand"), ("LA", "Lao PDR"), ("KH", "Cambodia")):
        Country.objects.get_or_create(code=code, defaults={"name_en": name, "name_th": name})
    shelf.put(
        thing(1, "Border", countries=["TH", "LA"], topics=["agreements"], published_on=date(2007, 8, 8)),
        thing(2, "Border", countries=["TH"], topics=["training"], published_on=date(2008, 1, 1), kind="other"),
        thing(3, "Border", countries=["KH"], language="vi", published_on=date(2007, 1, 1)),
        thing(4, "Border"),
    )
    assert set(found("border country:TH")) == {1, 2}
    assert found("border country:TH country:LA") == [1]
    assert set(found("border year:2007")) == {1, 3}
    assert set(found("border kind:thing -country:TH")) == {3, 4}
    assert found("border", chosen=[("country", "TH"), ("year", "2008")]) == [2]
    assert set(found("country:TH")) == {1, 2}
    assert set(found("thailand")) == {1, 2}
    facets = {facet.name: {value.code: value.count for value in facet.values} for facet in find("border").facets}
    assert facets["country"] == {"TH": 2, "LA": 1, "KH": 1}
    assert facets["year"] == {"2008": 1, "2007": 2}
    assert facets["kind"] == {"thing": 3, "other": 1}
    narrowed = find("border", chosen=[("country", "TH")])
    assert {value.code for facet in narrowed.facets if facet.name == "country" for value in facet.values} == {"LA"}
    assert [one.label for one in narrowed.chosen] == ["Thailand"]


def test_a_term_of_the_field_finds_its_counterparts_and_says_so(shelf):
    shelf.put(
        thing(1, "About human trafficking"),
        thing(2, "เรื่องการค้ามนุษย์", language="th"),
        thing(3, "ກ່ຽວກັບການຄ້າມະນຸດ", language="lo"),
        thing(4, "អំពីការជួញដូរមនុស្ស", language="km"),
        thing(5, "လူကုန်ကူးမှု သတင်း", language="my"),
        thing(6, "Chống mua bán người", language="vi"),
        thing(7, "People who trade with people"),
    )
    for question in ("human trafficking", "การค้ามนุษย์", "ການຄ້າມະນຸດ", "ការជួញដូរមនុស្ស", "လူကုန်ကူးမှု", "mua bán người", "mua ban nguoi"):
        answer = find(question)
        assert {int(one.url.strip("/")) for one in answer.findings} == {1, 2, 3, 4, 5, 6}, question
        assert answer.also
    assert found("human trafficking", alone=True) == [1]
    assert find("human trafficking", alone=True).also == []
    assert found("human trafficking")[0] == 1
    assert found("ข่าวการค้ามนุษย์ลาว", "th") == []


def test_a_term_inside_a_longer_thai_question_keeps_the_rest_wanted(shelf):
    shelf.put(thing(1, "สถานการณ์การค้ามนุษย์", language="th"), thing(2, "สถานการณ์ human trafficking", language="th"), thing(3, "human trafficking"))
    assert set(found("สถานการณ์การค้ามนุษย์", "th")) == {1, 2}


def test_a_slip_of_the_pen_finds_what_was_meant(shelf):
    shelf.put(thing(1, "Repatriation of workers"), thing(2, "ผู้เสียหายจากการค้ามนุษย์", language="th"))
    for slip in ("repatraition", "repatriatoin", "repatration", "epatriation"):
        answer = find(slip)
        assert answer.instead == "repatriation", slip
        assert [one.url for one in answer.findings] == ["/1/"]
    assert find("การค้ามนุษญ์", language="th").findings[0].url == "/2/"
    assert find("xylophone").instead == ""


def test_when_nothing_holds_all_words_some_will_do(shelf):
    shelf.put(thing(1, "Shelter standards"), thing(2, "Training"))
    answer = find("shelter zebra", alone=True)
    assert answer.some
    assert [one.url for one in answer.findings] == ["/1/"]


def test_a_word_of_every_text_costs_no_more_than_others(shelf, monkeypatch):
    monkeypatch.setattr(engines, "LOOKED_AT", 5)
    shelf.put(*(thing(number, "Common") for number in range(12)))
    assert find("common").count == 5


def test_a_saved_search_is_newest_first(shelf):
    shelf.put(thing(1, "Pact", published_on=date(2007, 1, 1)), thing(2, "Pact"), thing(3, "Pact", published_on=date(2009, 1, 1)), thing(4, "Else"))
    assert [entry.key for entry in matching("pact", "en")] == ["thing:3", "thing:1", "thing:2"]
    assert [entry.key for entry in matching("pact year:2007", "en", {"lang": "en"})] == ["thing:1"]
    assert list(matching("", "en")) == []


ODD = [
    "",
    " ",
    "x",
    "ก",
    "กา",
    "a" * 10_000,
    "คำ " * 4000,
    '"',
    "'",
    "a AND",
    "NOT OR (",
    "OR",
    "OR OR a",
    "title:",
    "title:x",
    'title:"',
    "*",
    "-a",
    "--",
    "-",
]
ODD += [
    "{a} : b",
    "\\",
    "\\'",
    "a'b\"c",
    "\x00",
    "\ud800",
    "a\udfffb",
    "' | ! & <-> :*",
    "%",
    "<script>",
    "year:",
    "year:9999",
    "lang:th",
    "_",
    "__a__",
    "ปฺ",
    "\u0e31",
]
ODD += ["NEAR(a b)", "a^2", "a:b:c", 'a""b', "🙂", "ﷺ", "\u200b", "\ue000kthing", "country:XX", "kind:thing", "-country:TH", "1300", "١٢٣"]


@pytest.mark.parametrize("question", ODD)
def test_no_question_fails(shelf, question):
    shelf.put(thing(1, "a b x ก 1300"))
    find(question, language="th")
    page = Client().get("/th/search/", {"q": question.encode("utf-8", "replace")})
    assert page.status_code == 200
    assert Client().get("/th/search/suggest", {"q": question.encode("utf-8", "replace")}).status_code == 200


@settings(max_examples=80)
@given(st.text(alphabet=st.characters(), max_size=40), st.text(alphabet="กาข้ \"'-:()*|&!OR\\\x00{}<>abtitle", max_size=30))
def test_no_text_fails_and_no_mark_breaks_the_page(shelf, anything, signs):
    shelf.put(thing(1, "กา <b>ข้าว</b> title"))
    for question in (anything, signs):
        for one in find(question, language="th").findings:
            bare = str(one.title).replace("<mark>", "").replace("</mark>", "")
            assert bare == "กา &lt;b&gt;ข้าว&lt;/b&gt; title"


def test_a_question_asks_the_database_little(shelf):
    Country.objects.get_or_create(code="TH", defaults={"name_en": "Thailand", "name_th": "ไทย"})
    shelf.put(*(thing(number, "Human trafficking", "การค้ามนุษย์ " * 5, countries=["TH"], topics=["law"]) for number in range(25)))
    for question in ("human trafficking", "การค้ามนุษย์", "humen traficking", "zebra human", "ย่างกุ้งเมือง"):
        with at_most(7):
            find(question, language="th")


def test_a_book_is_found_to_its_last_word_on_either_engine(shelf):
    """400,000 letters; PostgreSQL keeps 256 places of a letter and refuses vectors over a megabyte."""
    page = "การประชุมระดับภูมิภาคว่าด้วยแรงงานข้ามชาติและการคุ้มครองเด็ก "
    book = (page * (390_000 // len(page))) + "ย่างกุ้งเป็นเมืองสุดท้าย"
    shelf.put(thing(1, "หนังสือ", book, language="th"), thing(2, "อื่น", "เมือง", language="th"))
    assert found("สุดท้าย", "th") == [1]
    assert found('"กุ้งเป็นเมืองสุด"', "th") == [1]
    assert "ย่างกุ้ง" in str(find("ย่างกุ้ง", language="th").findings[0].passage)


def test_a_text_that_no_vector_could_hold_is_published_all_the_same(shelf):
    shelf.put(thing(1, "Odd", " ".join(f"w{number:x}q{number * 7919:x}" for number in range(40_000))))
    assert found("odd") == [1]
    assert found("w1q1eef") == [1]
    assert services.check().whole
