"""What prepared devices ask, under /fieldkit/: no session, a token of their own."""

from django.urls import path

from saphan.care.fieldkit import door_views

app_name = "fieldkit_door"
urlpatterns = [
    path("contact/", door_views.contact, name="contact"),
    path("catalogue/", door_views.catalogue, name="catalogue"),
    path("submissions/", door_views.submissions, name="submissions"),
    path("wiped/", door_views.wiped, name="wiped"),
]
