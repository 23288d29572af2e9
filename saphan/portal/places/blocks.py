"""The pieces that editors put the page of a country together from. Each carries where it comes from and when somebody last looked."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from saphan.core.origin import Provenance

ORIGINS = [choice for choice in Provenance.choices if choice[0] != Provenance.PROPOSAL]


class SourcedBlock(blocks.StructBlock):
    """What each entry says of itself beside its title."""

    title = blocks.CharBlock(label=_("title"), max_length=250)
    language = blocks.ChoiceBlock(
        label=_("language of the title"), choices=settings.LANGUAGES, required=False, help_text=_("Only when it is not the language of the page.")
    )


class InstrumentBlock(SourcedBlock):
    """A law, an agreement or an action plan."""

    year = blocks.IntegerBlock(label=_("year"), min_value=1800, max_value=2200, required=False, help_text=_("Of our era, for example 2008."))
    signed_on = blocks.DateBlock(label=_("exact day"), required=False, help_text=_("Only when it is known."))
    note = blocks.CharBlock(label=_("what to know"), max_length=400, required=False)
    source = blocks.CharBlock(label=_("source"), max_length=200, required=False, help_text=_("Who says so."))
    link = blocks.URLBlock(label=_("link to the source"), max_length=500, required=False)
    document = blocks.PageChooserBlock(label=_("text of it in the library"), required=False)
    origin = blocks.ChoiceBlock(label=_("how sure it is"), choices=ORIGINS, default=Provenance.RECALLED)
    checked_on = blocks.DateBlock(label=_("last checked on"), required=False)

    class Meta:
        label = _("entry")


class LineBlock(SourcedBlock):
    """A hotline of the country. A number that nobody has confirmed is left empty, never guessed."""

    number = blocks.RegexBlock(label=_("number"), regex=r"^\+?[0-9 ]{3,20}$", required=False, help_text=_("Empty: to be confirmed."))
    hours = blocks.CharBlock(label=_("hours"), max_length=80, required=False)
    note = blocks.CharBlock(label=_("what to know"), max_length=400, required=False)
    source = blocks.CharBlock(label=_("source"), max_length=200, required=False, help_text=_("Who says so."))
    link = blocks.URLBlock(label=_("link to the source"), max_length=500, required=False)
    checked_on = blocks.DateBlock(label=_("last checked on"), required=False)

    class Meta:
        label = _("hotline")
