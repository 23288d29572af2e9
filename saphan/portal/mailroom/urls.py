"""Where providers tell of bounces."""

from django.urls import URLPattern

app_name = "mailroom"
urlpatterns: list[URLPattern] = []
