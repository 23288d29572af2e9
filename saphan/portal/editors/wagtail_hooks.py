"""How the editors' own screens and checks hang in the editors' system."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry

from saphan.portal.editors.calendar import HELD
from saphan.portal.pages import BEFORE_PUBLISH, PublicPage, StopsPublication


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail carries no types
def own_screens() -> list[Any]:
    """The check, the translation board and the links, below the editors' system and behind its door."""
    return [path("", include("saphan.portal.editors.urls"))]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def translations_in_the_menu() -> MenuItem:
    """The board stands in the main menu."""
    return MenuItem(_("Translations"), reverse("editors:board"), name="translations", icon_name="globe", order=150)


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def links_in_the_reports() -> MenuItem:
    """The links that lead nowhere stand among the reports."""
    return MenuItem(_("Broken links"), reverse("editors:links"), name="broken-links", icon_name="link", order=900)


@hooks.register("before_publish_page", order=10)  # type: ignore[untyped-decorator]
def what_stops_publication(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Leads to the screen that explains, before anything is published; the draft is kept."""
    revision = page.get_latest_revision()
    try:
        for call in BEFORE_PUBLISH:
            call(revision.as_object(), revision)
    except StopsPublication as stop:
        messages.error(request, stop.sentence)
        return redirect(stop.look_at)
    return None


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def buttons_of_a_page(page: Any, user: Any, next_url: str | None = None, view_name: str = "") -> Any:  # noqa: ARG001  # Wagtail's signature
    """The check and the translations of a page, from the menu at its head."""
    if issubclass(page.specific_class or type(page), PublicPage) and page.pk and page.depth and page.depth > 1:
        yield Button(_("Check before publication"), url=reverse("editors:check", args=[page.pk]), icon_name="check", priority=15)
        yield Button(_("Compare with the original"), url=reverse("editors:translation", args=[page.pk]), icon_name="globe", priority=16)


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def words_of_the_history(actions: LogActionRegistry) -> None:
    """How the history of a page tells that the clock was stopped."""
    actions.register_action(HELD, _("Held back"), _("Not published at its time: the check found something"))
