"""Pages as Wagtail's own documentation makes them."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

PER_PAGE = 12


class HomePage(Page):
    """The first page: an introduction and the newest three articles."""

    introduction = RichTextField(blank=True)
    content_panels = [*Page.content_panels, "introduction"]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["articles"] = ArticlePage.objects.live().order_by("-date")[:3]
        return context


class ArticleIndexPage(Page):
    """The list of articles, newest first."""

    introduction = RichTextField(blank=True)
    content_panels = [*Page.content_panels, "introduction"]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.live().child_of(self).order_by("-date")
        context["articles"] = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
        return context


class Country(models.Model):
    """A country that articles speak of."""

    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class ArticleTag(TaggedItemBase):
    """A tag on an article."""

    content_object = ParentalKey("plain.ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class ArticlePage(Page):
    """One article."""

    date = models.DateField()
    introduction = models.CharField(max_length=400)
    body = StreamField([("heading", blocks.CharBlock()), ("paragraph", blocks.RichTextBlock()), ("quote", blocks.BlockQuoteBlock())])
    countries = ParentalManyToManyField(Country, blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    content_panels = [*Page.content_panels, "date", "introduction", FieldPanel("body"), FieldPanel("countries"), "tags"]
