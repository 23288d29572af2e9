"""What every public page is: readable by all, in the languages of the site, kept by any cache, published by two persons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page, PageViewRestriction, Revision

from saphan.access.actions import Action
from saphan.access.policy import require
from saphan.core.context import Translation
from saphan.core.errors import Invalid
from saphan.core.ids import permanent_name
from saphan.portal.delivery import deliver
from saphan.portal.heads import Head, Picture, Thing, absolute, permanent_url

# Rooms that keep something beside a page (the search index) register here; they are called in the page's own transaction.
AFTER_WRITE: list[Callable[[int], None]] = []

# Called before a revision becomes public, with its page as it will be; a hook that raises `Refused` or `Invalid` stops the publication.
BEFORE_PUBLISH: list[Callable[[Any, Revision], None]] = []


@dataclass(frozen=True)
class Made:
    """How a page came into its language: an original, or a translation made at a time; `changed_at` is when its original changed after that."""

    at: datetime | None = None
    changed_at: datetime | None = None
    unreviewed: bool = False  # made by a machine, and no person has checked it yet

    @property
    def original(self) -> bool:
        return self.at is None


# The room that knows how translations were made registers here: from the versions of one text to what is known of each. At most one query.
TRANSLATIONS: list[Callable[[Sequence[Page]], dict[int, Made]]] = []

# Columns that change when a draft is saved: the public side of a page is not touched by them.
DRAFT_COLUMNS = {
    "wagtail_admin_comments",
    "draft_title",
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "locked",
    "locked_by",
    "locked_at",
}

# Rooms whose pages say that they belong to another page (a document to the article that tells of it) register here. At most one query each.
BESIDE: list[Callable[[Page], Sequence[Page]]] = []


class StopsPublication(Invalid):
    """Raised by a hook of `BEFORE_PUBLISH`; `look_at` is the screen on which an editor reads why."""

    def __init__(self, sentence: str, *, look_at: str) -> None:
        super().__init__(sentence)
        self.look_at = look_at


@dataclass(frozen=True)
class Tongue(Translation):
    """One language of the switcher; `exact` is false when only a parent of the page exists in it."""

    exact: bool = True
    made: Made | None = None


@dataclass(frozen=True)
class MenuLine:
    """One line of the public menu."""

    label: str
    url: str
    current: bool


# Pages of rooms that stand at the same address in each language and that no editor writes: their address behind the language, and their name.
# The first ones in the menu, all of them where a card of the home page may lead. Filled in by the room above them.
ROOM_PAGES: dict[str, str | Promise] = {}
IN_MENU: list[str] = []


def site_menu(language: str, path: str) -> list[MenuLine]:
    """The pages of one language that editors put into the menu, between the home page and those of the rooms and the search. One query."""
    pages = Page.objects.live().in_menu().filter(depth=3, locale__language_code=language).select_related("locale").order_by("path")
    lines = [(page.title, page.get_url() or "") for page in pages]
    home = MenuLine(str(_("Home")), f"/{language}/", path == f"/{language}/")
    search = MenuLine(str(_("Search")), f"/{language}/search/", path == f"/{language}/search/")
    lines += [(str(ROOM_PAGES[name]), f"/{language}/{name}") for name in IN_MENU]
    return [home, *(MenuLine(label, url, path.startswith(url)) for label, url in lines if url), search]


class PublicPageForm(WagtailAdminPageForm):
    """The editors' form of a page. A new page is never born public: the editors' system would store it so before anybody asked whether it may."""

    def save(self, commit: bool = True) -> Page:
        if self.instance._state.adding:
            self.instance.live = False
        return super().save(commit=commit)


class PublicPage(Page):
    """A page of the portal. There are no private pages: what is here may be read, copied and cached by anybody."""

    base_form_class = PublicPageForm
    private_page_options: ClassVar[list[str]] = []
    kind: ClassVar[str] = "page"  # a kind of search.sources.KINDS, which the page's room registers

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes the page and what other rooms keep of it together, so that no crash can part them."""
        columns = kwargs.get("update_fields")
        public = columns is None or not set(columns) <= DRAFT_COLUMNS
        before = Page.objects.filter(pk=self.pk).values_list("url_path", flat=True).first() if public and self.pk else None
        super().save(*args, **kwargs)
        if not public:
            return
        moved = before not in (None, self.url_path)
        for page_id in self.get_descendants(inclusive=True).values_list("pk", flat=True) if moved else [self.pk]:
            for call in AFTER_WRITE:
                call(page_id)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Makes a revision public. A person needs the policy's consent; `user=None` is the operator or the clock.

        Raises what a hook of `BEFORE_PUBLISH` raises, with nothing changed.
        """
        for call in BEFORE_PUBLISH:
            call(revision.as_object(), revision)
        if user is not None:
            require(user, Action.PAGE_PUBLISH, revision)
            kwargs["skip_permission_checks"] = True
        return super().publish(revision, user=user, **kwargs)

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """None, and without asking the database: the editors' system offers no private pages."""
        return PageViewRestriction.objects.none()  # type: ignore[no-any-return]  # Wagtail carries no types

    def summary(self) -> str:
        """One or two plain sentences for lists, feeds and the heads of the page."""
        return str(self.search_description or strip_tags(getattr(self, "introduction", "")))

    def search_text(self) -> str:
        """Everything on the page that a reader could look for, without its title."""
        return self.summary()

    def search_facets(self) -> dict[str, Any]:
        """Date, countries (ISO codes) and topics (slugs) by which the page is found; rooms that have them say so."""
        return {"published_on": None, "countries": [], "topics": []}

    def shared_picture(self) -> Picture | None:
        """The picture that goes along when somebody shares the page; rooms that have pictures say so."""
        return None

    def described(self) -> Thing:
        """The page in words of schema.org, for its head; empty for pages that carry no data block."""
        return {"@type": "WebPage", "name": self.title, "description": self.summary()}

    def head(self, request: HttpRequest, tongues: list[Tongue]) -> Head:
        """What the page's head tells machines."""
        path, thing = self.get_url(request) or "/", self.described()
        published_on = getattr(self, "published_on", None)
        link = permanent_url(permanent_name(self.translation_key), self.locale.language_code)
        about = {"@id": link, "url": absolute(path), "inLanguage": self.locale.language_code, "dateModified": self.last_published_at}
        return Head(
            title=self.title,
            summary=self.summary(),
            path=path,
            language=self.locale.language_code,
            kind="article" if published_on else "website",
            alternates=[(tongue.code, absolute(tongue.url)) for tongue in tongues if tongue.exact],
            picture=self.shared_picture(),
            published_on=published_on,
            changed_at=self.last_published_at,
            trail=[(page.title, page.get_url(request) or "/") for page in self.line],
            thing={**about, **thing} if thing else {},
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        tongues = self.tongues(request)
        context.update(
            site_menu=site_menu(self.locale.language_code, request.path),
            translations=tongues,
            alternates=[(t.code, settings.SITE_URL + t.url) for t in tongues if t.exact],
            canonical=settings.SITE_URL + (self.get_url(request) or "/"),
            head=self.head(request, tongues),
            permanent=permanent_url(permanent_name(self.translation_key)),
            summary=self.summary(),
            same_page=[t for t in tongues if t.exact and not t.current],
            unreviewed=any(t.current and t.made and t.made.unreviewed for t in tongues),
            original=next((t for t in tongues if t.exact and t.made and t.made.original), None),
            untranslated="untranslated" in request.GET,
            tail="untranslated=" if "untranslated" in request.GET else "",  # a list says here what it has understood (delivery.tail)
        )
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        told = getattr(response, "context_data", None) or {}
        return deliver(request, response, query=told.get("tail", ""))

    def tongues(self, request: HttpRequest) -> list[Tongue]:
        """The page in each language, or the nearest page above it that exists there."""
        line = self.get_ancestors(inclusive=True).filter(depth__gt=1).order_by().values("translation_key")
        found: dict[str, Page] = {}
        self.line: list[Page] = []
        for page in Page.objects.live().filter(translation_key__in=line).select_related("locale").order_by("depth"):
            found[page.locale.language_code] = page
            if page.locale_id == self.locale_id:
                self.line.append(page)  # from the home page down to this one
        versions = [page for page in found.values() if page.translation_key == self.translation_key]
        made = {pk: known for call in TRANSLATIONS for pk, known in call(versions).items()}
        return [self._tongue(code, name, found.get(code), made, request) for code, name in settings.LANGUAGES]

    def _tongue(self, code: str, name: str, page: Page | None, made: dict[int, Made], request: HttpRequest) -> Tongue:
        exact = page is not None and page.translation_key == self.translation_key
        url = (page.get_url(request) if page else None) or f"/{code}/"
        how = made.get(page.pk) if page else None
        return Tongue(code, name, url if exact else f"{url}?untranslated", code == self.locale.language_code, exact, how)
