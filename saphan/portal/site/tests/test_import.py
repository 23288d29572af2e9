import json

import pytest
from django.test import Client
from typer.testing import CliRunner

from saphan.core.errors import Refused
from saphan.portal.news.commands import news
from saphan.portal.news.models import NewsArticlePage
from saphan.portal.news.tests.pages import HTML, TEXT, THAI

pytestmark = pytest.mark.django_db
run = CliRunner().invoke


@pytest.fixture
def files(tmp_path):
    for name, text in (("school.txt", TEXT), ("ferry.html", HTML), ("thai.txt", THAI)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("")
    return tmp_path


def count():
    return NewsArticlePage.objects.count()


def test_a_dry_run_shows_what_was_found_and_changes_nothing(portal, files):
    before = count()
    done = run(news, ["import", str(files / "school.txt"), "--dry-run"])
    assert done.exit_code == 0
    for words in ("Bridge school", "2012-03-12", "The Delta", "would be entered as a draft", "left out"):
        assert words in done.output
    assert count() == before


def test_an_import_leaves_drafts_and_a_second_one_makes_no_double(portal, files):
    names = [str(files / "school.txt"), str(files / "ferry.html")]
    done = run(news, ["import", *names, "--json"])
    assert [row["outcome"] for row in json.loads(done.output)] == ["entered as a draft"] * 2
    article = NewsArticlePage.objects.get(title="Bridge school opens its doors")
    assert not article.live
    assert article.adapted_from_source == "The Delta Times"
    before = count()
    again = json.loads(run(news, ["import", *names, "--json"]).output)
    assert [row["outcome"] for row in again] == ["in place since an earlier import"] * 2
    assert count() == before


def test_the_same_address_with_other_words_is_the_same_article(portal, files):
    run(news, ["import", str(files / "ferry.html")])
    before = count()
    (files / "ferry.html").write_text(HTML.replace("Twenty crews", "Twenty-one crews"), encoding="utf-8")
    run(news, ["import", str(files / "ferry.html")])
    assert count() == before


def test_an_article_goes_from_file_to_list_search_and_feed(portal, files):
    assert run(news, ["import", str(files / "ferry.html"), "--publish"]).exit_code == 0
    address = "/en/news/2015-05-05-ferry-crews-learn-to-ask/"
    reader = Client()
    assert reader.get(address).status_code == 200
    for path in ("/en/news/?year=2015", "/en/search/?q=ferries", "/feeds/news.rss"):
        assert address in reader.get(path).content.decode(), path


def test_a_thai_page_goes_under_the_thai_news(portal, files):
    assert run(news, ["import", str(files / "thai.txt"), "--locale", "th", "--publish"]).exit_code == 0
    assert "โรงเรียน<mark>ริมสะพาน</mark>เปิด" in Client().get("/th/search/", {"q": "ริมสะพาน"}).content.decode()


def test_one_wrong_file_stops_all_with_its_name_and_reason(portal, files):
    before = count()
    done = run(news, ["import", str(files / "school.txt"), str(files / "empty.txt")])
    assert done.exit_code == 2
    assert "empty.txt: the file is empty" in done.output
    assert "Nothing was changed" in done.output
    assert count() == before


def test_a_language_without_news_is_refused(portal, files):
    done = run(news, ["import", str(files / "school.txt"), "--locale", "de"])
    assert done.exit_code == 2


def test_only_an_editor_imports(portal, files, owner):
    from saphan.core import clock
    from saphan.portal.news.importing import article_in
    from saphan.portal.news.services import import_as_draft

    with pytest.raises(Refused):
        import_as_draft(found=article_in(files / "school.txt"), language="en", by=owner, at=clock.now())
