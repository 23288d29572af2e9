"""The pieces that editors put a page together from."""

from typing import Any

from django.forms.utils import ErrorList
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from saphan.portal.pages import ROOM_PAGES


class AreaBlock(blocks.StructBlock):
    """One of the five areas of cooperation."""

    title = blocks.CharBlock(label=_("title"), max_length=80)
    text = blocks.CharBlock(label=_("text"), max_length=200)

    class Meta:
        label = _("area of work")


def room_pages() -> list[tuple[str, str | Promise]]:
    """The pages of rooms to which a card may lead."""
    return list(ROOM_PAGES.items())


class CardBlock(blocks.StructBlock):
    """A way on from the home page. It always leads to a page that exists: one that editors write, or one of a room."""

    title = blocks.CharBlock(label=_("title"), max_length=80)
    text = blocks.CharBlock(label=_("text"), max_length=200)
    page = blocks.PageChooserBlock(label=_("leads to"), required=False)
    room = blocks.ChoiceBlock(label=_("or to a page of a room"), choices=room_pages, required=False)
    urgent = blocks.BooleanBlock(label=_("for somebody in danger"), required=False)

    class Meta:
        label = _("card")

    def clean(self, value: Any) -> Any:
        """Exactly one way on."""
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["room"]):
            errors = {"page": ErrorList([gettext("Choose a page, or a page of a room, and not both.")])}
            raise blocks.struct_block.StructBlockValidationError(block_errors=errors)
        return cleaned


class HotlineBlock(blocks.StructBlock):
    """A telephone number for those who need help now. A number that nobody has confirmed is left empty, never guessed."""

    country = blocks.CharBlock(label=_("country"), max_length=80)
    name = blocks.CharBlock(label=_("name"), max_length=160)
    number = blocks.RegexBlock(label=_("number"), regex=r"^\+?[0-9 ]{3,20}$", required=False, help_text=_("Empty: to be confirmed."))
    hours = blocks.CharBlock(label=_("hours"), max_length=80, required=False)
    note = blocks.CharBlock(label=_("what to know"), max_length=300, required=False)
    confirmed_on = blocks.DateBlock(label=_("last confirmed on"), required=False)

    class Meta:
        label = _("hotline")
