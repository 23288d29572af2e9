"""The public surface: no room below the wall is installed."""

from saphan.settings.base import *  # noqa: F403  # a Django settings module is a flat namespace
from saphan.settings.base import DESK, KERNEL_APPS, MIDDLEWARE, PORTAL_APPS

SURFACE = "public"
INSTALLED_APPS = [*PORTAL_APPS, *KERNEL_APPS, DESK]
MIDDLEWARE = [
    MIDDLEWARE[0],
    "saphan.portal.rendered.middleware.RenderedMiddleware",  # before sessions and database: a stored page asks neither
    *MIDDLEWARE[1:],
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "saphan.settings.urls_public"
