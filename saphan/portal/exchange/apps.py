"""Linking Needs with Resources."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Linking Needs with Resources: needs, offers, pledges and what became of them."""

    name = "saphan.portal.exchange"
    label = "portal_exchange"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from saphan.directory.models import Organisation
        from saphan.portal.exchange import chores, desk, letters, matching_runs, policies, searching  # noqa: F401  # each registers what it holds
        from saphan.portal.exchange.sources import NeedSource
        from saphan.portal.rendered.changes import QUIET
        from saphan.portal.search.sources import register

        register(NeedSource(), {"need": _("Need")})
        QUIET.update(
            f"portal_exchange.{table}"
            for table in (
                "hub",
                "review",
                "offer",
                "safeguarding",
                "match",
                "pledge",
                "pledgeevent",
                "fund",
                "account",
                "posting",
                "line",
                "decision",
                "receiptsequence",
                "receipt",
            )
        )
        post_save.connect(organisation_written, sender=Organisation, dispatch_uid="exchange")
        desk.register()
        searching.PROPOSERS.append(lambda user, at: matching_runs.propose(by=user, at=at))
        searching.EXPLAINERS.append(matching_runs.reasons_of)


def organisation_written(instance: Any, **_rest: Any) -> None:
    """The needs of an organisation that was suspended leave search and feeds with it, and come back with it."""
    from saphan.portal.exchange.models import Need
    from saphan.portal.exchange.sources import shown_again
    from saphan.portal.exchange.states import PUBLIC

    for need in Need.objects.filter(org=instance.pk, state__in=PUBLIC):
        shown_again(need)
