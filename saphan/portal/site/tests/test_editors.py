import pytest
from django.test import Client
from django.urls import reverse

from saphan.access.models import RoleGrant
from saphan.core import clock
from saphan.core.errors import Refused
from saphan.portal.news.models import NewsArticlePage, NewsIndexPage
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(portal):
    return NewsArticlePage.objects.filter(locale__language_code="en").order_by("pk").first()


def form_of(article, **changes):
    """What the editors' form sends for an article."""
    return {
        "title": article.title, "slug": article.slug, "published_on": "2007-08-08", "introduction": article.introduction, "author": "", "picture_consent": "", "body": '{"blocks": [{"key": "a", "text": "Words", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
        "adapted_from_title": "", "adapted_from_source": "", "adapted_from_url": "", "adapted_from_on": "", "picture": "", "picture_alt": "", "picture_rights": "",
        "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "", **changes,
    }  # fmt: skip


def test_a_stranger_is_sent_to_our_own_sign_in():
    for path in ("/cms/", "/cms/login/", "/cms/pages/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_roles_without_the_editors_system_are_refused(portal, owner, supervisor, administrator):
    for user in (owner, supervisor, administrator):
        assert client_of(user).get("/cms/").status_code == 403


def test_editor_and_publisher_enter_and_only_there_the_strict_policy_is_relaxed(portal, editor, publisher):
    for user in (editor, publisher):
        answer = client_of(user).get("/cms/")
        assert answer.status_code == 200
        assert "'unsafe-inline'" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
    assert "unsafe" not in Client().get("/en/")["Content-Security-Policy"]


def test_a_revoked_role_ends_the_rights_in_the_editors_system_at_once(portal, editor):
    client = client_of(editor)
    assert client.get("/cms/").status_code == 200
    RoleGrant.objects.filter(user=editor).update(revoked_at=clock.now())
    assert client.get("/cms/").status_code == 403


def test_an_editor_drafts_and_cannot_publish(portal, editor, article):
    client = client_of(editor)
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    client.post(address, form_of(article, title="Changed by the editor"))
    article.refresh_from_db()
    assert article.has_unpublished_changes
    client.post(address, form_of(article, title="Changed by the editor", **{"action-publish": "1"}))
    article.refresh_from_db()
    assert article.title != "Changed by the editor"
    with pytest.raises(Refused):
        article.get_latest_revision().publish(user=editor)


def test_a_publisher_cannot_publish_the_own_words_by_any_way(portal, publisher, article):
    client = client_of(publisher)
    before = article.title
    client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), form_of(article, title="My own words", **{"action-publish": "1"}))
    article.refresh_from_db()
    assert article.title == before
    assert article.get_latest_revision().content["title"] == "My own words"
    with pytest.raises(Refused):
        article.get_latest_revision().publish(user=publisher)
    client.post(f"/cms/bulk/wagtailcore/page/publish/?id={article.pk}", {"next": "/cms/"})
    article.refresh_from_db()
    assert article.title == before


def test_saving_an_unchanged_text_does_not_make_a_publisher_its_writer_nor_free_a_writer(portal, editor, publisher, article):
    article.title = "Words of the editor"
    article.save_revision(user=editor)
    article.save_revision(user=publisher).publish(user=publisher)
    article.refresh_from_db()
    assert article.title == "Words of the editor"
    article.title = "Words of the publisher"
    article.save_revision(user=publisher)
    with pytest.raises(Refused):
        article.save_revision(user=editor).publish(user=publisher)


def test_the_publisher_publishes_what_the_editor_submitted(portal, editor, publisher, article):
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    client_of(editor).post(address, form_of(article, title="Submitted words", **{"action-submit": "1"}))
    article.refresh_from_db()
    state = article.current_workflow_task_state
    assert state is not None
    client_of(publisher).post(reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk]), {"next": "/cms/", "comment": ""})
    article.refresh_from_db()
    assert article.title == "Submitted words"
    assert "Submitted words" in Client().get(f"/en/news/{article.slug}/").content.decode()


def test_an_editor_adds_a_page_with_a_picture_only_with_words_and_rights(portal, editor):
    from django.core.exceptions import ValidationError
    from wagtail.images.models import Image
    from wagtail.images.tests.utils import get_test_image_file

    picture = Image.objects.create(title="Bridge", file=get_test_image_file())
    page = NewsArticlePage(title="With picture", slug="p", published_on="2026-01-01", body="<p>x</p>", picture=picture)
    with pytest.raises(ValidationError) as fault:
        page.clean()
    assert set(fault.value.message_dict) == {"picture_alt", "picture_rights"}


def test_pages_stand_only_where_they_belong(portal, editor):
    index = NewsIndexPage.objects.filter(locale__language_code="en").get()
    assert {model.__name__ for model in index.allowed_subpage_models()} == {"NewsArticlePage"}
