"""Addresses of sign-in, of one's own account, of people and of organisations. Mounted at /accounts/."""

from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("second-step/", include("allauth.mfa.urls")),
]
