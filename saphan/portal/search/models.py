"""The search index: one row per public thing, and beside it the words and letters of the row, cut for the engine.

The engine's full-text index hangs on `CutText` (migration 0005): on SQLite an FTS5 table kept by triggers, on PostgreSQL
generated tsvector columns. So whoever writes a row has written the index, in the same transaction.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What can be found of one public thing. `key` names it, for example `page:12`. The long text stands last: lists do not read so far."""

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
    digest = models.CharField(max_length=64)
    text = models.TextField(default="")

    class Meta:
        verbose_name = _("search entry")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["language", "kind"], name="search_language_kind")]

    def __str__(self) -> str:
        return self.key


class CutText(models.Model):
    """An entry as the engine reads it: words and neighbouring letters with spaces between, by the weight of where they stand."""

    entry = models.OneToOneField(SearchEntry, models.CASCADE, primary_key=True, related_name="cut")
    digest = models.CharField(max_length=64)
    title_words = models.TextField(blank=True)
    summary_words = models.TextField(blank=True)
    names_words = models.TextField(blank=True)
    words = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    title_graphemes = models.TextField(blank=True)
    graphemes = models.TextField(blank=True)
    facets = models.TextField(blank=True)

    class Meta:
        verbose_name = _("cut text")

    def __str__(self) -> str:
        return str(self.entry_id)


class SearchWord(models.Model):
    """A word that stands in public things now, and in how many. Spelling advice and suggestions come from here.

    `head` and `tail` are the halves of its folded form: a word with one wrong letter still has one half right.
    """

    word = models.CharField(max_length=30, unique=True)
    folded = models.CharField(max_length=30)
    start = models.CharField(max_length=2, db_index=True)
    head = models.CharField(max_length=15, db_index=True)
    tail = models.CharField(max_length=15, db_index=True)
    entries = models.IntegerField()

    class Meta:
        verbose_name = _("search word")

    def __str__(self) -> str:
        return self.word
