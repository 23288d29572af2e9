"""The newsletter."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    """The monthly newsletter: who asked for it, what it says, how it goes out."""

    name = "saphan.portal.newsletter"
    label = "portal_newsletter"

    def ready(self) -> None:
        from saphan.portal.feeds.channels import KIND_OF
        from saphan.portal.feeds.contents import CONTENTS
        from saphan.portal.mailroom.refusals import ON_REFUSAL
        from saphan.portal.newsletter import archive, begin, desk, letters, policies, subscriber_desk, subscribing, testing  # noqa: F401  # each registers what it holds
        from saphan.portal.rendered.changes import QUIET
        from saphan.portal.search.sources import register

        # Written while an issue is prepared and sent; what readers see of it changes with its entries in the search.
        QUIET.update(f"portal_newsletter.{name}" for name in ("issue", "edition", "item", "run", "delivery", "subscriber", "departed", "export"))
        register(archive.EditionSource(), {archive.KIND: _("Newsletter")})
        KIND_OF[archive.KIND] = archive.KIND
        CONTENTS[archive.KIND] = archive.contents
        ON_REFUSAL.append(subscribing.hear_refusal)
        desk.register()
        subscriber_desk.register()
