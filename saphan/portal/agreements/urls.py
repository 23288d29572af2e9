"""Addresses of the public agreements, in each language."""

from django.urls import path

from saphan.portal.agreements import cards, file_views, views

app_name = "public_agreements"
urlpatterns = [
    path("", views.agreements, name="list"),
    path("<uuid:pk>/", views.agreement, name="agreement"),
    path("<uuid:pk>/text/<slug:language>.xml", file_views.as_akoma, name="akoma"),
    path("<uuid:pk>/text.pdf", file_views.as_pdf, name="pdf"),
    path("<uuid:pk>/text.docx", file_views.as_word, name="word"),
    path("<uuid:pk>/scorecards/<str:version>/<str:period>/", cards.scorecard, name="scorecard"),
]
