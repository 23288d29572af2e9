"""Addresses of the public agreements, in each language."""

from django.urls import path

from saphan.portal.agreements import cards, views

app_name = "public_agreements"
urlpatterns = [
    path("", views.agreements, name="list"),
    path("<uuid:pk>/", views.agreement, name="agreement"),
    path("<uuid:pk>/scorecards/<str:version>/<str:period>/", cards.scorecard, name="scorecard"),
]
