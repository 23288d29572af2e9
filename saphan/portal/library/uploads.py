"""How the editors' form takes a file: looked through while the form is checked, kept even when another field has to be mended."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.portal.library.services import receive
from saphan.portal.library.shelves import facts_of


class FileInput(forms.FileInput):
    """Shows what is kept, and takes another file in its place."""

    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name) or data.get(f"{name}-kept") or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-kept" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        from saphan.portal.library.models import StoredFile

        digest = getattr(value, "kept", None) if isinstance(value, UploadedFile) else value
        kept = StoredFile.objects.filter(pk=digest).first() if digest else None
        control = super().render(name, None, {**(attrs or {}), "accept": ".pdf,.docx"}, renderer)
        if kept is None:
            return control
        return format_html('<p>{}</p><input type="hidden" name="{}-kept" value="{}">{}', _said_of(kept), name, kept.pk, control)


class FileField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in its stubs
    """A file of the library: one that is sent now, or the one that is kept already."""

    default_error_messages = {"required": gettext_lazy("Choose a PDF or Word file.")}

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, UploadedFile):
            return super().to_python(value)
        try:
            stored = receive(value, clock.now())
        except Invalid as invalid:
            raise forms.ValidationError(invalid.sentence, code="refused") from None
        value.kept = stored.pk  # type: ignore[attr-defined]  # remembered for the form that comes back with another error
        return stored

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, UploadedFile) or super().has_changed(initial, data)


def _said_of(kept: Any) -> str:
    """What an editor should know of a kept file."""
    facts = facts_of(kept.kind, kept.pages, kept.size)
    if kept.destroyed_at:
        return _("This file was destroyed.")
    if not kept.letters:
        return _("Kept: %(facts)s. No text was found in it: its words cannot be searched. A scan needs text recognition first.") % {"facts": facts}
    if kept.partly:
        return _("Kept: %(facts)s. It is so long that only its first %(n)s letters can be searched.") % {"facts": facts, "n": kept.letters}
    return _("Kept: %(facts)s; %(n)s letters of text can be searched.") % {"facts": facts, "n": kept.letters}
