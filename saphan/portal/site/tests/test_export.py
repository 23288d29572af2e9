"""A copy of the whole site: every link inside leads to a file, nothing needs a server, and an earlier copy is replaced whole."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from saphan.core.errors import Invalid
from saphan.portal.site import export_crawl, export_pages
from saphan.portal.site.commands import site
from saphan.portal.site.export import MARK, write_site
from saphan.portal.site.export_names import file_of, link

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PACT = "news/2007-08-08-ministry-and-iom-sign-a-pact"


@pytest.fixture(scope="module")
def copied(planted, django_db_blocker, tmp_path_factory):
    """One copy for all tests of this module: English and Thai whole, of the others home and search; the journey copies everything."""
    folder, usual = tmp_path_factory.mktemp("copy") / "site", export_crawl.is_left_out
    beside = re.compile(r"/(?:lo|km|my|vi)/(?!search/$).+|/feeds/(?!news)|/th/.*\?")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        for module in (export_crawl, export_pages):
            patch.setattr(module, "is_left_out", lambda address: usual(address) or bool(beside.match(address)))
        starts = export_crawl.beginnings()
        patch.setattr(export_crawl, "beginnings", lambda: [address for address in starts if not beside.match(address)])
        return folder, write_site(folder)


@pytest.fixture
def folder(copied):
    return copied[0]


@pytest.fixture
def report(copied):
    return copied[1]


def links_in(page: Path):
    """What a page of the copy leads to or needs, without addresses outside."""
    read = BeautifulSoup(page.read_text(), "html.parser")
    for element in read.find_all(["a", "link", "img", "script", "form", "source"]):
        written = str(element.get("href") or element.get("src") or element.get("action") or "")
        if written and not re.match(r"(?:[a-z]+:|#)", written):
            yield element.name, written


def test_every_link_of_every_page_leads_to_a_file(folder, report):
    lost = []
    for page in folder.rglob("*.html"):
        for name, written in links_in(page):
            path = unquote(written.partition("#")[0].partition("?")[0])
            if path.startswith("/") or not (page.parent / path).resolve().is_file():
                lost.append((page.relative_to(folder).as_posix(), name, written))
    assert lost == []
    assert report.broken == {}


def test_every_findable_thing_lies_in_it(folder, report):
    from saphan.portal.search.models import SearchEntry

    assert report.findable["en"] + report.findable["th"] == SearchEntry.objects.filter(language__in=["en", "th"]).count()
    assert (folder / f"en/{PACT}/index.html").is_file()
    assert (folder / f"th/{PACT}/index.html").is_file()
    assert (folder / "en/help/index.html").is_file()
    assert (folder / "index.html").read_text().count('class="card"') >= 2


def test_no_page_asks_anything_of_anybody_else(folder):
    needed = re.compile(r'<(?:link[^>]+rel="(?:stylesheet|icon)"[^>]+href|script[^>]+src|img[^>]+src|use[^>]+href)="([^"]+)"')
    for page in folder.rglob("*.html"):
        assert [one for one in needed.findall(page.read_text()) if "//" in one or one.startswith("/")] == [], page


def test_no_form_waits_for_a_server_and_filters_become_links(folder):
    for page in folder.rglob("*.html"):
        for form in BeautifulSoup(page.read_text(), "html.parser").find_all("form"):
            assert form.get("role") == "search", page
            assert form["action"].endswith("search/index.html") or form["action"] == "index.html", page
    news = (folder / "en/news/index.html").read_text()
    assert '<nav aria-label="Narrow the list" class="choices grid">' in news
    assert (folder / "en/news/_year-2004/index.html").is_file()


def test_every_page_says_that_it_is_a_copy_and_of_when(folder):
    for page in [*folder.glob("en/**/*.html"), folder / "index.html"]:
        assert "This is a copy of the site, made on" in page.read_text(), page
    assert "csrfmiddlewaretoken" not in "".join(p.read_text() for p in folder.rglob("*.html"))


def test_symbols_stand_in_the_page_itself(folder):
    page = (folder / "en/about/index.html").read_text()
    used = set(re.findall(r'<use href="#([^"]+)"', page))
    assert used
    assert all(f'<symbol id="{name}"' in page for name in used)


def test_the_search_lies_beside_it_with_a_list_for_readers_without_script(folder):
    page = (folder / "th/search/index.html").read_text()
    listed = BeautifulSoup(page, "html.parser").select("section a[href]")
    assert any(PACT in link["href"] for link in listed)
    assert 'src="../../search/copy-search.js"' in page
    index = "".join(path.read_text() for path in folder.glob("search/th-*.js"))
    assert "copySearch.take" in index
    assert "ข้อตกลง" in index or "ความ" in index


def test_open_data_lie_beside_it(folder, report):
    assert report.data
    assert any((folder / "data").iterdir())


@pytest.fixture
def few(monkeypatch):
    """A crawl of three pages instead of hundreds."""
    wanted = ("/static/", "/en/about/", "/en/never-there/", f"/en/{PACT}/", "/feeds/news.en.rss")
    usual = export_crawl.is_left_out
    for module in (export_crawl, export_pages):
        monkeypatch.setattr(module, "is_left_out", lambda address: usual(address) or not address.startswith(wanted))
    monkeypatch.setattr(export_crawl, "beginnings", lambda: ["/en/about/", f"/en/{PACT}/"])


def test_an_earlier_copy_is_replaced_and_anything_else_is_left_alone(portal, few, tmp_path):
    foreign = tmp_path / "letters"
    foreign.mkdir()
    (foreign / "mother.txt").write_text("dear")
    with pytest.raises(Invalid):
        write_site(foreign)
    assert (foreign / "mother.txt").read_text() == "dear"
    earlier = tmp_path / "copy"
    earlier.mkdir()
    (earlier / MARK).write_text("{}")
    (earlier / "old.html").write_text("old")
    write_site(earlier, "https://library.example/anti")
    assert not (earlier / "old.html").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == ["copy"]
    page = (earlier / f"en/{PACT}/index.html").read_text()
    assert f'<link href="https://library.example/anti/en/{PACT}/" rel="canonical">' in page
    feed = next(earlier.glob("feeds/news.en.rss")).read_text()
    assert f"https://library.example/anti/en/{PACT}/" in feed


def test_the_command_tells_what_it_wrote_and_fails_on_links_that_lead_nowhere(portal, few, tmp_path):
    from wagtail.models import Page

    about = Page.objects.get(slug="about", locale__language_code="en").specific
    about.body = '<p><a href="/en/never-there/">gone</a></p>'
    about.save()
    done = CliRunner().invoke(site, ["export", str(tmp_path / "copy"), "--json"])
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert done.exit_code == 1
    assert told["broken"] == {"/en/never-there/": "/en/about/"}
    assert "gone" in (tmp_path / "copy/en/about/index.html").read_text()
    assert "never-there" not in (tmp_path / "copy/en/about/index.html").read_text()
    assert CliRunner().invoke(site, ["export", str(tmp_path)]).exit_code == 2


def test_a_site_that_fails_replaces_no_earlier_copy(portal, few, tmp_path, monkeypatch):
    write_site(tmp_path / "copy")
    monkeypatch.setattr("saphan.portal.site.models.StandardPage.template", "no/such.html")
    with pytest.raises(Invalid):
        write_site(tmp_path / "copy")
    assert (tmp_path / "copy/en/about/index.html").is_file()
    assert CliRunner().invoke(site, ["export", str(tmp_path / "copy")]).exit_code == 2


@pytest.mark.parametrize(
    ("address", "kind", "name"),
    [
        ("/en/news/", "text/html; charset=utf-8", "en/news/index.html"),
        ("/en/news/?page=2&topic=x", "text/html", "en/news/_page-2_topic-x/index.html"),
        ("/feeds/news.rss", "application/rss+xml", "feeds/news.rss"),
        ("/feeds/news.rss?lang=th", "application/rss+xml", "feeds/news.rss/_lang-th.rss"),
        ("/library/abc/leaflet.pdf", "application/pdf", "library/abc/leaflet.pdf"),
        ("/", "text/html", "index.html"),
        ("/th/ข่าว/", "text/html", "th/ข่าว/index.html"),
    ],
)
def test_a_file_has_the_name_of_its_address(address, kind, name):
    assert file_of(address, kind) == name


def test_names_that_file_systems_refuse_are_changed_and_stay_apart():
    names = {file_of(f"/en/{part}/", "text/html") for part in ("a%3Ab", "a%3Fb", "a-b", "%2E%2E", "x" * 300, "x" * 301)}
    assert len(names) == 6
    assert all(len(part.encode()) < 130 and ".." not in part for name in names for part in name.split("/"))


def test_a_link_is_relative_and_quoted():
    assert link("en/news/index.html", "th/ข่าว/index.html") == "../../th/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/index.html"
    assert link("index.html", "en/index.html") == "en/index.html"
