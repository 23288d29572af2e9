"""Every field about a person carries its sensitivity class; free text is sealed."""

from django.apps import apps
from django.db import models

from saphan.core.sealing import SealedField
from saphan.core.sensitivity import Sensitivity

ROOMS_ABOUT_PEOPLE = ("saphan.care.",)
# Text without a list of choices that is a code or a reference of ours, never what somebody typed about a person.
CODES = {"reference", "alias", "code", "source", "purpose", "language", "need", "reason", "version", "instrument", "basis", "clock", "instance"}


def models_about_people() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith(ROOMS_ABOUT_PEOPLE)]


def test_there_are_such_models() -> None:
    assert len(models_about_people()) >= 8


def test_every_field_is_sealed_or_labelled() -> None:
    bare = [
        f"{model._meta.label}.{field.name}"
        for model in models_about_people()
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedField) and field.name not in getattr(model, "labels", {})
    ]
    assert bare == []


def test_a_label_is_a_class_and_names_a_field() -> None:
    for model in models_about_people():
        names = {f.name for f in model._meta.concrete_fields}
        assert set(getattr(model, "labels", {})) <= names, model
        assert all(isinstance(label, Sensitivity) for label in getattr(model, "labels", {}).values()), model


def test_free_text_is_sealed() -> None:
    reference_data = {"Instrument", "InstrumentVersion", "InstrumentUpload", "Question", "Questionnaire", "Clock"}
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in models_about_people()
        if model.__name__ not in reference_data
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and not any(code in field.name for code in CODES)
    ]
    assert loose == []
