"""Addresses of the public service directory, in each language."""

from django.urls import path

from saphan.portal.places import views

app_name = "services"
urlpatterns = [
    path("", views.services, name="list"),
    path("<uuid:pk>/", views.service, name="service"),
]
