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


LIST = "file,title,date,source,url,author,topic,country,province,language\n"


def listed(files, *rows, head=LIST):
    path = files / "list.csv"
    path.write_text(head + "\n".join(rows), encoding="utf-8-sig")
    return str(path)


def test_a_folder_is_read_to_its_bottom_and_what_a_browser_saved_beside_the_pages_is_left_aside(portal, files):
    (files / "empty.txt").unlink()
    deep = files / "2015" / "05"
    deep.mkdir(parents=True)
    (files / "ferry.html").rename(deep / "ferry.html")
    (deep / "ferry_files").mkdir()
    (deep / "ferry_files" / "frame.html").write_text("<p>advertisement</p>")
    (files / "logo.png").write_bytes(b"\x89PNG")
    (files / "thai.txt").unlink()
    done = run(news, ["import", str(files)])
    assert done.exit_code == 0, done.output
    assert "2 entered as a draft; 2 other files left aside" in done.output
    assert "2 in place since an earlier import" in run(news, ["import", str(files)]).output


def test_a_list_says_more_than_the_pages_and_wins_over_them(portal, files):
    row = "school.txt,A school of our own,12/3/2555,The Delta Times,https://delta.example/2012/school,Office of the Ministry,agreements; care,TH;Lao PDR,TH-57,en"
    rows = json.loads(run(news, ["import", listed(files, row, "thai.txt,,,,,,,,,th"), "--json"]).output)
    assert [(r["language"], r["outcome"]) for r in rows] == [("en", "entered as a draft"), ("th", "entered as a draft")]
    article = NewsArticlePage.objects.get(title="A school of our own").get_latest_revision_as_object()
    assert article.published_on.isoformat() == "2012-03-12"
    assert (article.author, article.adapted_from_source, article.adapted_from_url) == (
        "Office of the Ministry",
        "The Delta Times",
        "https://delta.example/2012/school",
    )
    assert {t.slug for t in article.topics.all()} == {"agreements", "care"}
    assert {c.pk for c in article.countries.all()} == {"TH", "LA"}
    assert [p.pk for p in article.provinces.all()] == ["TH-57"]


def test_a_title_mended_in_the_list_makes_no_double(portal, files):
    (files / "long.txt").write_text(
        "A long report\n\n12 March 2012\n\n" + "The crews of the river have much to tell about their work. " * 6, encoding="utf-8"
    )
    run(news, ["import", listed(files, "long.txt,First title,,,,,,,,")])
    before = count()
    assert "in place since an earlier import" in run(news, ["import", listed(files, "long.txt,Better title,2012-03-13,,,,,,,")]).output
    assert count() == before


def test_each_wrong_cell_is_named_by_row_and_column_and_nothing_changes(portal, files):
    before = count()
    rows = [
        "school.txt,,31/02/2012,,,,,,,", "ferry.html,,,,ftp://x,,no-topic,XX,Atlantis,de", "lost.html,,,,,,,,,", ",A title,,,,,,,,", f"ferry.html,{'x' * 251},,,,,,,,",
    ]  # fmt: skip
    done = run(news, ["import", listed(files, *rows)])
    assert done.exit_code == 2
    for place in (
        "row 2, column date: There is no such day",
        "row 3, column url",
        "row 3, column topic: is not known: no-topic",
        "row 3, column country",
        "row 3, column province: is not known: Atlantis",
        "row 3, column language",
        "row 4, column file: there is no file lost.html",
        "row 5, column file: names no file",
        "row 6, column title",
    ):
        assert place in " ".join(done.output.split()), place
    assert "Nothing was changed" in done.output
    assert count() == before


@pytest.mark.parametrize(("text", "word"), [
    ("file,colour\nschool.txt,red\n", "'colour'"), ("title\nx\n", "names no column “file”"), ("", "names no column"),
    ("file,title\nschool.txt,a,b\n", "is no row of a table"), ('file,title\nschool.txt,"open\n', "is no row of a table"),
])  # fmt: skip
def test_a_list_that_is_no_list_is_refused_with_the_reason(portal, files, text, word):
    (files / "list.csv").write_text(text)
    done = run(news, ["import", str(files / "list.csv")])
    assert done.exit_code == 2
    assert word in done.output


def test_a_list_in_another_encoding_and_an_empty_folder_are_refused(portal, files, tmp_path):
    (files / "list.csv").write_bytes("file,title\nschool.txt,caf\xe9\n".encode("latin-1"))
    assert "UTF-8" in run(news, ["import", str(files / "list.csv")]).output
    (tmp_path / "none").mkdir()
    assert "holds no saved page" in run(news, ["import", str(tmp_path / "none")]).output


def test_a_file_twice_in_a_list_is_told(portal, files):
    assert "in the list twice" in run(news, ["import", listed(files, "school.txt,A,,,,,,,,", "school.txt,B,,,,,,,,")]).output


def test_a_dry_run_of_everything_leaves_no_trace(portal, files):
    from saphan.portal.news.models import ImportedSource

    (files / "empty.txt").unlink()
    done = run(news, ["import", str(files / "school.txt"), listed(files, "ferry.html,,,,,,,,,"), "--dry-run", "--publish"])
    assert done.exit_code == 0, done.output
    assert "2 would be published" in done.output
    assert not ImportedSource.objects.exists()
    assert not NewsArticlePage.objects.filter(title="Ferry crews learn to ask").exists()


def test_what_the_check_stops_is_left_as_a_draft_and_said(portal, files):
    (files / "named.txt").write_text(
        "Rescue on the river\n\n12 March 2012\n\nA 17-year-old N. was found by the crew on the boat that night.\n", encoding="utf-8"
    )
    told = run(news, ["import", str(files / "named.txt"), str(files / "ferry.html"), "--publish", "--dry-run"]).output
    assert "1 would be left as a draft" in told
    done = run(news, ["import", str(files / "named.txt"), str(files / "ferry.html"), "--publish"])
    assert "1 left as a draft: the check before publication stopped it; 1 published" in done.output
    assert not NewsArticlePage.objects.get(title="Rescue on the river").live
    assert NewsArticlePage.objects.get(title="Ferry crews learn to ask").live
