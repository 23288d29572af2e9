"""Both surfaces in one process: a small organisation, or a demonstration."""

from saphan.settings.base import *  # noqa: F403  # a Django settings module is a flat namespace
from saphan.settings.base import CASEWORK_APPS, DESK, KERNEL_APPS, MIDDLEWARE, PORTAL_APPS

SURFACE = "all"
INSTALLED_APPS = [*PORTAL_APPS, *KERNEL_APPS, *CASEWORK_APPS, DESK]
MIDDLEWARE = [
    MIDDLEWARE[0],
    "saphan.portal.rendered.middleware.RenderedMiddleware",  # before sessions and database: a stored page asks neither
    *MIDDLEWARE[1:],
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "saphan.settings.urls_all"
