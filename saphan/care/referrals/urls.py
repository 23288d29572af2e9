"""Referrals, under /desk/referrals/."""

from django.urls import path

from saphan.care.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.list_referrals, name="list"),
    path("case/<uuid:case_id>/", views.of_case, name="of_case"),
    path("new/<uuid:case_id>/", views.compose, name="compose"),
    path("<uuid:referral_id>/", views.detail, name="detail"),
    path("<uuid:referral_id>/print/", views.print_referral, name="print"),
    path("<uuid:referral_id>/note/", views.read_note, name="note"),
    path("<uuid:referral_id>/send/", views.send, name="send"),
    path("<uuid:referral_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<uuid:referral_id>/accept/", views.accept, name="accept"),
    path("<uuid:referral_id>/decline/", views.decline, name="decline"),
    path("<uuid:referral_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:referral_id>/start/", views.start, name="start"),
    path("<uuid:referral_id>/complete/", views.complete, name="complete"),
    path("<uuid:referral_id>/feedback/", views.close_feedback, name="feedback"),
]
