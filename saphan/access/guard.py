"""The door of every staff page: signed in, second step done, role includes the act. Objects are the view's to load."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.roles import acts_of
from saphan.core.errors import Refused

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request behind this door: whoever sends it has signed in. For the types of views only."""

    user: User  # the door lets no anonymous user through
    way_back: str  # where the page of an act that cannot be done leads; set by a view that has loaded its record


def page_for(action: Action) -> Callable[[View], View]:
    """Marks a view with the action it serves. A stranger is sent to sign in; a role without the act gets 403, recorded.

    The architecture tests walk every URL of the house and fail on one without this mark or an entry in their short public list.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if action not in acts_of(request.user.roles):
                raise Refused(_("Your role does not include this."), action=action)
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded.action = action  # type: ignore[attr-defined]  # read by the architecture tests
        return guarded

    return wrap
