"""The newsletter."""

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """The monthly newsletter: who asked for it, what it says, how it goes out."""

    name = "saphan.portal.newsletter"
    label = "portal_newsletter"
