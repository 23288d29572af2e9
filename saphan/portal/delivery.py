"""How public pages travel: an entity tag, a short life in caches, and no cookie for a reader who is nobody in particular."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control, set_response_etag

SECONDS = 60


def deliver(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Marks an anonymous GET as public and answers 304 when the reader already has it; everything else is not stored."""
    if request.method not in {"GET", "HEAD"} or settings.SESSION_COOKIE_NAME in request.COOKIES:
        add_never_cache_headers(response)
        return response
    if isinstance(response, SimpleTemplateResponse):
        response = response.render()
    if response.status_code != 200:
        return response
    patch_cache_control(response, public=True, max_age=SECONDS)
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response) or response
