"""News & Updates: dated articles with where they come from, what they are about and which countries they touch."""

import re
from datetime import date
from html import unescape
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet

from saphan.portal.delivery import tail
from saphan.portal.heads import Picture, Thing
from saphan.portal.news.describing import described, shared_picture
from saphan.portal.news.selectors import filters_of, related_to
from saphan.portal.pages import BESIDE, PublicPage

PER_PAGE = 12
FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link", "hr"]


@register_snippet
class Topic(TranslatableMixin, models.Model):
    """A subject of the field, for example "Agreements"; the same slug in every language."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    introduction = models.TextField(_("introduction"), max_length=600, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("introduction")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="topic_slug_once_per_language", fields=["locale", "slug"])]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


def picture_faults(page: Any) -> dict[str, Any]:
    """What a page's picture lacks to be shown, by field: words for those who cannot see it, and its rights."""
    faults = {"picture_alt": _("Say in words what the picture shows."), "picture_rights": _("Say who made the picture and who allowed its use.")}
    return {field: fault for field, fault in faults.items() if page.picture_id and not getattr(page, field)}


class NewsIndexPage(PublicPage):
    """The list of all news of one language, newest first, filtered by year, month, country, province and topic."""

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal_news.NewsArticlePage"]
    template = "news/index.html"
    max_count_per_parent = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        filters = filters_of(self, request.GET)
        listing = Paginator(filters.articles, PER_PAGE).get_page(request.GET.get("page"))
        context.update(filters=filters, chosen=filters.chosen, listing=listing, tail=tail(**filters.chosen, page=listing.number))
        return context


class NewsArticlePage(PublicPage):
    """One news item. `published_on` is the day of the news itself, not of its entry here."""

    kind = "news"

    class Consent(models.TextChoices):
        """Why a picture may be shown without harm to anybody in it."""

        NOBODY = "nobody", _("nobody in it can be recognised")
        WRITTEN = "written", _("whoever can be recognised agreed in writing, and we keep the paper")

    published_on: "models.DateField[date, date]" = models.DateField(_("date of the news"), db_index=True)
    author: "models.CharField[str, str]" = models.CharField(
        _("author"), max_length=160, blank=True, help_text=_("Who wrote this text, or which office. Empty for a text adapted from another source.")
    )
    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400, blank=True)
    body = RichTextField(_("text"), features=FEATURES)
    adapted_from_title: "models.CharField[str, str]" = models.CharField(_("title of the original"), max_length=250, blank=True)
    adapted_from_source: "models.CharField[str, str]" = models.CharField(_("published by"), max_length=160, blank=True)
    adapted_from_url: "models.URLField[str, str]" = models.URLField(_("address of the original"), max_length=500, blank=True)
    adapted_from_on: "models.DateField[date | None, date | None]" = models.DateField(_("date of the original"), null=True, blank=True)
    picture: Any = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture"))
    picture_alt: "models.CharField[str, str]" = models.CharField(
        _("picture in words"), max_length=250, blank=True, help_text=_("What the picture shows, for readers who cannot see it.")
    )
    picture_rights: "models.CharField[str, str]" = models.CharField(
        _("rights of the picture"), max_length=250, blank=True, help_text=_("Who made it and who allowed its use here.")
    )
    picture_consent: "models.CharField[str, str]" = models.CharField(
        _("people in the picture"), max_length=10, choices=Consent, blank=True, help_text=_("Without an answer the page cannot be published.")
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles", verbose_name=_("topics"))
    countries = ParentalManyToManyField("directory.Country", blank=True, related_name="+", verbose_name=_("countries"))
    provinces = ParentalManyToManyField("directory.Province", blank=True, related_name="+", verbose_name=_("provinces"))
    is_demonstration: "models.BooleanField[bool, bool]" = models.BooleanField(_("invented for demonstration"), default=False)

    content_panels: ClassVar[list[Any]] = [
        *PublicPage.content_panels,
        FieldPanel("published_on"),
        FieldPanel("author"),
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("adapted_from_title"), FieldPanel("adapted_from_source"), FieldPanel("adapted_from_url"), FieldPanel("adapted_from_on")],
            heading=_("Adapted from"),
        ),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_rights"), FieldPanel("picture_consent")], heading=_("Picture")
        ),
        FieldPanel("topics"),
        FieldPanel("countries"),
        FieldPanel("provinces"),
        FieldPanel("is_demonstration"),
    ]
    parent_page_types: ClassVar[list[str]] = ["portal_news.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "news/article.html"

    class Meta:
        indexes = [models.Index(fields=["-published_on", "-page_ptr"], name="news_newest_first")]
        constraints = [models.CheckConstraint(name="news_picture_consent_known", condition=models.Q(picture_consent__in=["", "nobody", "written"]))]

    def clean(self) -> None:
        """A picture is shown only with words for those who cannot see it and with its rights."""
        super().clean()
        if errors := picture_faults(self):
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "news_index": self.get_parent(), "related": related_to(self), "beside": [other for call in BESIDE for other in call(self)]}

    def summary(self) -> str:
        return self.search_description or self.introduction or strip_tags(self.body)[:200]

    def shared_picture(self) -> Picture | None:
        return shared_picture(self)

    def described(self) -> Thing:
        return described(self)

    def search_text(self) -> str:
        parts = [self.introduction, plain(self.body), self.adapted_from_title, self.adapted_from_source]
        return "\n".join(part for part in [*parts, *(topic.name for topic in self.topics.all())] if part)

    def search_facets(self) -> dict[str, Any]:
        return {
            "published_on": self.published_on,
            "countries": [country.pk for country in self.countries.all()],
            "topics": [topic.slug for topic in self.topics.all()],
            "author": self.author or self.adapted_from_source,
        }


class ImportedSource(models.Model):
    """Remembers which saved page became which article, so that a second import makes no double."""

    key = models.CharField(max_length=64, unique=True)
    article = models.ForeignKey(NewsArticlePage, models.CASCADE, related_name="sources")
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


def plain(html: str) -> str:
    """The words of a rich text, one block of it on each line."""
    text = unescape(strip_tags(re.sub(r"</(?:p|li|h\d|ul|ol)>|<(?:br|hr)\b[^>]*>", "\n", html)))
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


def newest_first(language: str) -> "models.QuerySet[NewsArticlePage]":
    """Published news of one language, newest first, with topics and countries at hand."""
    articles: models.QuerySet[NewsArticlePage] = (
        NewsArticlePage.objects.live()
        .filter(locale__language_code=language)
        .select_related("locale", "picture")
        .prefetch_related("topics", "countries", "picture__renditions")
        .order_by("-published_on", "-pk")
    )
    return articles
