"""Where a mail provider tells of bounces; there is no such address without one."""

from django.conf import settings
from django.urls import include, path

app_name = "mailroom"
urlpatterns = [path("provider/", include("anymail.urls"))] if settings.MAIL_PROVIDER else []
