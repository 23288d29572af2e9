"""The protected surface: no room of the portal is installed."""

from saphan.settings.base import *  # noqa: F403  # a Django settings module is a flat namespace
from saphan.settings.base import CASEWORK_APPS, DESK, KERNEL_APPS

SURFACE = "casework"
INSTALLED_APPS = [*KERNEL_APPS, *CASEWORK_APPS, DESK]
ROOT_URLCONF = "saphan.settings.urls_casework"
