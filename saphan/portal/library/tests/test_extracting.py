import sys
from pathlib import Path

import pytest

from saphan.core.errors import Invalid
from saphan.portal.library import apart, extracting
from saphan.portal.library.apart import extract
from saphan.portal.library.tests import papers
from saphan.portal.search.words import graphemes, words

FILES = Path(__file__).resolve().parents[1] / "demo" / "files"


@pytest.mark.parametrize("script", papers.SENTENCES)
def test_words_of_four_scripts_come_back_as_they_were_written(script):
    sentence = papers.SENTENCES[script]
    found = extract("pdf", papers.pdf(sentence, script))
    assert found.pages == 1
    assert "".join(graphemes(sentence)) in "".join(graphemes(found.text)), found.text
    assert set(words(sentence)) <= set(words(found.text)), found.text


def test_a_thai_page_printed_by_a_browser_says_each_syllable_once():
    found = extract("pdf", (FILES / "signs-2.th.pdf").read_bytes())
    for sentence in ("มีผู้อื่นยึดหนังสือเดินทางหรือบัตรประจำตัวไว้", "ทำงานใช้หนี้ที่ไม่มีวันหมด", "จะแจ้งตำรวจ จะส่งกลับ หรือจะทำร้ายครอบครัวที่บ้านเกิด"):
        assert sentence in found.text
    assert "ควรขอคำปรึกษา และไม่ควรลงมือช่วยเพียงลำพัง" in found.text  # broken by the margin only


def test_a_latin_page_keeps_its_words_and_lines():
    found = extract("pdf", (FILES / "signs-2.en.pdf").read_bytes())
    assert "Somebody else keeps the passport or identity card.\nA debt does not shrink" in found.text


def test_the_first_page_becomes_a_small_cover():
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(extract("pdf", papers.pdf("hello")).cover)) as cover:
        assert (cover.format, cover.width) == ("WEBP", 320)
        assert cover.height <= 640


def test_a_word_document_tells_paragraphs_and_tables_in_order():
    found = extract("docx", papers.word("ก่อนอื่น", "then", table=("one", "สอง")))
    assert found.text == "ก่อนอื่น\nthen\none\nสอง"
    assert (found.pages, found.cover) == (None, b"")


def test_a_scan_has_no_words_but_a_cover():
    found = extract("pdf", papers.scan())
    assert (found.text, found.pages) == ("", 1)
    assert found.cover


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"no document", None])
def test_what_is_no_pdf_is_refused_with_a_sentence(content):
    content = papers.pdf("hello")[:300] if content is None else content
    with pytest.raises(Invalid) as fault:
        extract("pdf", content)
    assert "cannot be opened" in fault.value.sentence


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", None])
def test_what_is_no_word_document_is_refused_with_a_sentence(content):
    content = papers.word("x")[:500] if content is None else content
    with pytest.raises(Invalid):
        extract("docx", content)


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(extracting, "PAGES_AT_MOST", 2)
    with pytest.raises(extracting.Unreadable, match="pages"):
        extracting.read_pdf(papers.pdf("x", pages=3))


def test_reading_ends_when_letters_or_seconds_run_out(monkeypatch):
    assert extracting.gathered(iter(["ab", "cd"])) == ("ab\ncd", False)
    monkeypatch.setattr(extracting, "LETTERS_AT_MOST", 3)
    assert extracting.gathered(iter(["ab", "cd"])) == ("ab\n", True)
    monkeypatch.setattr(extracting, "LETTERS_AT_MOST", 100)
    monkeypatch.setattr(extracting, "SECONDS", -1.0)
    assert extracting.gathered(iter(["ab", "cd"])) == ("ab", True)
    assert extracting.gathered(iter(["ab"])) == ("ab", False)


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "import sys; sys.stdout.write('not json')",
        "raise SystemExit(3)",
        "from saphan.portal.library.extracting import limit_this_process as limit; limit(); b = bytearray(1 << 40)",
        "from saphan.portal.library.extracting import limit_this_process as limit; limit(); import tempfile; tempfile.TemporaryFile('wb', 0).write(b'x')",
    ],
)
def test_a_file_that_breaks_the_reader_breaks_nothing_else(monkeypatch, program):
    monkeypatch.setattr(apart, "PROGRAM", f"import sys; sys.path.insert(0, sys.argv[1]); {program}")
    with pytest.raises(Invalid):
        extract("pdf", papers.pdf("hello"))


def test_a_file_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(apart, "PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(apart, "SECONDS", 0.5)
    with pytest.raises(Invalid) as fault:
        extract("pdf", papers.pdf("hello"))
    assert "too long" in fault.value.sentence


def test_the_reader_holds_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("SAPHAN_SMTP_PASSWORD", "canary")
    tell = "import json, os; sys.stdout.write(json.dumps(dict(pages=1, text=str(sorted(os.environ)) + str('django' in sys.modules), partly=False, cover='')))"
    monkeypatch.setattr(apart, "PROGRAM", f"import sys; sys.path.insert(0, sys.argv[1]); import saphan.portal.library.extracting; {tell}")
    said = extract("pdf", b"x").text
    assert "SAPHAN" not in said
    assert said.endswith("False")
    assert "saphan" in sys.modules  # of this process, which is another


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x00b\x07c", "abc"),
        ("traf\ufffe\r\nficking", "trafficking"),
        ("traf\u00ad\nficking", "trafficking"),
        ("  two   words \r\n\r\n next ", "two words\nnext"),
        ("ท\uf702\uf70aป\uf701\uf705น", "ที่ปิ่น"),
        ("lone \ud800 half", "lone half"),
    ],
)
def test_text_is_tidied(raw, clean):
    assert extracting.tidied(raw) == clean
