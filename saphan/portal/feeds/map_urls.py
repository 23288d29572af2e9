"""Addresses for machines that belong to no language: the map of the site, what robots are told, and permanent links."""

from django.urls import path

from saphan.portal.feeds import sitemap
from saphan.portal.feeds.views import permanent

app_name = "map"
urlpatterns = [
    path("sitemap.xml", sitemap.index, name="index"),
    path("sitemap-<int:number>.xml", sitemap.part, name="part"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("p/<slug:permanent>", permanent, name="permanent"),
    path("p/<slug:permanent>.<slug:language>", permanent, name="permanent_in"),
]
