"""The protected surface: the desk."""

from django.urls import include, path
from django.views.generic import RedirectView

from saphan.settings.urls_kernel import urlpatterns as kernel

home = path("desk/", include("saphan.desk.urls"))
desk = [
    path("desk/reports/", include("saphan.care.persons.urls")),
    path("desk/screening/kit/", include("saphan.care.fieldkit.urls")),
    path("fieldkit/", include("saphan.care.fieldkit.door_urls")),
    path("openrosa/", include("saphan.care.fieldkit.openrosa_urls")),
    path("desk/screening/", include("saphan.care.screening.urls")),
    path("desk/cases/", include("saphan.care.cases.urls")),
    path("desk/referrals/", include("saphan.care.referrals.urls")),
    path("desk/agreements/", include("saphan.agreements.following.urls")),
    path("desk/agreements/", include("saphan.agreements.scoring.urls")),
    path("desk/agreements/", include("saphan.agreements.workspace.urls")),
    path("desk/agreements/", include("saphan.agreements.urls")),
]
urlpatterns = [*kernel, home, *desk, path("", RedirectView.as_view(url="/desk/"))]
