"""Addresses of the desk."""

from django.urls import URLPattern

app_name = "inquiries_desk"
urlpatterns: list[URLPattern] = []
