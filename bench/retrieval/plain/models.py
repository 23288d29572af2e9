from typing import ClassVar

from django.db import models
from wagtail.search import index


class PlainArticle(index.Indexed, models.Model):
    """What a Wagtail site without further care would index."""

    title = models.CharField(max_length=255)
    body = models.TextField()
    search_fields: ClassVar = [index.SearchField("title", boost=2), index.SearchField("body")]

    class Meta:
        app_label = "plain"
