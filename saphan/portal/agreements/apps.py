"""Agreements that are public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    """What two or more countries have promised each other, for everybody to read."""

    name = "saphan.portal.agreements"
    label = "portal_agreements"

    def ready(self) -> None:
        from saphan.portal.agreements import cards, services  # noqa: F401  # register themselves at the door
        from saphan.portal.agreements.sources import AgreementSource
        from saphan.portal.pages import ROOM_PAGES
        from saphan.portal.search.sources import register

        register(AgreementSource(), {"agreement": _("Agreement")})
        ROOM_PAGES["agreements/"] = _("Agreements and standards")
