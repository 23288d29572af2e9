"""The library: documents with who made them, what one may do with them, and their files in every version and language."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from saphan.core.ids import permanent_name
from saphan.portal.delivery import tail
from saphan.portal.heads import Picture, Thing, absolute
from saphan.portal.library import describing
from saphan.portal.library.selectors import alike, chosen_beside, filters_of, full_text_of, languages_described
from saphan.portal.library.shelves import Shelf, shelf_of, shelves_of
from saphan.portal.library.terms import FILE_LANGUAGES, LICENCE_ADDRESSES, DocumentType, FileKind, Licence
from saphan.portal.news.models import NewsArticlePage, Topic, picture_faults
from saphan.portal.pages import AFTER_WRITE, DRAFT_COLUMNS, PublicPage

PER_PAGE = 12


class StoredFile(models.Model):
    """The bytes of a file, named by their SHA-256, with what was found in them. Written once, never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=4, choices=FileKind)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True)
    letters = models.PositiveIntegerField(default=0)
    partly = models.BooleanField(default=False)
    has_cover = models.BooleanField(default=False)
    stored_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="library_file_kind_known", condition=models.Q(kind__in=["docx", "pdf"]))]

    def __str__(self) -> str:
        return self.digest[:12]


class FileText(models.Model):
    """The words found in a file when it came, kept beside it so that lists never load them."""

    file = models.OneToOneField(StoredFile, models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.file_id)


class LibraryIndexPage(PublicPage):
    """The list of all documents of one language, newest first, narrowed by country, topic, year, language and type."""

    kind = "library"

    introduction: "models.TextField[str, str]" = models.TextField(_("introduction"), blank=True)

    content_panels: ClassVar[list[Any]] = [*PublicPage.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["portal_site.HomePage"]
    subpage_types: ClassVar[list[str]] = ["portal_library.DocumentPage"]
    template = "library/index.html"
    max_count_per_parent = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        filters = filters_of(self, request.GET)
        listing = Paginator(filters.documents, PER_PAGE).get_page(request.GET.get("page"))
        shelves = shelves_of(list(listing))
        context.update(filters=filters, chosen=filters.chosen, listing=listing, items=[(document, shelves[document.pk]) for document in listing])
        if not listing:
            described = languages_described()
            context["elsewhere"] = [tongue for tongue in context["same_page"] if tongue.code in described]
        context["tail"] = tail(**filters.chosen, page=listing.number if listing.number > 1 else "")
        return context


class DocumentPage(PublicPage):
    """One document of the library. Its files belong to all languages of the page: uploaded on one, they stand on each."""

    kind = "document"
    exclude_fields_in_copy: ClassVar[list[str]] = ["versions", "links"]  # a translation shows the files of its sisters, a copy is another document

    introduction: "models.TextField[str, str]" = models.TextField(_("what it is about"), max_length=800)
    document_type: "models.CharField[str, str]" = models.CharField(_("type of document"), max_length=10, choices=DocumentType)
    authors: "models.CharField[str, str]" = models.CharField(
        _("authors"), max_length=300, blank=True, help_text=_("Several are parted by semicolons.")
    )
    publisher: "models.CharField[str, str]" = models.CharField(_("publisher"), max_length=200)
    year: "models.PositiveSmallIntegerField[int, int]" = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1900), MaxValueValidator(2200)], help_text=_("Of the common era, for example 2026 and not 2569.")
    )
    published_on: "models.DateField[date | None, date | None]" = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Of signing or publication, where it is known.")
    )
    licence: "models.CharField[str, str]" = models.CharField(_("licence"), max_length=16, choices=Licence, default=Licence.UNKNOWN)
    licence_note: "models.CharField[str, str]" = models.CharField(
        _("about the licence"), max_length=250, blank=True, help_text=_("Who gave permission and when, or the law by which the text is free.")
    )
    source_url: "models.URLField[str, str]" = models.URLField(_("address at its publisher"), max_length=500, blank=True)
    picture: Any = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("another cover"))
    picture_alt: "models.CharField[str, str]" = models.CharField(
        _("cover in words"), max_length=250, blank=True, help_text=_("What the cover shows, for readers who cannot see it.")
    )
    picture_rights: "models.CharField[str, str]" = models.CharField(
        _("rights of the cover"), max_length=250, blank=True, help_text=_("Who made it and who allowed its use here.")
    )
    picture_consent: "models.CharField[str, str]" = models.CharField(
        _("people on the cover"), max_length=10, choices=NewsArticlePage.Consent, blank=True
    )
    shows_first_page: "models.BooleanField[bool, bool]" = models.BooleanField(
        _("show the first page as the cover"), default=True, help_text=_("Not when it shows somebody who could be recognised.")
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="documents", verbose_name=_("topics"))
    countries = ParentalManyToManyField("directory.Country", blank=True, related_name="+", verbose_name=_("countries"))
    is_demonstration: "models.BooleanField[bool, bool]" = models.BooleanField(_("written for demonstration"), default=False)

    content_panels: ClassVar[list[Any]] = [
        *PublicPage.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("document_type", "authors", "publisher", "year", "published_on")], heading=_("What it is and whose")
        ),
        MultiFieldPanel([FieldPanel(name) for name in ("licence", "licence_note", "source_url")], heading=_("What one may do with it")),
        InlinePanel(
            "versions",
            heading=_("Files and versions"),
            label=_("file"),
            help_text=_(
                "Files on the page in another language stand here too: send each file once. Keep older versions; the newest date is shown first."
            ),
        ),
        InlinePanel("links", heading=_("Texts elsewhere, by language"), label=_("address")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("shows_first_page", "picture", "picture_alt", "picture_rights", "picture_consent")], heading=_("Cover")
        ),
        FieldPanel("topics"),
        FieldPanel("countries"),
        InlinePanel("related_items", heading=_("Related pages"), label=_("page")),
        FieldPanel("is_demonstration"),
    ]
    parent_page_types: ClassVar[list[str]] = ["portal_library.LibraryIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "library/document.html"

    class Meta:
        indexes = [models.Index(fields=["-year", "-published_on"], name="library_newest_first")]
        constraints = [
            models.CheckConstraint(name="library_type_known", condition=models.Q(document_type__in=sorted(DocumentType.values))),
            models.CheckConstraint(name="library_licence_known", condition=models.Q(licence__in=sorted(Licence.values))),
        ]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes the page, and what is kept of its sisters in other languages, which show the same files."""
        super().save(*args, **kwargs)
        columns = kwargs.get("update_fields")
        if columns is None or not set(columns) <= DRAFT_COLUMNS:
            self.tell_sisters()

    def tell_sisters(self) -> None:
        """The pages of this document in other languages are written anew wherever something is kept beside them."""
        for page_id in DocumentPage.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk).values_list("pk", flat=True):
            for call in AFTER_WRITE:
                call(page_id)

    def clean(self) -> None:
        """Says at the right field what a reader would miss, and what may not be given out."""
        super().clean()
        errors = picture_faults(self)
        if self.published_on and self.year and self.published_on.year != self.year:
            errors["published_on"] = _("The date lies in another year.")
        if self.licence == Licence.PERMISSION and not self.licence_note:
            errors["licence_note"] = _("Say who gave permission, and when.")
        if self.licence == Licence.UNKNOWN and not self.source_url:
            errors["source_url"] = _("While the licence is not known the library can only lead to the publisher: give the address there.")
        if errors:
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        beside = chosen_beside(self)
        others = [other for other in alike(self) if other.pk not in {page.pk for page in beside}]
        known = {link.url for link in self.shelf.links}
        return {
            **context,
            "library": self.get_parent(),
            "shelf": self.shelf,
            "beside": beside,
            "others": others,
            "source_url": self.source_url if self.source_url not in known else "",
            "site_url": settings.SITE_URL.rstrip("/"),
        }

    @cached_property
    def shelf(self) -> Shelf:
        """Its files and texts elsewhere, as they were when this object was read."""
        return shelf_of(self)

    @property
    def public_id(self) -> str:
        """The short name of the document in every language, for ever."""
        return permanent_name(self.translation_key)

    @property
    def permanent_path(self) -> str:
        """The address that stays when the page moves; it leads to the page in the reader's language."""
        return f"/library/{self.public_id}/"

    @property
    def is_given_out(self) -> bool:
        """Whether the library may give out copies of the files."""
        return self.licence != Licence.UNKNOWN

    @property
    def licence_url(self) -> str:
        """Where the terms of the licence stand; empty where they stand nowhere."""
        return LICENCE_ADDRESSES.get(self.licence, "")

    @property
    def author_names(self) -> list[str]:
        """The authors one by one."""
        return [name for name in (part.strip() for part in self.authors.split(";")) if name]

    @property
    def dated(self) -> date:
        """The day of the document, or the first day of its year."""
        return self.published_on or date(self.year, 1, 1)

    def described(self) -> Thing:
        return describing.described(self)

    def shared_picture(self) -> Picture | None:
        if self.picture is None:
            return None
        shared = self.picture.get_rendition("fill-1200x630|format-jpeg")
        return Picture(absolute(shared.url), shared.width, shared.height, self.picture_alt)

    def summary(self) -> str:
        return self.search_description or self.introduction

    def search_text(self) -> str:
        """What the page says of the document, and the words of its present files in this language."""
        about = [self.introduction, self.authors, self.publisher, *(topic.name for topic in self.topics.all())]
        return "\n".join(part for part in [*about, *full_text_of(self)] if part)

    def search_facets(self) -> dict[str, Any]:
        return {
            "published_on": self.dated,
            "countries": [country.pk for country in self.countries.all()],
            "topics": [topic.slug for topic in self.topics.all()],
            "author": (self.authors or self.publisher)[:200],
        }


class DocumentVersion(Orderable):
    """One file of a document: in one language, of one date. A newer one does not push it out."""

    page = ParentalKey(DocumentPage, on_delete=models.CASCADE, related_name="versions")
    file: "models.ForeignKey[StoredFile, StoredFile]" = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    language: "models.CharField[str, str]" = models.CharField(_("language"), max_length=5, choices=FILE_LANGUAGES)
    part: "models.CharField[str, str]" = models.CharField(
        _("part"), max_length=80, blank=True, help_text=_("For example “Annex 2”. Empty for the whole document.")
    )
    label: "models.CharField[str, str]" = models.CharField(
        _("version"), max_length=40, blank=True, help_text=_("As printed on it, for example “2” or “second edition”.")
    )
    dated_on: "models.DateField[date, date]" = models.DateField(_("date of this version"))
    changes: "models.CharField[str, str]" = models.CharField(_("what changed"), max_length=300, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in ("file", "language", "dated_on", "label", "part", "changes")]

    class Meta(Orderable.Meta):
        verbose_name = _("file")

    def __str__(self) -> str:
        return f"{self.language} {self.label}"


class DocumentLink(Orderable):
    """Where the text of a document stands elsewhere, in one language."""

    page = ParentalKey(DocumentPage, on_delete=models.CASCADE, related_name="links")
    language: "models.CharField[str, str]" = models.CharField(_("language"), max_length=5, choices=FILE_LANGUAGES)
    url: "models.URLField[str, str]" = models.URLField(_("address"), max_length=500)
    note: "models.CharField[str, str]" = models.CharField(
        _("what stands there"), max_length=120, blank=True, help_text=_("For example “official translation”.")
    )

    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in ("language", "url", "note")]

    class Meta(Orderable.Meta):
        verbose_name = _("address")

    def __str__(self) -> str:
        return self.url


def newest_documents(language: str) -> "models.QuerySet[DocumentPage]":
    """Published documents that are described in one language, newest first."""
    documents: models.QuerySet[DocumentPage] = DocumentPage.objects.live().filter(locale__language_code=language).select_related("locale")
    return documents.order_by("-year", models.F("published_on").desc(nulls_last=True), "-pk")


class RelatedItem(Orderable):
    """A page that the editors set beside a document."""

    page = ParentalKey(DocumentPage, on_delete=models.CASCADE, related_name="related_items")
    target: Any = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page"))

    panels: ClassVar[list[Any]] = [FieldPanel("target")]

    class Meta(Orderable.Meta):
        verbose_name = _("related page")

    def __str__(self) -> str:
        return str(self.target_id)
