"""A select of ours is what Django's own templates write, line for line; but for their empty lines."""

from uuid import uuid4

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from saphan.core.forms import Renderer

CHOICES = [
    ("", gettext_lazy("all")), ('a"<', "<b>bold</b> & 'so'"), (7, mark_safe("<i>marked</i>")), (uuid4(), 12345), (None, "none"),
    ("Group <1>", [("x", "within"), ("y", "also within")]),
]  # fmt: skip


def both(widget: forms.Select, value: object) -> tuple[list[str], list[str]]:
    attributes = {"id": "id_place", "required": True, "data-x": '"', "hidden": False}
    ours, django = (widget.render("place", value, attributes, renderer) for renderer in (Renderer(), DjangoTemplates()))
    return [line for line in ours.splitlines() if line], [line for line in django.splitlines() if line.strip()]


def test_options_values_marks_and_groups():
    for value in ("", "x", 7, None, 'a"<'):
        ours, django = both(forms.Select(choices=CHOICES), value)
        assert ours == django
    ours, django = both(forms.SelectMultiple(choices=CHOICES), ["x", "7"])
    assert ours == django
    ours, django = both(forms.NullBooleanSelect(), True)
    assert ours == django


def test_an_option_with_marks_of_its_own():
    class Marked(forms.Select):
        def create_option(self, *args, **kwargs):
            return {**super().create_option(*args, **kwargs), "attrs": {"data-a": "<1>", "disabled": True, "hidden": False}}

    ours, django = both(Marked(choices=CHOICES), "x")
    assert ours == django
