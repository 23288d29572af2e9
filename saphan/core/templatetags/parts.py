"""Tags and filters that every template knows without loading them."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, DateInput, FileInput, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.core import clock
from saphan.core.dates import DateField
from saphan.core.origin import country_said, language_said

register = template.Library()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = DAY
DASHES = "---------"  # what Django writes where nothing is chosen

KINDS: list[tuple[type, str]] = [
    (CheckboxSelectMultiple, "checks"),
    (RadioSelect, "radios"),
    (CheckboxInput, "check"),
    (Textarea, "long"),
    (Select, "select"),
    (DateInput, "date"),
    (FileInput, "file"),
]


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of our own sprite; it never stands alone, so it is hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
def once() -> SafeString:
    """A hidden random token: the view marked `@once` acts a single time for it, however often the page is sent."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(16))


@register.filter
def asked_as(field: BoundField) -> str:
    """The manner in which a field asks: radios, checks, check, long, select, date, file or line."""
    if isinstance(field.field, DateField):
        return "date"
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "line")


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the first control of a field, where the error summary leads."""
    several = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if several else str(field.id_for_label or field.auto_id)


@register.filter
def as_option(option: dict[str, Any]) -> SafeString:
    """One choice of a select, as Django's own template writes it. In Python, for a list of 77 provinces is on many pages."""
    marks = ((name, value) for name, value in option["attrs"].items() if value is not False)
    attributes = format_html_join("", "{}", ((format_html(" {}", n) if v is True else format_html(' {}="{}"', n, v),) for n, v in marks))
    label = _("Choose…") if option["label"] == DASHES else option["label"]
    return format_html('<option value="{}"{}>{}</option>', str(option["value"]), attributes, label)


@register.filter
def stands_aside(field: BoundField, value: Any) -> bool:
    """Whether an answer is one of the small pair: not known, prefer not to say, ask later."""
    return str(value) in {str(v) for v in getattr(field.field.widget, "aside", ())}


@register.filter
def country(code: str) -> str:
    """The country of a code, in the reader's language."""
    return country_said(code)


@register.filter
def named_language(language: Any) -> str:
    """A language of a questionnaire, in the reader's language."""
    return language_said(language.code, language.name)


@register.filter
def up_to(last: int) -> range:
    """1, 2, ... last: the steps of a way."""
    return range(1, int(last) + 1)


@register.filter
def due_in(due_at: datetime | None) -> str:
    """How long until then, as on a clock that is read in passing: "4 d", "2 h left", "late by 3 h"."""
    if due_at is None:
        return ""
    left = due_at - clock.now()
    if left < timedelta(0):
        return _("late by %(span)s") % {"span": _span(-left)}
    return _("%(span)s left") % {"span": _span(left)} if left < DAY else _span(left)


@register.filter
def due_tone(due_at: datetime | None) -> str:
    """The tone of such a clock: bad when late, warm on the last day, else plain."""
    if due_at is None:
        return ""
    left = due_at - clock.now()
    return "bad" if left < timedelta(0) else "warm" if left < SOON else ""


@register.filter
def ago(instant: datetime | None) -> str:
    """How long since then: "just now", "3 h ago"."""
    if instant is None:
        return ""
    past = clock.now() - instant
    return _("just now") if past < timedelta(minutes=1) else _("%(span)s ago") % {"span": _span(past)}


def _span(length: timedelta) -> str:
    if length >= 2 * DAY:
        return _("%(n)d d") % {"n": length // DAY}
    if length >= HOUR:
        return _("%(n)d h") % {"n": length // HOUR}
    return _("%(n)d min") % {"n": max(1, length // timedelta(minutes=1))}
