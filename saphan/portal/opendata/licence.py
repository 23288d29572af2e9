"""Under which licence the publisher gives out what is its own. Documents of the library carry their own, which goes before this one."""

from typing import Any

from django.conf import settings

# A proposal until the ministry that publishes confirms it (docs/adr/0024): the usual licence of public bodies for open data.
LICENCE: dict[str, Any] = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def attribution() -> str:
    """How the source is named."""
    return f"{settings.WAGTAIL_SITE_NAME}, {settings.SITE_URL}"
