"""Countries, provinces and topics as readers meet them."""

import re

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Locale

from saphan.directory.seeds import load_reference
from saphan.portal.news.models import NewsArticlePage, Topic
from saphan.portal.places.models import CountriesPage, CountryPage, TopicsPage
from saphan.portal.places.selectors import provinces_of, regions_of
from saphan.portal.search.models import SearchEntry
from saphan.portal.search.services import check
from tests.counting import at_most

pytestmark = pytest.mark.django_db
ORDER = ["laws", "agreements", "plans", "hotlines", "services", "news", "documents", "provinces"]
PAGES = [
    "countries/",
    "countries/thailand/",
    "countries/viet-nam/",
    "countries/thailand/chiang-rai/",
    "topics/",
    "topics/agreements/",
    "services/",
    "services/?need=shelter&country=TH&language=th",
]


@pytest.fixture
def thailand(portal):
    return CountryPage.objects.get(country="TH", locale__language_code="en")


def read(path):
    return Client().get(path).content.decode()


def headings(page):
    return re.findall(r'<h2 id="(\w+)"', page)


def linked(page, rel, language=""):
    mark = f'rel="{rel}"' + (f' hreflang="{language}"' if language else "")
    return re.findall(rf'<link {mark} href="([^"]+)"', page)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_small_public_stored_by_any_cache_and_asks_little(portal, path):
    for language in ("en", "th"):
        Client().get(f"/{language}/{path}")
        with at_most(15):
            answer = Client().get(f"/{language}/{path}")
        assert answer.status_code == 200
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
        assert "csrf" not in answer.content.decode()
        assert len(answer.content) < 60_000
        assert answer.content.decode().count("<h1") == 1


def test_a_country_says_everything_in_the_fixed_order(portal):
    assert headings(read("/en/countries/thailand/")) == ORDER
    assert headings(read("/th/countries/thailand/")) == ORDER
    assert headings(read("/en/countries/cambodia/")) == ORDER[:-1]  # no provinces are known


def test_the_hotline_stands_above_everything_and_no_number_is_guessed(portal):
    page = read("/en/countries/thailand/")
    assert page.index('href="tel:1300"') < page.index('id="laws"')
    for country in ("lao-pdr", "cambodia", "myanmar", "viet-nam", "china"):
        page = read(f"/en/countries/{country}/")
        assert "tel:" not in page
        assert "Number to be confirmed" in page
        assert page.index("Whom to call, and what happens next") < page.index('id="laws"')


def test_the_agreements_of_a_country_are_those_it_is_a_party_to(portal):
    pages = {name: read(f"/en/countries/{name}/") for name in ("thailand", "cambodia", "china", "viet-nam")}
    memorandum = "Thailand and Cambodia: memorandum on children and women"
    assert [name for name, page in pages.items() if memorandum in page] == ["thailand", "cambodia"]
    assert all("COMMIT memorandum of understanding" in page for page in pages.values())
    assert [name for name, page in pages.items() if "ASEAN Convention against Trafficking" in page] == ["thailand", "cambodia", "viet-nam"]
    thai = read("/th/countries/thailand/")
    assert "บันทึกความเข้าใจ COMMIT" in thai
    assert "29 ตุลาคม 2547 (2004)" in thai


def test_what_is_not_sourced_in_all_its_parts_says_so(portal):
    page = read("/en/countries/cambodia/")
    entry = re.search(r"<li>\s*<p class=\"name\">Cambodia and Viet Nam: agreement on trafficking.*?</li>", page, re.DOTALL)
    assert entry
    assert "To be confirmed" in entry[0]
    sourced = re.search(r"<li>\s*<p class=\"name\"><a [^>]+>COMMIT memorandum.*?</li>", page, re.DOTALL)
    assert sourced
    assert "To be confirmed" not in sourced[0]
    assert "commit.asia" in sourced[0]


def test_a_language_without_words_of_its_own_marks_the_english_ones(portal):
    page = read("/vi/countries/thailand/")
    assert re.search(r'<p class="name" lang="en">COMMIT memorandum', page)
    assert '<p class="name">COMMIT' not in page
    assert "2008" in page


def test_an_empty_section_says_so(portal, thailand):
    thailand.laws = []
    thailand.save()
    page = read("/en/countries/thailand/")
    assert headings(page) == ORDER
    assert "Nothing is entered here yet." in page


def test_each_of_the_77_provinces_has_one_address_in_its_region(portal):
    load_reference()
    provinces = provinces_of("TH")
    assert len(provinces) == 77
    assert provinces["nan"].pk == "TH-55"
    assert [region.name for region in regions_of("TH")] == ["North", "Northeast", "Central", "East", "West", "South"]
    page = read("/en/countries/thailand/")
    for slug in provinces:
        assert f'href="/en/countries/thailand/{slug}/"' in page
    for slug in ("nan", "bangkok", "phra-nakhon-si-ayutthaya"):
        assert read(f"/en/countries/thailand/{slug}/").count("<h1") == 1


def test_a_province_has_its_own_head_and_languages(portal):
    page = read("/en/countries/thailand/chiang-rai/")
    own = f"{settings.SITE_URL}/en/countries/thailand/chiang-rai/"
    assert linked(page, "canonical") == [own]
    for language in ("en", "th", "vi"):
        assert linked(page, "alternate", language) == [own.replace("/en/", f"/{language}/")]
    assert 'href="/th/countries/thailand/chiang-rai/" lang="th"' in page
    assert "<title>Chiang Rai, Thailand · Saphan</title>" in page
    assert '<meta property="og:title" content="Chiang Rai">' in page
    assert "<h1>เชียงราย</h1>" in read("/th/countries/thailand/chiang-rai/")


def test_a_province_shows_its_news_its_office_and_its_services(portal):
    article = NewsArticlePage.objects.filter(locale__language_code="en").first()
    assert article
    article.provinces = ["TH-57"]
    article.save()
    page = read("/en/countries/thailand/chiang-rai/")
    assert headings(page) == ["office", "hotlines", "services", "news", "documents"]
    assert article.title in page
    assert 'href="/en/news/?province=TH-57"' in page
    assert "Provincial Social Development and Human Security Office, Chiang Rai" in page
    assert "Telephone to be confirmed" in page
    assert "Trauma clinic (demo)" in page


@pytest.mark.parametrize(
    "path",
    [
        "/en/countries/atlantis/",
        "/en/countries/thailand/atlantis/",
        "/en/countries/thailand/chiang-rai/more/",
        "/en/countries/thailand/Chiang-Rai/",
        "/en/countries/cambodia/chiang-rai/",
        "/en/news/chiang-rai/",
        "/en/topics/atlantis/",
        "/en/topics/%27/",
        "/en/services/39697044-3593-4155-92a7-0fbf8ad250d1/",
        "/en/services/x/",
    ],
)
def test_an_unknown_place_is_404(portal, path):
    assert Client().get(path).status_code == 404


def test_a_topic_introduces_itself_and_shows_what_is_about_it(portal):
    page = read("/en/topics/return/")
    assert headings(page) == ["news", "documents", "countries", "feeds"]
    assert "Going home in safety" in page
    assert "Transit centre opens its second house" in page
    assert 'href="/en/countries/thailand/"' in page
    assert 'href="/feeds/topic/return.en.atom"' in page
    assert linked(page, "alternate", "th") == [f"{settings.SITE_URL}/th/topics/return/"]
    assert Client().get("/feeds/topic/return.en.atom").status_code == 200


def test_a_topic_of_one_language_leads_to_the_list_in_the_others(portal):
    Topic.objects.create(slug="only-here", name="Only here", locale=Locale.objects.get(language_code="en"))
    page = read("/en/topics/only-here/")
    assert 'href="/th/topics/?untranslated"' in page
    assert linked(page, "alternate", "th") == []
    assert "There is no news here yet." in page
    assert Client().get("/th/topics/only-here/").status_code == 404


def test_the_search_finds_provinces_and_topics_and_forgets_them_with_their_page(portal, thailand):
    assert "/en/countries/thailand/chiang-rai/" in read("/en/search/?q=Chiang+Rai")
    assert "/th/countries/thailand/chiang-rai/" in read("/th/search/?q=เชียงราย")
    assert "/en/topics/return/" in read("/en/search/?q=reintegration")
    assert check().whole
    thailand.unpublish()
    assert not SearchEntry.objects.filter(key__startswith="place:", language="en").exists()
    assert SearchEntry.objects.filter(key="place:TH-57:th").exists()
    assert Client().get("/en/countries/thailand/chiang-rai/").status_code == 404
    TopicsPage.objects.get(locale__language_code="th").delete()
    assert not SearchEntry.objects.filter(kind="topic", language="th").exists()
    assert check().whole


def test_a_page_that_moves_takes_its_parts_along(portal, thailand, django_capture_on_commit_callbacks):
    thailand.slug = "kingdom-of-thailand"
    thailand.save_revision().publish()
    assert SearchEntry.objects.get(key="place:TH-57:en").url == "/en/countries/kingdom-of-thailand/chiang-rai/"
    above = CountriesPage.objects.get(locale__language_code="en")
    above.slug = "places"
    with django_capture_on_commit_callbacks(execute=True):
        above.save_revision().publish()
    assert SearchEntry.objects.get(key="place:TH-57:en").url == "/en/places/kingdom-of-thailand/chiang-rai/"
    assert Client().get("/en/places/kingdom-of-thailand/chiang-rai/").status_code == 200
    led = Client().get("/en/countries/kingdom-of-thailand/chiang-rai/", follow=True)
    assert led.redirect_chain[-1] == ("/en/places/kingdom-of-thailand/chiang-rai/", 301)
    assert check().whole


def test_a_renamed_topic_is_found_by_its_new_name(portal):
    topic = Topic.objects.get(slug="shelter", locale__language_code="en")
    topic.name = "Safe houses"
    topic.save()
    assert SearchEntry.objects.get(key=f"topic:{topic.pk}").title == "Safe houses"
    topic.delete()
    assert not SearchEntry.objects.filter(key=f"topic:{topic.pk}").exists()


def test_a_country_has_one_page_in_each_language(portal, thailand):
    from django.core.exceptions import ValidationError

    again = CountryPage(title="Thailand again", slug="again", country=thailand.country, locale=thailand.locale)
    with pytest.raises(ValidationError, match="a page in this language already"):
        again.clean()


def test_an_entry_leads_to_its_text_in_the_library(portal):
    page = read("/en/countries/lao-pdr/")
    assert re.search(r'<p class="name"><a href="/en/library/commit-memorandum/">COMMIT memorandum', page)
    assert re.search(r'<p class="name"><a href="/en/library/thai-anti-trafficking-in-persons-act/">', read("/en/countries/thailand/"))
