"""The installation's settings, and a plain Wagtail model beside them to be compared with."""

from saphan.settings.all import *  # noqa: F403
from saphan.settings.all import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.retrieval.plain"]
