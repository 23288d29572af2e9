"""The mailroom."""

from django.apps import AppConfig
from django.conf import settings


class MailroomConfig(AppConfig):
    """Letters of the portal: composed, sent and taken in; addresses that refuse them."""

    name = "saphan.portal.mailroom"
    label = "portal_mailroom"

    def ready(self) -> None:
        from saphan.portal.mailroom import fetching, posting, refusals, taking  # noqa: F401  # register their chores and handlers

        if settings.MAIL_PROVIDER and settings.POST_SECRET:
            from saphan.portal.mailroom import views  # noqa: F401  # hears what the provider tells
