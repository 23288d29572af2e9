"""Addresses of the feeds."""

from django.urls import path

from saphan.portal.news.feeds import NewsFeed

app_name = "feeds"
urlpatterns = [
    path("news.rss", NewsFeed(), name="news"),
    path("news.<slug:language>.rss", NewsFeed(), name="news_in"),
]
