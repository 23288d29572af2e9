"""The Inquiry Corner."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InquiriesConfig(AppConfig):
    """The Inquiry Corner: anybody asks, officers answer, nobody's name is needed."""

    name = "saphan.portal.inquiries"
    label = "portal_inquiries"

    def ready(self) -> None:
        from saphan.portal.inquiries import asking, desk, hearing, letters, policies, publishing  # noqa: F401  # each registers what it holds
        from saphan.portal.rendered.changes import QUIET
        from saphan.portal.search.sources import register

        quiet = ("inquiry", "entry", "file", "tag", "presence", "draft", "template", "handover", "monthlyfigure")
        QUIET.update(f"portal_inquiries.{name}" for name in quiet)
        register(publishing.AnswerSource(), {publishing.SOURCE: _("Question and answer")})
        desk.register()
