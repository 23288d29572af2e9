"""The gallery of parts."""

from django.urls import path

from saphan.core.gallery import gallery

app_name = "parts"
urlpatterns = [path("", gallery, name="gallery")]
