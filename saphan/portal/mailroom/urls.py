"""Where a mail provider tells of bounces; without one, or without a secret, there is no such address."""

from django.conf import settings
from django.urls import path

app_name = "mailroom"
urlpatterns = []
if settings.MAIL_PROVIDER and settings.POST_SECRET:
    from saphan.portal.mailroom.views import told_by_provider

    urlpatterns = [path("bounces/<str:secret>/", told_by_provider, name="bounces")]
