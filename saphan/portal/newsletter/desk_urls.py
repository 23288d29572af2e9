"""Addresses of the desk."""

from django.urls import URLPattern

app_name = "newsletter_desk"
urlpatterns: list[URLPattern] = []
