"""My day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from saphan.access.actions import Action
from saphan.access.guard import page_for
from saphan.core import clock
from saphan.desk.selectors import day_of


@page_for(Action.DESK_OPEN)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this worker, most urgent first."""
    at = clock.now()
    return render(request, "desk/home.html", {"day": day_of(request.user, at=at), "at": at})
