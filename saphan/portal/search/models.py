"""The search index: one row per public page, with its words and letters already cut.

The engine's full-text index hangs on this table (migration 0002): on SQLite an FTS5 table kept by triggers, on PostgreSQL
generated tsvector columns. So whoever writes a row has written the index, in the same transaction.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What can be found of one public thing. `key` names it, for example `page:12`."""

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=500)
    language = models.CharField(max_length=10)
    published_on = models.DateField(null=True)
    countries = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    author = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True)
    permanent = models.CharField(max_length=16, blank=True, db_index=True)
    title = models.CharField(max_length=255)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    title_words = models.TextField()
    words = models.TextField()
    title_graphemes = models.TextField()
    graphemes = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["language", "kind"], name="search_language_kind")]

    def __str__(self) -> str:
        return self.key
