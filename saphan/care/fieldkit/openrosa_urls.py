"""What ODK Collect asks, under /openrosa/."""

from django.urls import path

from saphan.care.fieldkit import openrosa_views

app_name = "openrosa"
urlpatterns = [
    path("formList", openrosa_views.form_list, name="form_list"),
    path("forms/<uuid:version_id>", openrosa_views.form, name="form"),
    path("forms/<uuid:version_id>/manifest", openrosa_views.manifest, name="manifest"),
    path("submission", openrosa_views.submission, name="submission"),
]
