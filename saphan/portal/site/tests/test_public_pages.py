import re

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
PACT = "/{}/news/2007-08-08-ministry-and-iom-sign-a-pact/"
PAGES = ["", "help/", "news/", PACT[4:], "how-you-can-help/", "about/", "contact/", "privacy/", "accessibility/", "search/?q=1300"]


@pytest.fixture
def reader():
    return Client()


@pytest.mark.parametrize("language", ["en", "th"])
def test_each_page_is_small_public_and_sets_no_cookie(portal, reader, language):
    for path in PAGES:
        answer = reader.get(f"/{language}/{path.lstrip('/')}")
        assert answer.status_code == 200, path
        assert not answer.cookies, path
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer["Cache-Control"]
        assert "Cookie" not in answer.get("Vary", "")
        assert len(answer.content) < 60_000
        assert f'<html lang="{language}">' in answer.content.decode()


def test_a_reader_who_has_the_page_already_gets_304(portal, reader):
    first = reader.get("/en/about/")
    again = reader.get("/en/about/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_signed_in_reader_gets_nothing_that_a_cache_may_keep(portal, editor):
    from tests.people import client_of

    assert "no-store" in client_of(editor).get("/en/")["Cache-Control"]


@pytest.mark.parametrize(("asked", "home"), [("th,en;q=0.5", "/th/"), ("en-GB", "/en/"), ("de", "/en/"), ("", "/en/")])
def test_the_front_door_follows_the_language_of_the_browser(reader, asked, home):
    answer = reader.get("/", headers={"accept-language": asked})
    assert (answer.status_code, answer["Location"]) == (302, home)
    assert "Accept-Language" in answer["Vary"]


def test_the_home_page_keeps_the_words_of_2007_and_leads_nowhere_dead(portal, reader):
    page = reader.get("/en/").content.decode()
    for words in (
        "A web resource for combating human trafficking",
        "News &amp; Updates",
        "How You Can Help",
        "About Us",
        "Contact Us",
        "Inquiry Corner",
        "Linking Needs with Resources",
        "Monthly newsletter",
        "Search the entire site",
        "RSS",
        "Five areas of work",
    ):
        assert words in page, words
    for address in set(re.findall(r'href="(/[^"#]*)"', page)):
        if not address.startswith("/static/"):
            assert reader.get(address).status_code in (200, 302), address


def test_the_home_page_and_an_article_ask_the_database_little(portal, reader, django_assert_max_num_queries):
    for path, most in (("/en/", 15), (PACT.format("en"), 14), ("/en/news/", 18), ("/en/help/", 12)):
        reader.get(path)
        with django_assert_max_num_queries(most):
            reader.get(path)


def test_an_article_tells_its_date_its_source_and_its_translation(portal, reader):
    page = reader.get(PACT.format("en")).content.decode()
    assert "8 August 2007" in page
    assert "Adapted from:" in page
    assert "“Pact on human trafficking with IOM signed”" in page
    assert "The Bangkok Post" in page
    assert page.count("<li>") >= 5
    assert f'<link rel="canonical" href="{settings.SITE_URL}{PACT.format("en")}">' in page
    for language in ("en", "th"):
        assert f'hreflang="{language}" href="{settings.SITE_URL}{PACT.format(language)}"' in page
    assert 'property="og:title"' in page
    assert "8 สิงหาคม 2550 (2007)" in reader.get(PACT.format("th")).content.decode()


def test_a_page_without_translation_leads_to_the_nearest_one_that_says_so(portal, reader):
    page = reader.get("/en/news/2026-11-02-course-for-hotline-officers/").content.decode()
    assert 'href="/th/news/?untranslated"' in page
    assert 'hreflang="th" href="http' not in page
    told = reader.get("/th/news/?untranslated").context["untranslated"]
    assert told is True


def test_the_list_is_narrowed_by_year_country_and_topic_and_wrong_values_are_left_aside(portal, reader):
    def titles(query):
        return [article.title for article in reader.get(f"/en/news/?{query}").context["listing"]]

    assert len(titles("")) == 6
    assert len(titles("year=2004")) == 1
    assert len(titles("country=LA&year=2007")) == 2
    assert titles("topic=shelter") == ["Transit centre opens its second house for families"]
    assert len(titles("year=x&country=%27&topic=%00&page=999")) == 6


def test_an_invented_item_says_so(portal, reader):
    assert "This item is invented" in reader.get("/en/news/2007-08-02-transit-centre-second-house/").content.decode()
    assert "This item is invented" not in reader.get(PACT.format("en")).content.decode()


def test_get_help_now_is_light_free_of_script_and_guesses_no_number(portal, reader):
    page = reader.get("/en/help/").content.decode()
    assert "<script" not in page
    assert 'href="tel:1300"' in page
    assert "Number to be confirmed" in page
    assert set(re.findall(r"tel:(\d+)", page)) == {"1300"}
    assert "<title>Get help now</title>" in page


def test_the_feed_carries_the_news_with_valid_dates(portal, reader):
    from email.utils import parsedate_to_datetime

    from defusedxml import ElementTree

    feed = reader.get("/feeds/news.rss")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert not feed.cookies
    channel = ElementTree.fromstring(feed.content).find("channel")
    items = {item.findtext("title"): item for item in channel.findall("item")}
    pact = items["Ministry and IOM sign a pact on care, training and safe return"]
    assert pact.findtext("link") == settings.SITE_URL + PACT.format("en")
    assert parsedate_to_datetime(pact.findtext("pubDate")).date().isoformat() == "2007-08-08"
    assert channel.findtext("language") == "en"
    thai = ElementTree.fromstring(reader.get("/feeds/news.rss?lang=th").content).find("channel")
    assert thai.findtext("language") == "th"
    assert reader.get("/feeds/news.th.rss").status_code == 200
    assert reader.get("/feeds/news.xx.rss").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing/",
        "/en/news/nothing/",
        "/en/news/2007-08-08-ministry-and-iom-sign-a-pact/x/",
        "/media/images/../keys/secret_key",
        "/media/images/a.svg",
    ],
)
def test_what_is_not_there_is_404(portal, reader, path):
    assert reader.get(path).status_code == 404
