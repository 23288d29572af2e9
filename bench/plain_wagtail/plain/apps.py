"""The one app of the plain site."""

from django.apps import AppConfig


class PlainConfig(AppConfig):
    """Pages as a Wagtail tutorial makes them."""

    name = "bench.plain_wagtail.plain"
    label = "plain"
