"""The register of agreements, under /desk/agreements/."""

from django.urls import URLPattern

app_name = "agreements"
urlpatterns: list[URLPattern] = []
