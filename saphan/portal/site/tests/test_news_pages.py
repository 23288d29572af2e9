"""The list of news and an article, as readers meet them."""

from datetime import date

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from saphan.directory.models import Province
from saphan.portal.news.models import NewsArticlePage, NewsIndexPage, Topic
from saphan.portal.news.selectors import related_to

pytestmark = pytest.mark.django_db
PACT = "2007-08-08-ministry-and-iom-sign-a-pact"


def pact(language="en"):
    return NewsArticlePage.objects.get(locale__language_code=language, slug=PACT)


def read(path, **asked):
    return Client().get(path, asked).content.decode()


def add(title, *, on, topics=(), countries=(), provinces=()):
    index = NewsIndexPage.objects.get(locale__language_code="en")
    page = NewsArticlePage(title=title, slug=title.lower().replace(" ", "-"), published_on=on, body="<p>Words.</p>", locale=index.locale)
    index.add_child(instance=page)
    page.topics, page.countries, page.provinces = Topic.objects.filter(slug__in=topics, locale=index.locale), list(countries), list(provinces)
    page.save()
    return page


def test_the_archive_counts_years_and_months_and_leads_to_them(portal):
    page = read("/en/news/")
    assert 'href="?year=2007&amp;month=8"' in page
    assert "August" in page
    month = read("/en/news/", year="2007", month="8")
    assert PACT in month
    assert "2004-10-29" not in month
    assert "There is no news here yet" not in read("/en/news/", year="2007", month="13")


def test_the_archive_speaks_the_readers_language_and_era(portal):
    page = read("/th/news/", year="2007")
    assert "สิงหาคม" in page
    assert "2550 (2007)" in page


def test_a_province_narrows_the_list_and_stays_in_the_links(portal):
    place = Province.objects.get(code="TH-57")
    add("News of a province", on=date(2012, 5, 1), countries=["TH"], provinces=[place])
    page = read("/en/news/", province="TH-57")
    assert "News of a province" in page
    assert PACT not in page
    assert "month=5&amp;province=TH-57" in page
    assert "Chiang Rai (Thailand)" in page


def test_what_is_not_among_the_choices_is_left_aside(portal):
    for asked in ({"year": "x"}, {"month": "8"}, {"country": "'"}, {"province": "XX"}, {"topic": "\x00"}, {"page": "-1"}, {"page": "9" * 40}):
        assert PACT in read("/en/news/", **asked), asked


def test_an_article_names_its_author_before_its_source(portal):
    article = pact()
    assert article.search_facets()["author"] == "The Bangkok Post"
    article.author = "Office of the Ministry"
    article.save()
    page = read(f"/en/news/{PACT}/")
    assert "<span>Office of the Ministry</span>" in page
    assert "<cite>The Bangkok Post</cite>" in page
    assert article.search_facets()["author"] == "Office of the Ministry"


def test_beside_an_article_stand_the_newest_others_that_share_topic_or_country(portal, django_assert_num_queries):
    article = pact()
    near = [add(f"Near {n}", on=date(2031, 1, n), topics=["agreements"], countries=["TH"]) for n in range(1, 7)]
    add("Far away", on=date(2032, 1, 1), topics=["shelter"], countries=["VN"])
    with django_assert_num_queries(1):
        found = list(related_to(article))
    assert [page.pk for page in found] == [page.pk for page in reversed(near[-4:])]
    page = read(f"/en/news/{PACT}/")
    assert "Near 6" in page
    assert "Far away" not in page


def test_an_article_without_topic_and_country_has_nothing_beside_it(portal):
    lonely = add("Lonely", on=date(2020, 1, 1))
    assert list(related_to(lonely)) == []
    assert "Related news" not in read("/en/news/lonely/")


def test_an_article_leads_to_itself_in_other_languages(portal):
    page = read(f"/en/news/{PACT}/")
    assert f'<a href="/th/news/{PACT}/" lang="th" hreflang="th">ไทย</a>' in page


def test_a_picture_is_cut_around_its_point_of_interest(portal, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = pact()
    picture = Image.objects.create(
        title="Bridge",
        file=get_test_image_file(size=(1600, 1600)),
        focal_point_x=1500,
        focal_point_y=1500,
        focal_point_width=80,
        focal_point_height=80,
    )
    article.picture, article.picture_alt, article.picture_rights, article.picture_consent = picture, "A bridge", "Ours", "nobody"
    article.save()
    page = read(f"/en/news/{PACT}/")
    assert 'alt="A bridge"' in page
    assert 'property="og:image" content="http' in page
    around = {r.focal_point_key for r in picture.renditions.all()}
    assert around == {picture.get_focal_point().__class__ and picture.renditions.first().focal_point_key}
    assert "" not in around, "renditions that cut know the point of interest"
    first = {r.file.name for r in picture.renditions.all()}
    picture.focal_point_x, picture.focal_point_y = 100, 100
    picture.save()
    read(f"/en/news/{PACT}/")
    assert {r.file.name for r in picture.renditions.all()} != first
    assert "thumb" in read("/en/news/")
