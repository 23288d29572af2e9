"""How a line of the log is written: a page is named by its route, never by its address, which may hold the token of a reader or the id of a person."""

import logging
import re

from django.conf import settings
from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
from django.urls import Resolver404, resolve
from django.utils.translation import override

OF_THE_WEB = ("django", "gunicorn")  # whose lines name addresses; elsewhere a stroke begins the path of a file
ADDRESS = re.compile(r"(?<![:/\w.])(?:https?://[^/\s\"']+)?/[^\s\"'<>]*")
SIGNED = re.compile(r"[\w-]{8,}:[\w-]{4,8}:[\w-]{20,}")  # by django.core.signing, wherever it stands: also in a traceback
NOWHERE = "(no address of ours)"


def route_of(address: str) -> str:
    """The name of the page at an address, in brackets; a saying of its own for one that leads nowhere, since a mistyped one holds the token too."""
    path = re.sub(r"^https?://[^/]+", "", address).partition("?")[0]
    spoken = path.split("/")[1]
    try:
        with override(spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            match = resolve(path)
    except (Resolver404, ImproperlyConfigured, AppRegistryNotReady):
        return NOWHERE
    return f"({match.view_name or 'a page without name'})"


class Line(logging.Formatter):
    """Writes a line of the log without addresses and without signed tokens."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # named by the standard library
        if record.name.partition(".")[0] in OF_THE_WEB:
            record.message = ADDRESS.sub(lambda found: route_of(found[0]), record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return SIGNED.sub("(token)", super().format(record))
