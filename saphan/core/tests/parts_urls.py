"""Addresses for the tests of the frame: the gallery, one public page and one form, and no room."""

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language

from saphan.core.once import once

acts: list[str] = []


class Note(forms.Form):
    words = forms.CharField()


@once
def write(request: HttpRequest) -> HttpResponse:
    """A page that acts: refuses an empty note, else remembers it and leads on."""
    form = Note(request.POST)
    if not form.is_valid():
        return HttpResponse("again", status=422)
    if form.cleaned_data["words"] == "break":
        raise RuntimeError
    acts.append(form.cleaned_data["words"])
    return HttpResponseRedirect(f"/written/{len(acts)}/")


def public(request: HttpRequest) -> HttpResponse:
    lines = ["Home", "Get help now", "News & Updates", "Library", "Countries", "How You Can Help", "Figures", "About Us"]
    return render(request, "404.html", {"site_menu": [{"label": line, "url": "#", "current": line == "Home"} for line in lines]})


def stop(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html", {"sentence": ""})


urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("parts/", include("saphan.core.urls")),
    path("desk/stop/<str:name>/", stop),
    path("write/", write),
    *i18n_patterns(path("", public), path("stop/<str:name>/", stop)),
]
