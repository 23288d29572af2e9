"""Linking Needs with Resources."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Linking Needs with Resources: needs, offers, pledges and what became of them."""

    name = "saphan.portal.exchange"
    label = "portal_exchange"

    def ready(self) -> None:
        from saphan.portal.exchange import policies  # noqa: F401  # registers its rules
