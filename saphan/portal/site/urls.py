"""Addresses of the portal that belong to no language."""

from django.urls import path

from saphan.portal.site.views import front_door, picture

app_name = "site"
urlpatterns = [
    path("", front_door, name="front_door"),
    path("media/images/<path:path>", picture, name="picture"),
]
