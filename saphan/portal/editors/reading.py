"""What stands on a page, passage by passage, whatever its type: the identity check and the links report both read it here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.encoding import force_str
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.models import Comment, Page
from wagtail.rich_text import RichText

from saphan.portal.news.models import plain

# Of Wagtail's own columns only these hold words that the public reads; the slug stands in the address.
OWN_OF_PAGE = ("title", "slug", "seo_title", "search_description")


@dataclass(frozen=True)
class Passage:
    """One field of a page: its name, its name for people, its words, and the HTML behind them when it has any."""

    name: str
    label: str
    words: str
    html: str = ""
    is_number: bool = False  # a field made for a public telephone number
    is_address: bool = False  # a link, not words


@dataclass(frozen=True)
class Picture:
    """A picture on a page, with what is kept beside it; None where the place has no room for it."""

    name: str
    label: str
    alt: str | None
    rights: str | None
    consent: str | None


def passages(page: Page) -> Iterator[Passage]:
    """All fields of a page that hold words or addresses, in the order of its form; then those of its parts."""
    yield from _fields(page, "", "")
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        if issubclass(relation.related_model, Comment):
            continue  # what editors say to each other is not public
        for number, child in enumerate(getattr(page, name).all(), 1):
            yield from _fields(child, f"{name}.{number}.", f"{force_str(child._meta.verbose_name)} {number}: ")


def pictures(page: Page) -> Iterator[Picture]:
    """All pictures that a page shows: its own fields, those in blocks, those inside of its texts."""
    for field in page._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and _is_picture(field) and getattr(page, field.attname):
            beside = [_beside(page, f"{field.name}_{part}") for part in ("alt", "rights", "consent")]
            yield Picture(field.name, force_str(field.verbose_name), *beside)
        elif isinstance(field, StreamField):
            yield from _pictures_in(getattr(page, field.name), field.name, force_str(field.verbose_name))
    for passage in passages(page):
        for number, _embed in enumerate(re.finditer(r'<embed\b[^>]*embedtype="image"', passage.html), 1):
            yield Picture(f"{passage.name}.{number}", passage.label, None, None, None)


def _fields(row: models.Model, prefix: str, heading: str) -> Iterator[Passage]:
    for field in row._meta.concrete_fields:
        if field.choices or (field.model is Page and field.name not in OWN_OF_PAGE):
            continue
        value, name, label = getattr(row, field.name, None), prefix + field.name, heading + force_str(field.verbose_name)
        if isinstance(field, StreamField):
            yield from _in_stream(value, name, label)
        elif isinstance(field, RichTextField):
            yield Passage(name, label, plain(value or ""), html=value or "")
        elif isinstance(field, models.URLField):
            yield Passage(name, label, value or "", is_address=True)
        elif isinstance(field, models.CharField | models.TextField):
            yield Passage(name, label, str(value or ""))


def _in_stream(stream: Any, name: str, label: str) -> Iterator[Passage]:
    for number, child in enumerate(stream or (), 1):
        yield from _in_block(child.block, child.value, f"{name}.{number}", f"{label} {number}")


def _in_block(block: blocks.Block, value: Any, name: str, label: str) -> Iterator[Passage]:
    if isinstance(block, blocks.StructBlock):
        for part, inner in value.items():
            child = block.child_blocks[part]
            yield from _in_block(child, inner, f"{name}.{part}", f"{label}, {force_str(child.label or part)}")
    elif isinstance(block, blocks.StreamBlock):
        yield from _in_stream(value, name, label)
    elif isinstance(block, blocks.ListBlock):
        for number, inner in enumerate(value, 1):
            yield from _in_block(block.child_block, inner, f"{name}.{number}", f"{label} {number}")
    elif isinstance(value, RichText):
        yield Passage(name, label, plain(value.source), html=value.source)
    elif isinstance(block, blocks.URLBlock):
        yield Passage(name, label, value or "", is_address=True)
    elif isinstance(value, str) and not isinstance(block, blocks.ChoiceBlock):
        yield Passage(name, label, value, is_number=isinstance(block, blocks.RegexBlock))


def _pictures_in(stream: Any, name: str, label: str) -> Iterator[Picture]:
    for number, child in enumerate(stream or (), 1):
        yield from _pictures_of_block(child.block, child.value, {}, f"{name}.{number}", f"{label} {number}")


def _pictures_of_block(block: blocks.Block, value: Any, around: Any, name: str, label: str) -> Iterator[Picture]:
    """A chooser finds words, rights and consent in the block around it."""
    if isinstance(block, ImageChooserBlock):
        if value is not None:
            yield Picture(name, label, *(around.get(part) if part in around else None for part in ("alt", "rights", "consent")))
    elif isinstance(block, blocks.StructBlock):
        for part, inner in value.items():
            yield from _pictures_of_block(block.child_blocks[part], inner, value, f"{name}.{part}", label)
    elif isinstance(block, blocks.StreamBlock):
        yield from _pictures_in(value, name, label)
    elif isinstance(block, blocks.ListBlock):
        for number, inner in enumerate(value, 1):
            yield from _pictures_of_block(block.child_block, inner, {}, f"{name}.{number}", label)


def _is_picture(field: "models.ForeignKey[Any, Any]") -> bool:
    return isinstance(field.related_model, type) and issubclass(field.related_model, AbstractImage)


def _beside(page: Page, name: str) -> str | None:
    return str(getattr(page, name)) if hasattr(page, name) else None
