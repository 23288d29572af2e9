"""Drafts as an editor leaves them, for tests."""

from datetime import date

from saphan.portal.news.models import NewsArticlePage, NewsIndexPage


def draft(body="<p>Words.</p>", *, by=None, title="A plain title", language="en", **fields):
    """An article that is not public, with one revision."""
    index = NewsIndexPage.objects.select_related("locale").get(locale__language_code=language)
    page = NewsArticlePage(title=title, published_on=date(2026, 11, 1), body=body, live=False, locale=index.locale, **fields)
    index.add_child(instance=page)
    page.save_revision(user=by)
    return page


def public(*, by=None, publisher=None, **fields):
    """An article that is public, published by a second person."""
    page = draft(by=by, **fields)
    page.get_latest_revision().publish(user=publisher)
    page.refresh_from_db()
    return page
