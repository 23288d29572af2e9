"""Addresses that every surface has."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("accounts/", include("saphan.access.urls")),
    path("doors/", include("saphan.releases.urls")),
    path("parts/", include("saphan.core.urls")),
]
