"""Address of the page that lists the feeds, in each language."""

from django.urls import path

from saphan.portal.feeds.views import listing

app_name = "feed_list"
urlpatterns = [path("", listing, name="listing")]
