"""The two doors, under /doors/."""

from django.urls import path

from saphan.releases import views

app_name = "doors"
urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("reports/", views.sealed_reports, name="reports"),
]
