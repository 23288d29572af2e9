"""What every page needs around it. Nothing here asks the database unless a template of the desk uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from saphan.core.registry import MENU

STAFF_PATHS = ("/desk/", "/accounts/", "/doors/", "/parts/", "/cms/")


@dataclass(frozen=True)
class MenuLine:
    """One line of the staff menu, as shown: where it leads and how much waits there."""

    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Translation:
    """The same page in one of the languages."""

    code: str
    name: str
    url: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the surface, the demo flag, the way out, the languages, and (lazily) the menu of the signed-in worker."""
    path = request.path
    public = not path.startswith(STAFF_PATHS) and settings.SURFACE != "casework"
    return {
        "surface": settings.SURFACE,
        "demo": settings.DEMO,
        "exit_url": settings.EXIT_URL,
        "public_page": public,
        "translations": list(_translations(request)) if public else [],
        "languages": [(code, name, code == get_language()) for code, name in settings.STAFF_LANGUAGES],
        "menu": SimpleLazyObject(lambda: list(_menu(request))),
    }


def _translations(request: HttpRequest) -> Iterator[Translation]:
    """The address of this page in each language; of the home page where the address itself carries no language."""
    now = get_language()
    path, own = request.get_full_path(), f"/{now}/"
    for code, name in settings.LANGUAGES:
        url = f"/{code}/{path[len(own) :]}" if path.startswith(own) else f"/{code}/"
        yield Translation(code, str(name), url, code == now)


def _menu(request: HttpRequest) -> Iterator[MenuLine]:
    """The entries that the worker's roles include; a room that has no page yet is left out."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    found = []
    for entry in MENU:
        if entry.action not in user.acts:
            continue
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    within = [(len(root), url) for entry, url in found for root in (url, entry.under or url) if _is_below(request.path, root)]
    _longest, current = max(within, default=(0, ""))
    for entry, url in found:
        yield MenuLine(str(entry.label), url, entry.count(user) if entry.count else 0, url == current)


def _is_below(path: str, root: str) -> bool:
    return path == root or (path.startswith(root) and root != "/desk/")
