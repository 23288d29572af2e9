"""The worker's home."""

from django.urls import path

from saphan.desk.views import home

app_name = "desk"
urlpatterns = [path("", home, name="home")]
