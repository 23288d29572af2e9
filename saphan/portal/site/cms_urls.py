"""The editors' system at /cms/: Wagtail's screens behind the house's own door, sign-in and second step."""

from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin import urls as wagtail_screens
from wagtail.utils.urlpatterns import decorate_urlpatterns

from saphan.access.actions import Action
from saphan.access.guard import page_for
from saphan.portal.pages import StopsPublication
from saphan.portal.site.services import sync_editor_groups

# Wagtail's screens carry inline scripts and styles without nonces, build code from strings in two of their parts, show previews
# in a frame of the same site and pictures before they are sent. Only the few signed-in editors get this; all else stays strict.
RELAXED: dict[str, list[Any]] = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "worker-src": [SELF, "blob:"],
    "form-action": [SELF],
    "base-uri": [NONE],
}


def for_editors(view: Any) -> Any:
    """One screen of the editors' system: role checked, rights in it made equal to the roles, nothing stored by browsers."""

    @page_for(Action.CMS_OPEN)  # type: ignore[arg-type]  # the decorators below speak of a wider kind of answer
    @csp_replace(RELAXED)
    @xframe_options_sameorigin
    @wraps(view)
    def screen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sync_editor_groups(request.user)  # type: ignore[arg-type]  # page_for lets only accounts pass
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except StopsPublication as stop:  # from a workflow or many pages at once; what was typed is kept, what was to be published is not
            messages.error(request, stop.sentence)
            return redirect(stop.look_at)
        return response

    return screen


urlpatterns = decorate_urlpatterns(list(wagtail_screens.urlpatterns), for_editors)
