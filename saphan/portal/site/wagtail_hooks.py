"""What the editors' system does differently here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks

from saphan.access.actions import Action
from saphan.access.policy import check


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]  # Wagtail carries no types
def a_second_person_publishes(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Says kindly, before the page refuses it, that the writer of a text does not publish it. The draft is kept."""
    revision = page.latest_revision
    verdict = check(request.user, Action.PAGE_PUBLISH, revision)
    if verdict.allowed:
        return None
    messages.error(request, str(verdict.why))
    return redirect("wagtailadmin_pages:edit", page.pk)
