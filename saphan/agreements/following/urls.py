"""How subjects follow their procedures, under /desk/agreements/."""

from django.urls import path

from saphan.agreements.following import views

app_name = "following"
urlpatterns = [
    path("procedures/<uuid:binding_id>/", views.procedure, name="procedure"),
    path("procedures/<uuid:binding_id>/depart/", views.depart, name="depart"),
    path("procedures/<uuid:binding_id>/version/", views.ask_rebinding, name="ask_rebinding"),
    path("departures/<uuid:departure_id>/told/", views.tell, name="tell"),
    path("departures/<uuid:departure_id>/reason/", views.read_reason, name="read_reason"),
    path("findings/<uuid:finding_id>/depart/", views.explain_finding, name="explain_finding"),
    path("findings/<uuid:finding_id>/close/", views.close_finding, name="close_finding"),
    path("rebindings/<uuid:rebinding_id>/", views.answer_rebinding, name="answer_rebinding"),
    path("promises/", views.promises, name="promises"),
    path("drift/", views.drift, name="drift"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<uuid:day_id>/take-back/", views.take_back_day, name="take_back_day"),
]
