"""How subjects follow their procedures, under /desk/agreements/."""

from django.urls import URLPattern

app_name = "following"
urlpatterns: list[URLPattern] = []
