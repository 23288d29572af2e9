"""Addresses of the search."""

from django.urls import path

from saphan.portal.search.views import search

app_name = "search"
urlpatterns = [path("", search, name="search")]
