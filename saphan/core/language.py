"""The language of a page, as Django chooses it, except that a staff page that is absent stays absent."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware

from saphan.core.context import STAFF_PATHS


class LanguageMiddleware(LocaleMiddleware):
    """Django leads an unknown address on to the same one with a language in front; for staff addresses that would hide the 404 (R1)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and request.path_info.startswith(STAFF_PATHS):
            return response
        return super().process_response(request, response)
