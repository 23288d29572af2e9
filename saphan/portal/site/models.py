"""The pages that stand: home, help, and the standard pages of the site."""

from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from saphan.portal.heads import Thing
from saphan.portal.library.models import LibraryIndexPage, newest_documents
from saphan.portal.news.models import FEATURES, NewsIndexPage, newest_first, plain
from saphan.portal.pages import PublicPage
from saphan.portal.places.parts import PageWithParts
from saphan.portal.site.blocks import AreaBlock, CardBlock, HotlineBlock

NEWS_SHOWN = DOCUMENTS_SHOWN = 3


class HomePage(PublicPage):
    """The first page of one language."""

    strapline: "models.CharField[str, str]" = models.CharField(_("line above the title"), max_length=160)
    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400)
    cards = StreamField([("card", CardBlock())], verbose_name=_("ways on"), blank=True)
    areas_title: "models.CharField[str, str]" = models.CharField(_("title of the areas"), max_length=80)
    areas = StreamField([("area", AreaBlock())], verbose_name=_("areas of work"), blank=True, max_num=5)

    content_panels: ClassVar[list[Any]] = [
        *PublicPage.content_panels,
        FieldPanel("strapline"),
        FieldPanel("introduction"),
        FieldPanel("cards"),
        MultiFieldPanel([FieldPanel("areas_title"), FieldPanel("areas")], heading=_("Areas of work")),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    template = "site/home.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["news"] = newest_first(self.locale.language_code)[:NEWS_SHOWN]
        context["news_index"] = NewsIndexPage.objects.live().child_of(self).first()
        context["library"] = LibraryIndexPage.objects.live().child_of(self).first()
        context["documents"] = newest_documents(self.locale.language_code)[:DOCUMENTS_SHOWN]
        return context

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Finds a page below by its whole address at once, instead of one level after the other; or a part of the page above that address."""
        if not path_components:
            return super().route(request, path_components)
        whole, above = (f"{self.url_path}{''.join(f'{name}/' for name in names)}" for names in (path_components, path_components[:-1]))
        found = Page.objects.live().filter(url_path__in=[whole, above]).select_related("locale").order_by("-depth").first()
        if found is None:
            raise Http404
        page = found.specific
        page.locale = found.locale  # known already: one question less for each page
        if page.url_path == whole:
            return RouteResult(page)
        part = page.part_named(path_components[-1]) if isinstance(page, PageWithParts) else None
        if part is None:
            raise Http404
        return RouteResult(page, kwargs={"part": part})

    def search_text(self) -> str:
        blocks = [value for block in (*self.cards, *self.areas) for value in (block.value["title"], block.value["text"])]
        return "\n".join([self.strapline, self.introduction, *blocks])


class StandardPage(PublicPage):
    """A page of text: How You Can Help, About Us, Contact Us, Privacy Policy and Disclaimer, Accessibility."""

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400, blank=True)
    body = RichTextField(_("text"), features=FEATURES)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage", "portal_site.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["portal_site.StandardPage"]
    template = "site/standard.html"

    def search_text(self) -> str:
        return f"{self.introduction}\n{plain(self.body)}"


class HelpPage(PublicPage):
    """Get help now: whom to call, what happens then. Small, free of script, and made to be printed as a card."""

    kind = "help"

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), max_length=400)
    hotlines = StreamField([("hotline", HotlineBlock())], verbose_name=_("hotlines"))
    body = RichTextField(_("what happens next"), features=["h2", "h3", "bold", "ol", "ul", "link"])

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction"), FieldPanel("hotlines"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    template = "site/help.html"

    def described(self) -> Thing:
        """Nothing: this page stays as small as can be, and free of anything that looks like a script."""
        return {}

    def search_text(self) -> str:
        names = ("country", "name", "number", "hours", "note")
        lines = [" ".join(str(block.value[name]) for name in names if block.value[name]) for block in self.hotlines]
        return "\n".join([self.introduction, *lines, plain(self.body)])
