"""Addresses of sign-in, of one's own account, of people and of organisations. Mounted at /accounts/."""

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

app = "access"


def _later(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


own = [path("resume/", _later, name="resume")]
sign_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, name="account_reset_password_from_key"),
]
urlpatterns = [*sign_in, path("second-step/", include("allauth.mfa.urls")), path("", include((own, "access")))]
