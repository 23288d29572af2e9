"""What pages tell machines: linked data, Open Graph, permanent links, the map of the site."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from saphan.portal.feeds import sitemap
from saphan.portal.news.models import NewsArticlePage
from saphan.portal.search.models import SearchEntry
from saphan.portal.site.tests.test_feeds import PACT, published

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def reader():
    return Client()


def graph(page):
    """The linked data of a page, by type."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    told = json.loads(block)
    assert told["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in told["@graph"]}


def properties(page):
    return re.findall(r'<meta property="([^"]+)" content="([^"]*)">', page)


def test_an_article_is_described_in_words_of_schema_org(portal, reader):
    things = graph(reader.get(f"/en/news/{PACT}/").content.decode())
    article = things["NewsArticle"]
    assert article["headline"] == "Ministry and IOM sign a pact on care, training and safe return"
    assert (article["datePublished"], article["inLanguage"]) == ("2007-08-08", "en")
    assert article["url"] == f"{settings.SITE_URL}/en/news/{PACT}/"
    assert article["isBasedOn"]["publisher"]["name"] == "The Bangkok Post"
    assert {"Agreements", "Training"} <= {topic["name"] for topic in article["about"]}
    assert article["contentLocation"] == [{"@type": "Country", "name": "Thailand", "identifier": "TH"}]
    trail = [(step["position"], step["item"]) for step in things["BreadcrumbList"]["itemListElement"]]
    assert trail == [(n, settings.SITE_URL + path) for n, path in enumerate(["/en/", "/en/news/", f"/en/news/{PACT}/"], 1)]
    assert things["Organization"]["@id"] == article["publisher"]["@id"] == article["author"]["@id"]
    assert things["WebSite"]["potentialAction"]["target"]["urlTemplate"].endswith("/en/search/?q={search_term_string}")


@pytest.mark.parametrize("path", ["", "news/", "about/", "library/", "contact/"])
@pytest.mark.parametrize("language", ["en", "th"])
def test_every_page_has_its_place_in_the_site(portal, reader, language, path):
    things = graph(reader.get(f"/{language}/{path}").content.decode())
    assert {"Organization", "WebSite"} < set(things)
    assert ("BreadcrumbList" in things) == bool(path)


def test_get_help_now_carries_no_block(portal, reader):
    assert "ld+json" not in reader.get("/en/help/").content.decode()


def test_a_text_cannot_end_its_block(portal, reader):
    article = published("Odd </script><script>alert(1)</script> <!-- & \u2028 title", author="</script>")
    page = reader.get(article.get_url()).content.decode()
    assert "<script>alert" not in page
    assert graph(page)["NewsArticle"]["headline"] == article.title


def test_a_shared_link_shows_title_languages_and_picture(portal, reader):
    drawn = BytesIO()
    Image.new("RGB", (1400, 800), (8, 62, 75)).save(drawn, "PNG")
    picture = get_image_model().objects.create(title="Boat", file=ImageFile(drawn, name="boat.png"))
    article = published("With picture", picture=picture, picture_alt="A boat", picture_rights="Ours", picture_consent="nobody")
    told = properties(reader.get(article.get_url()).content.decode())
    known = dict(told)
    assert known["og:type"] == "article"
    assert known["og:image"].startswith(settings.SITE_URL)
    assert reader.get(known["og:image"].removeprefix(settings.SITE_URL)).status_code == 200
    assert (known["og:image:width"], known["og:image:height"], known["og:image:alt"]) == ("1200", "630", "A boat")
    assert len([name for name, _value in told if name == "og:image"]) == 1
    pact = properties(reader.get(f"/th/news/{PACT}/").content.decode())
    assert ("og:locale", "th_TH") in pact
    assert ("og:locale:alternate", "en_US") in pact
    assert ("article:published_time", "2007-08-08") in pact


def test_a_permanent_link_leads_to_the_page_in_the_readers_language_wherever_it_moved(portal, reader):
    page = reader.get(f"/en/news/{PACT}/").content.decode()
    (link,) = set(re.findall(r'href="' + re.escape(settings.SITE_URL) + r'(/p/[a-z2-7]{16})"', page))
    for language, home in (("th", "th"), ("en-GB", "en"), ("lo", "en"), ("de, th;q=0.4", "th"), ("", "en")):
        answer = reader.get(link, headers={"accept-language": language})
        assert (answer.status_code, answer["Location"]) == (302, f"/{home}/news/{PACT}/")
        assert "Accept-Language" in answer["Vary"]
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
    assert reader.get(link)["Location"] == f"/th/news/{PACT}/"
    assert reader.get(f"{link}.en")["Location"] == f"/en/news/{PACT}/"
    article = NewsArticlePage.objects.get(slug=PACT, locale__language_code="en")
    article.slug = "moved"
    article.save_revision().publish()
    assert reader.get(f"{link}.en")["Location"] == "/en/news/moved/"


@pytest.mark.parametrize("path", ["nothing", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa.en", "%00", "x" * 500])
def test_a_permanent_link_to_nothing_is_404(portal, reader, path):
    assert reader.get(f"/p/{path}").status_code == 404


def test_a_permanent_link_ends_with_its_page(portal, reader):
    article = published("Short life")
    entry = SearchEntry.objects.get(key=f"page:{article.pk}")
    assert reader.get(f"/p/{entry.permanent}").status_code == 302
    article.unpublish()
    assert reader.get(f"/p/{entry.permanent}").status_code == 404


def test_the_map_names_every_public_address_once_with_its_languages(portal, reader):
    index = ElementTree.fromstring(reader.get("/sitemap.xml").content)
    assert [part.text for part in index.iter(f"{MAP}loc")] == [f"{settings.SITE_URL}/sitemap-1.xml"]
    answer = reader.get("/sitemap-1.xml")
    assert answer["Content-Type"].startswith("application/xml")
    pages = {page.findtext(f"{MAP}loc"): page for page in ElementTree.fromstring(answer.content).iter(f"{MAP}url")}
    assert set(pages) == {settings.SITE_URL + url for url in SearchEntry.objects.values_list("url", flat=True)}
    pact = pages[f"{settings.SITE_URL}/th/news/{PACT}/"]
    told = {link.get("hreflang"): link.get("href") for link in pact.iter(LINK)}
    assert told == {code: f"{settings.SITE_URL}/{home}/news/{PACT}/" for code, home in (("en", "en"), ("th", "th"), ("x-default", "en"))}
    assert date.fromisoformat(pact.findtext(f"{MAP}lastmod"))
    assert [reader.get(address.removeprefix(settings.SITE_URL)).status_code for address in list(pages)[::7]].count(200) == len(list(pages)[::7])


def test_a_large_map_is_cut_into_files_that_together_are_whole(portal, reader, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(sitemap, "PART", 7)
    index = ElementTree.fromstring(reader.get("/sitemap.xml").content)
    found = []
    for part in index.iter(f"{MAP}loc"):
        with django_assert_max_num_queries(2):
            answer = reader.get(part.text.removeprefix(settings.SITE_URL))
        for page in ElementTree.fromstring(answer.content).iter(f"{MAP}url"):
            found.append(page.findtext(f"{MAP}loc"))
            if page.findtext(f"{MAP}loc").endswith(f"{PACT}/"):
                assert len(list(page.iter(LINK))) == 3
    assert len(found) == len(set(found)) == SearchEntry.objects.count()
    assert reader.get("/sitemap-999.xml").status_code == 404


def test_robots_are_led_to_the_map_and_kept_from_the_doors_of_staff(reader):
    told = reader.get("/robots.txt").content.decode().splitlines()
    assert [line for line in told if line.startswith("Disallow")] == ["Disallow: /cms/", "Disallow: /desk/", "Disallow: /accounts/"]
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in told
