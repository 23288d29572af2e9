"""Public addresses of the newsletter."""

from django.urls import path

from saphan.portal.newsletter import archive_views, views

app_name = "newsletter"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("archive/", archive_views.archive, name="archive"),
    path("archive/<str:month>/", archive_views.issue, name="issue"),
    path("archive/<str:month>/<slug:country>/", archive_views.issue, name="issue_of"),
    path("asked/", views.asked, name="asked"),
    path("own/", views.ask_for_own, name="ask_for_own"),
    path("own/<str:token>/", views.own, name="own"),
    path("own/<str:token>/data/", views.own_data, name="own_data"),
    path("confirmed/", views.confirmed, name="confirmed"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("leave/<str:token>/", views.leave, name="leave"),
]
