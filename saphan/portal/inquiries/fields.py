"""What the desk's forms and addresses have in common."""

from uuid import UUID

from django import forms

from saphan.core.errors import Invalid


def put_errors(form: forms.BaseForm, error: Invalid) -> None:
    """Each sentence of a refusal at its field; what belongs to none stands above the form."""
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not error.fields:
        form.add_error(None, error.sentence)


def is_uuid(text: str) -> bool:
    """Whether this part of an address can be an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
