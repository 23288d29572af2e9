"""News & Updates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """Dated articles, where they come from and what they are about."""

    name = "saphan.portal.news"
    label = "portal_news"

    def ready(self) -> None:
        from saphan.portal.feeds.contents import CONTENTS
        from saphan.portal.news import feeding
        from saphan.portal.search.sources import KINDS, TOPIC_NAMES

        KINDS["news"] = _("News")
        CONTENTS["news"] = feeding.contents
        TOPIC_NAMES.append(feeding.topic_names)
