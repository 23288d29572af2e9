"""Permanent addresses of documents and their files. They belong to no language."""

from django.urls import path

from saphan.portal.library.views import document, file

app_name = "library"
urlpatterns = [
    path("<slug:public_id>/", document, name="document"),
    path("<slug:public_id>/<slug:name>.<slug:ending>", file, name="file"),
]
