"""The language of a page, as Django chooses it, except that staff pages speak fewer languages and that an absent one stays absent."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from saphan.core.context import STAFF_PATHS

MACHINE_PATHS = (
    "/api/",
    "/feeds/",
    "/p/",
    "/sitemap",
    "/fieldkit/",
    "/openrosa/",
)  # addresses of no language: what is not there is not looked for in one


class LanguageMiddleware(LocaleMiddleware):
    """The desk and the editors' system speak English and Thai; the public pages all six.

    Django leads an unknown address on to the same one with a language in front; for staff addresses that would hide the 404 (R1).
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path_info.startswith(STAFF_PATHS) and translation.get_language() not in dict(settings.STAFF_LANGUAGES):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and request.path_info.startswith((*STAFF_PATHS, *MACHINE_PATHS)):
            return response
        return super().process_response(request, response)
