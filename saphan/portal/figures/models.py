"""Figures that were released to the public. None has been so far, and the page says so: a number that nobody released is not shown."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from saphan.portal.pages import PublicPage


class FiguresPage(PublicPage):
    """The place where signed releases of figures will stand, and how they are made."""

    kind = "figures"

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "figures/figures.html"
    max_count_per_parent = 1
