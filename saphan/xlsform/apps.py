"""Questionnaires as a Django application: templates and styles only; it keeps nothing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class XLSFormConfig(AppConfig):
    """Questionnaires in the XLSForm format."""

    name = "saphan.xlsform"
    label = "xlsform"
    verbose_name = _("questionnaires")
