"""The Inquiry Corner."""

from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    """The Inquiry Corner: anybody asks, officers answer, nobody's name is needed."""

    name = "saphan.portal.inquiries"
    label = "portal_inquiries"
