"""Addresses of the editors' own screens, below the editors' system."""

from django.urls import path

from saphan.portal.editors import views

app_name = "editors"
urlpatterns = [
    path("check/<int:page_id>/", views.check, name="check"),
    path("translations/", views.board, name="board"),
    path("translations/strings/<slug:language>/", views.strings, name="strings"),
    path("translations/<int:page_id>/", views.translation, name="translation"),
    path("translations/<int:page_id>/begin/", views.begin, name="begin"),
    path("links/", views.links, name="links"),
]
