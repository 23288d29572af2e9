"""For commands that only read files (`saphan screen`): words and languages as everywhere, but no room, no database and no secret."""

from saphan.settings.words import *  # noqa: F403  # a Django settings module is a flat namespace

SURFACE = "files"
INSTALLED_APPS: list[str] = []
