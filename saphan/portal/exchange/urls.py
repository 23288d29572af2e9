"""Public addresses, in each language under needs/."""

from django.urls import path

from saphan.portal.exchange import following, offering, views

app_name = "exchange"
urlpatterns = [
    path("", views.list_needs, name="list"),
    path("iati.xml", views.iati_activities, name="iati"),
    path("offer/", offering.offer, name="offer"),
    path("offer/sent/", offering.asked, name="asked"),
    path("offer/erased/", following.erased, name="erased"),
    path("own/", following.ask_for_links, name="own"),
    path("own/asked/", following.links_asked, name="own_asked"),
    path("address/<str:token>/", following.address, name="address"),
    path("confirm/<str:token>/", offering.confirm, name="confirm"),
    path("follow/<str:token>/", following.follow, name="follow"),
    path("thanks/", views.thanks, name="thanks"),
    path("campaigns/<slug:reference>/", views.campaign, name="campaign"),
    path("<slug:reference>/", views.need, name="need"),
]
