"""The field kit, under /desk/screening/kit/."""

from django.urls import path

from saphan.care.fieldkit import photo_views, views, visit_views

app_name = "fieldkit"
urlpatterns = [
    path("", views.kit, name="kit"),
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("words/<slug:language>/", views.words, name="words"),
    path("prepare/", views.prepare, name="prepare"),
    path("devices/", views.list_devices, name="devices"),
    path("devices/connect/", views.connect, name="connect"),
    path("devices/<uuid:device_id>/expire/", views.expire, name="expire"),
    path("devices/<uuid:device_id>/revoke/", views.revoke, name="revoke"),
    path("bring-in/", views.bring_in, name="bring_in"),
    path("photos/<uuid:interview_id>/<uuid:enclosure_id>/", photo_views.open_photo, name="photo"),
    path("visits/", visit_views.list_visits, name="visits"),
    path("visits/new/", visit_views.new_visit, name="new_visit"),
    path("visits/<uuid:visit_id>/", visit_views.visit, name="visit"),
    path("visits/<uuid:visit_id>/correct/", visit_views.correct_visit, name="correct_visit"),
    path("visits/<uuid:visit_id>/add/", visit_views.add_person, name="add_person"),
    path("visits/<uuid:visit_id>/print/", visit_views.print_visit, name="print_visit"),
]
