"""Our own site without the store of rendered pages: every request is a miss."""

from saphan.settings.all import *  # noqa: F403  # a Django settings module is a flat namespace

RENDERED = None
