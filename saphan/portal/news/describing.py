"""An article in words of schema.org, and its picture as it goes along with a shared link."""

from typing import Any

from django.db.models import prefetch_related_objects

from saphan.portal.heads import Picture, Thing, absolute

SHARED = "fill-1200x630|format-jpeg"  # the shape that programs which show links expect


def described(article: Any) -> Thing:
    """The article for search engines and libraries: what, when, by whom, of whom it was adapted, about what and where."""
    prefetch_related_objects([article], "topics", "countries")
    thing: Thing = {
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary(),
        "datePublished": article.published_on,
        "isAccessibleForFree": True,
        "publisher": {"@id": absolute("/#publisher")},
        "author": {"@type": "Organization", "name": article.author} if article.author else {"@id": absolute("/#publisher")},
        "about": [{"@type": "Thing", "name": topic.name} for topic in article.topics.all()],
        "contentLocation": [{"@type": "Country", "name": str(country), "identifier": country.pk} for country in article.countries.all()],
        "isBasedOn": original(article),
        "image": picture.url if (picture := shared_picture(article)) else None,
    }
    return {name: value for name, value in thing.items() if value}


def original(article: Any) -> Thing:
    """What an article was adapted from; empty for a text of our own."""
    if not (article.adapted_from_title or article.adapted_from_source):
        return {}
    told = {
        "@type": "CreativeWork",
        "name": article.adapted_from_title or article.adapted_from_source,
        "url": article.adapted_from_url,
        "datePublished": article.adapted_from_on,
        "publisher": {"@type": "Organization", "name": article.adapted_from_source} if article.adapted_from_source else None,
    }
    return {name: value for name, value in told.items() if value}


def shared_picture(page: Any) -> Picture | None:
    """The page's picture in the shape of shared links; None without one."""
    if page.picture is None:
        return None
    made = page.picture.get_rendition(SHARED)
    return Picture(absolute(made.url), made.width, made.height, page.picture_alt)
