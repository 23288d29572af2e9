"""Addresses of the public API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail.utils.urlpatterns import decorate_urlpatterns

from saphan.portal.delivery import deliver, tail
from saphan.portal.heads import absolute
from saphan.portal.opendata import problems
from saphan.portal.opendata.api import api

METHODS = "GET, HEAD, OPTIONS"
# Answers narrowed by these alone are stored. What takes words or moments of somebody's own choice has no end, and a question is stored nowhere.
STORED = {"language", "country", "province", "page", "size"}


def public_data(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any page of any site may read this, without credentials; caches may keep it; nothing but reading is done here."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Max-Age": "86400"})
        elif request.method in {"GET", "HEAD"}:
            asked = {name: value for name, value in request.GET.items() if name in STORED}
            request.method, method = "GET", request.method  # a HEAD is answered as the GET it stands for; the server leaves the body away
            response = deliver(request, view(request, *args, **kwargs), query=tail(**asked))
            request.method = method
        else:
            response = problems.not_allowed()
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = METHODS
        response["Access-Control-Allow-Headers"] = "If-None-Match"
        response["Access-Control-Expose-Headers"] = "ETag"
        if response.status_code >= 400:
            response["Content-Language"] = get_language() or "en"
            patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


def root(_request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    names = {"openapi": "openapi.json"} | {name: name for name in ("news", "library", "countries", "provinces", "services", "topics")}
    told = {name: absolute(f"/api/v1/{part}") for name, part in names.items()}
    return JsonResponse({"documentation": absolute("/en/data/"), **told})


patterns, application, namespace = api.urls
everything = [path("", root, name="root"), *patterns, path("<path:rest>", problems.not_found, name="nothing")]
urlpatterns = [path("", include((decorate_urlpatterns(everything, public_data), application), namespace))]
