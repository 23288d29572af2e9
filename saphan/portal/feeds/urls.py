"""Addresses of the feeds. A language stands in the path, so that each feed is one file also on a plain web server."""

from django.urls import path

from saphan.portal.feeds.views import feed

app_name = "feeds"
urlpatterns = [
    path("country/<slug:subject>.<slug:language>.<slug:shape>", feed, {"name": "country"}, name="country_in"),
    path("country/<slug:subject>.<slug:shape>", feed, {"name": "country"}, name="country"),
    path("topic/<slug:subject>.<slug:language>.<slug:shape>", feed, {"name": "topic"}, name="topic_in"),
    path("topic/<slug:subject>.<slug:shape>", feed, {"name": "topic"}, name="topic"),
    path("news.<slug:language>.rss", feed, {"name": "news", "shape": "rss"}, name="news_in"),
    path("<slug:name>.<slug:language>.<slug:shape>", feed, name="feed_in"),
    path("<slug:name>.<slug:shape>", feed, name="feed"),
]
