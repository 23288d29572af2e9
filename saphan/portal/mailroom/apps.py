"""The mailroom."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """Letters of the portal: composed, sent and taken in; addresses that refuse them."""

    name = "saphan.portal.mailroom"
    label = "portal_mailroom"
