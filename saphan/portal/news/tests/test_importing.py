import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.core.errors import Invalid
from saphan.portal.news.importing import article_in, attribution_of, find
from saphan.portal.news.reading import BIGGEST, decoded, page_of
from saphan.portal.news.tests.pages import HTML, TEXT, THAI

SHARED = Path(os.environ.get("SAPHAN_SHARED") or Path(__file__).resolve().parents[4].parent / "shared")
FIRST_PAGE = SHARED / "data" / "seed_article.txt"


@pytest.mark.skipif(not FIRST_PAGE.exists(), reason="the page that started this project is not on this machine")
def test_the_page_that_started_this_project_is_understood():
    found = article_in(FIRST_PAGE)
    assert found.title.startswith("Thai Ministry of Social Development")
    assert found.published_on == date(2007, 8, 8)
    assert sum(line.kind == "li" for line in found.body) == 5
    source = found.attribution
    assert (source.title, source.source, source.on) == ("Pact on human trafficking with IOM signed.", "The Bangkok Post", date(2007, 8, 8))
    body = found.html()
    for words in (
        "newsletter",
        "Inquiry Corner",
        "Click here",
        "Search",
        "©",
        "Privacy",
        "RSS",
        "How You Can Help",
        "A web resource",
        "Adapted from",
        "Linking",
    ):
        assert words not in body, words
    assert body.count("<li>") == 5


def test_a_text_page_is_told_from_its_furniture():
    found = find(page_of(TEXT.encode()))
    assert (found.title, found.published_on) == ("Bridge school opens its doors", date(2012, 3, 12))
    assert [line.kind for line in found.body] == ["p", "p", "li", "li", "li", "p"]
    assert found.body[0].text.endswith("lessons are free for all of them.")
    assert found.attribution.title == "A school by the bridge"
    assert found.attribution.source == "The Delta Times"
    assert found.attribution.on == date(2012, 3, 10)
    assert found.attribution.url == "https://delta.example/2012/school"
    assert "Related stories" in found.furniture
    assert sum("Home | News" in line for line in found.furniture) == 2


def test_an_html_page_is_told_from_its_furniture():
    found = find(page_of(HTML.encode()))
    assert (found.title, found.published_on) == ("Ferry crews learn to ask", date(2015, 5, 5))
    assert [(line.kind, line.text) for line in found.body] == [
        ("p", "Twenty crews of the river ferries have learnt how to notice passengers who may need help."),
        ("h", "What they ask"),
        ("ol", "Who has your papers?"),
        ("ol", "May you go home?"),
        ("p", "The course goes on in June & July."),
    ]
    assert (found.attribution.title, found.attribution.source, found.attribution.on) == ("Ask, and listen", "Harbour Weekly", date(2015, 5, 4))
    assert found.address == "https://delta.example/2015/ferry-crews"
    assert "&amp; July" in found.html()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874", "tis-620"])
def test_a_thai_page_is_read_in_every_usual_encoding(encoding):
    text = THAI if encoding.startswith("utf") else THAI.replace("“", '"').replace("”", '"')
    found = find(page_of(text.encode(encoding)))
    assert (found.title, found.published_on) == ("โรงเรียนริมสะพานเปิดรับเด็กสี่สิบคน", date(2012, 3, 12))
    assert [line.kind for line in found.body] == ["p", "li", "li"]
    assert (found.attribution.title, found.attribution.source) == ("โรงเรียนข้างสะพาน", "หนังสือพิมพ์ปากน้ำ")
    assert found.attribution.on == date(2012, 3, 10)


def test_western_letters_are_not_taken_for_thai():
    assert decoded("Café au lait à l’été".encode("cp1252")) == "Café au lait à l’été"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"%PDF-1.4 ...", "another format"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "another format"),
        (bytes(range(256)) * 20, "another format"),
        (b"Bridge school opens its doors\n\nNo day is told here at all.", "no date"),
        (b"8 August 2007", "no title"),
        (b"Bridge school opens its doors\n\n8 August 2007\n", "no text"),
        (b"<html><body><p>hm</p></body></html>", "no title"),
    ],
)
def test_a_wrong_file_is_named_with_its_reason(raw, reason):
    with pytest.raises(Invalid) as fault:
        find(page_of(raw))
    assert reason in fault.value.sentence


def test_a_file_that_is_too_big_or_absent_is_refused_unread(tmp_path):
    big = tmp_path / "big.html"
    big.write_bytes(b"a" * (BIGGEST + 1))
    for path, reason in ((big, "2 MB"), (tmp_path / "none.txt", "cannot be read"), (tmp_path, "cannot be read")):
        with pytest.raises(Invalid) as fault:
            article_in(path)
        assert reason in fault.value.sentence


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"Title." The Paper. 8 August 2007.', ("Title.", "The Paper", date(2007, 8, 8))),
        ("The Paper, “Title”, 8 สิงหาคม 2550", ("Title", "The Paper", date(2007, 8, 8))),
        ("The Paper", ("", "The Paper", None)),
        ("Tom's Paper (8 August 2007)", ("", "Tom's Paper", date(2007, 8, 8))),
    ],
)
def test_an_attribution_is_read_in_its_usual_orders(line, expected):
    found = attribution_of(line)
    assert (found.title, found.source, found.on) == expected


def test_markup_in_a_saved_text_stays_text():
    found = find(page_of(b'Bridge school opens its doors\n\n8 August 2007\n\nUse of 2 < 3 & "<b onload=x>" in a text that is long enough.'))
    assert "<b" not in found.html()
    assert "&lt;b" in found.html()


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_importer_crash(raw):
    with suppress(Invalid):
        find(page_of(raw)).html()


PIECES = st.sampled_from(
    [
        "8 August 2007",
        "Source: x",
        "Adapted from:",
        "A | B | C",
        "© 2001",
        "- point",
        "<h1>",
        "</h1>",
        "<p>",
        "<li>",
        "<table><td>",
        "Click here",
        "๘ สิงหาคม ๒๕๕๐",
        "\n",
        "\n\n",
        "words of a title here",
        "<!--",
        "<nav>",
        "\x00",
        "𝔘",
        "﷽",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=12), max_size=25).map(" ".join))
def test_no_heap_of_pieces_makes_the_importer_crash(text):
    with suppress(Invalid):
        found = find(page_of(text.encode("utf-8", "replace")))
        assert found.title
        assert found.key == find(page_of(text.encode("utf-8", "replace"))).key
