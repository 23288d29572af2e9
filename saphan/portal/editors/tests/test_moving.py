"""A page that moves or changes its address takes its readers along, in every language, with all pages below it."""

import pytest
from django.test import Client

from saphan.portal.editors.tests.writing import public
from saphan.portal.news.models import NewsArticlePage, NewsIndexPage
from saphan.portal.site.models import StandardPage

pytestmark = pytest.mark.django_db


def followed(path):
    answer = Client().get(path)
    return answer.status_code, answer.get("Location")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rename(page, slug, by, publisher):
    page.slug = slug
    page.save_revision(user=by).publish(user=publisher)


def test_a_new_address_leaves_a_sign_at_the_old_one(portal, editor, publisher, committed):
    page = public(by=editor, publisher=publisher, title="Old name")
    with committed():
        rename(page, "new-name", editor, publisher)
    assert followed("/en/news/old-name/") == (301, "/en/news/new-name/")
    assert followed("/en/news/old-name/?page=2")[0] == 301
    assert Client().get("/en/news/new-name/").status_code == 200
    assert not Client().get("/en/news/old-name/").cookies


def test_twice_renamed_the_first_address_leads_to_the_last_in_one_step(portal, editor, publisher, committed):
    page = public(by=editor, publisher=publisher, title="First")
    for slug in ("second", "third"):
        with committed():
            rename(NewsArticlePage.objects.get(pk=page.pk), slug, editor, publisher)
    assert followed("/en/news/first/") == (301, "/en/news/third/")
    with committed():
        rename(NewsArticlePage.objects.get(pk=page.pk), "first", editor, publisher)
    assert Client().get("/en/news/first/").status_code == 200
    assert followed("/en/news/third/") == (301, "/en/news/first/")


@pytest.mark.parametrize("language", ["en", "th", "lo", "km", "my", "vi"])
def test_pages_below_a_renamed_one_are_found_too_in_each_language(portal, editor, publisher, committed, language):
    index = NewsIndexPage.objects.get(locale__language_code=language)
    old = index.get_url()
    public(by=editor, publisher=publisher, title="Below", language=language)
    with committed():
        rename(index, "dispatches", editor, publisher)
    assert followed(old) == (301, f"/{language}/dispatches/")
    assert followed(f"{old}below/") == (301, f"/{language}/dispatches/below/")


def test_a_page_moved_under_another_is_found_with_its_children(portal, editor, publisher, committed):
    about, contact = (StandardPage.objects.get(locale__language_code="en", slug=slug) for slug in ("about", "contact"))
    child = StandardPage(title="Our house", slug="house", body="<p>x</p>", locale=about.locale)
    about.add_child(instance=child)
    child.save_revision(user=editor).publish(user=publisher)
    with committed():
        about.move(contact, pos="last-child")
    assert followed("/en/about/") == (301, "/en/contact/about/")
    assert followed("/en/about/house/") == (301, "/en/contact/about/house/")
    assert Client().get("/en/contact/about/house/").status_code == 200
