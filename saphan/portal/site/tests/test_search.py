import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.portal.news.models import NewsArticlePage
from saphan.portal.search import services
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.selectors import find

pytestmark = pytest.mark.django_db


def titles(question, language="en"):
    return [str(finding.title).replace("<mark>", "").replace("</mark>", "") for finding in find(question, language=language).findings]


def test_the_pact_is_found_in_both_languages(portal):
    assert titles("pact IOM")[0].startswith("Ministry and IOM sign a pact")
    assert any("ไอโอเอ็มลงนามข้อตกลง" in title for title in titles("ไอโอเอ็ม", "th"))
    assert any("หกประเทศลุ่มน้ำโขง" in title for title in titles("การค้ามนุษย์", "th"))


def test_a_part_of_a_thai_word_is_found_by_its_letters(portal):
    assert any("หกประเทศลุ่มน้ำโขง" in title for title in titles("ย่างกุ้", "th"))


def test_what_looks_the_same_is_found_the_same(portal):
    assert titles("๑๓๐๐", "th") == titles("1300", "th")
    assert titles("ลุ่มน้\u0e4d\u0e32โขง", "th") == titles("ลุ่มน้ำโขง", "th")
    assert titles("PACT\u200b") == titles("pact")


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "x",
        "ก",
        "a" * 10_000,
        "คำ " * 4000,
        '"',
        "'",
        "a AND",
        "NOT OR (",
        "title:x",
        "*",
        "-a",
        "{a} : b",
        "\\",
        "a'b\"c",
        "\x00",
        "' | ! & <-> :*",
        "%",
        "<script>",
    ],
)
def test_no_question_fails(portal, question):
    page = Client().get("/en/search/", {"q": question})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_fails_and_no_mark_parts_a_letter(portal, question):
    for finding in find(question).findings:
        bare = str(finding.title).replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare


def test_the_page_shows_count_kind_and_language(portal):
    page = Client().get("/en/search/", {"q": "pact"}).content.decode()
    assert "2 results" in page
    assert "News" in page
    assert "ไทย" in page
    assert "<mark>pact</mark>" in page
    assert "Nothing was found" in Client().get("/en/search/", {"q": "zzzzqqq"}).content.decode()


def test_the_index_follows_the_pages(portal):
    assert services.check().whole
    article = NewsArticlePage.objects.get(slug="2007-08-08-ministry-and-iom-sign-a-pact", locale__language_code="en")
    article.title = "A draft that nobody may find yet"
    article.save_revision()
    assert article.title not in titles("draft nobody")
    article.get_latest_revision().publish()
    assert titles("draft nobody")[0] == article.title
    assert services.check().whole
    article.refresh_from_db()
    article.slug = "moved"
    article.save()
    assert SearchEntry.objects.get(key=f"page:{article.pk}").url == "/en/news/moved/"
    article.unpublish()
    assert article.title not in titles("draft nobody")
    article.delete()
    assert services.check().whole


def test_an_address_above_changes_the_addresses_below(portal):
    index = NewsArticlePage.objects.filter(locale__language_code="en").first().get_parent().specific
    index.slug = "updates"
    index.save()
    assert services.check().whole
    assert Client().get("/en/updates/2007-08-08-ministry-and-iom-sign-a-pact/").status_code == 200


def test_a_write_that_fails_leaves_page_and_index_as_they_were(portal, monkeypatch):
    article = NewsArticlePage.objects.filter(locale__language_code="en").first()
    before = article.title

    def crash(*args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "_write", crash)
    article.title = "Half written"
    with pytest.raises(RuntimeError):
        article.save()
    article.refresh_from_db()
    assert article.title == before
    assert services.check().whole


def test_the_check_finds_what_is_missing_surplus_or_stale_and_a_rebuild_mends_it(portal):
    first, second = SearchEntry.objects.all()[:2]
    first.delete()
    SearchEntry.objects.filter(pk=second.pk).update(digest="other")
    SearchEntry.objects.create(key="page:99999999", title="gone")
    found = services.check()
    assert (len(found.missing), found.surplus, found.stale) == (1, ["page:99999999"], [second.key])
    assert services.rebuild_if_needed().endswith("indexed")
    assert services.check().whole
    assert services.rebuild_if_needed().endswith("whole")


def test_the_commands_speak_and_answer_with_their_exit_code(portal):
    from typer.testing import CliRunner

    from saphan.portal.search.commands import search

    runner = CliRunner()
    assert runner.invoke(search, ["check"]).exit_code == 0
    SearchEntry.objects.all().delete()
    assert runner.invoke(search, ["check", "--json"]).exit_code == 1
    assert "pages" in runner.invoke(search, ["rebuild", "--json"]).output
    assert runner.invoke(search, ["check"]).exit_code == 0
