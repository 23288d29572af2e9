"""The pieces that editors put a page together from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class AreaBlock(blocks.StructBlock):
    """One of the five areas of cooperation."""

    title = blocks.CharBlock(label=_("title"), max_length=80)
    text = blocks.CharBlock(label=_("text"), max_length=200)

    class Meta:
        label = _("area of work")


class CardBlock(blocks.StructBlock):
    """A way on from the home page. It always leads to a page that exists."""

    title = blocks.CharBlock(label=_("title"), max_length=80)
    text = blocks.CharBlock(label=_("text"), max_length=200)
    page = blocks.PageChooserBlock(label=_("leads to"))
    urgent = blocks.BooleanBlock(label=_("for somebody in danger"), required=False)

    class Meta:
        label = _("card")


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
