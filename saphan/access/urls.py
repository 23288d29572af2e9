"""Addresses of sign-in, of one's own account, of people and of organisations. Mounted at /accounts/."""

from allauth.account import views as account
from django.urls import include, path, re_path

from saphan.access import audit_views, directory_views, network_views, own_views, people_views

own = [
    path("", own_views.own, name="own"),
    path("sign-out-elsewhere/", own_views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("resume/", own_views.resume, name="resume"),
    path("resume/discard/", own_views.discard, name="discard"),
    path("join/<str:token>/", own_views.join, name="join"),
]
people = [
    path("people/", people_views.people, name="people"),
    path("people/<uuid:pk>/", people_views.account, name="account"),
    path("people/<uuid:pk>/grant/", people_views.grant, name="grant"),
    path("people/<uuid:pk>/revoke/<uuid:grant_pk>/", people_views.revoke, name="revoke"),
    path("people/<uuid:pk>/office/", people_views.place, name="place"),
    path("people/<uuid:pk>/close/", people_views.deactivate, name="deactivate"),
    path("people/<uuid:pk>/open/", people_views.reactivate, name="reactivate"),
    path("invitations/", people_views.invitations, name="invitations"),
    path("invitations/new/", people_views.invite, name="invite"),
    path("invitations/<uuid:pk>/withdraw/", people_views.withdraw, name="withdraw"),
]
network = [
    path("organisations/", network_views.organisations, name="organisations"),
    path("organisations/new/", network_views.propose, name="propose"),
    path("organisations/<uuid:pk>/", network_views.organisation, name="organisation"),
    path("organisations/<uuid:pk>/approve/", network_views.approve, name="approve"),
    path("organisations/<uuid:pk>/reject/", network_views.reject, name="reject"),
    path("organisations/<uuid:pk>/suspend/", network_views.suspend, name="suspend"),
    path("organisations/<uuid:pk>/propose-again/", network_views.propose_again, name="propose_again"),
    path("directory/", network_views.directory, name="directory"),
    path("directory/services/", directory_views.services, name="services"),
    path("directory/services/new/", directory_views.add_service, name="add_service"),
    path("directory/services/<uuid:pk>/", directory_views.service, name="service"),
    path("directory/services/<uuid:pk>/edit/", directory_views.edit_service, name="edit_service"),
    path("directory/services/<uuid:pk>/verify/", directory_views.verify, name="verify_service"),
    path("directory/services/<uuid:pk>/places/", directory_views.places, name="places"),
    path("directory/services/<uuid:pk>/end/", directory_views.end_service, name="end_service"),
    path("directory/services/<uuid:pk>/put-back/", directory_views.restore_service, name="restore_service"),
    path("directory/offices/", directory_views.offices, name="offices"),
    path("directory/offices/new/", directory_views.add_office, name="add_office"),
    path("directory/offices/<uuid:pk>/", directory_views.edit_office, name="edit_office"),
    path("audit/", audit_views.audit, name="audit"),
    path("audit/export/", audit_views.export, name="audit_export"),
]
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
urlpatterns = [
    *sign_in,
    path("second-step/authenticate/", own_views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("second-step/", include("allauth.mfa.urls")),
    path("", include(([*own, *people, *network], "access"))),
]
