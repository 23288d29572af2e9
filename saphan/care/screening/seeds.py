"""Instruments of reference, loaded as often as one likes; and the demonstration's invented interviews."""

from typing import TYPE_CHECKING

from django.db import transaction

from saphan.care.screening.instruments import Instrument, InstrumentVersion
from saphan.care.screening.shipped import shipped_codes, shipped_form
from saphan.care.screening.states import VersionState
from saphan.care.screening.versions import Head, head_of, keep_form, said_in
from saphan.xlsform.definition import Form

if TYPE_CHECKING:
    from saphan.access.seeds import People


@transaction.atomic
def load_instruments() -> int:
    """Keeps every shipped instrument; returns how many versions are in place. A used version is never rewritten."""
    codes = shipped_codes()
    for code in codes:
        _keep(shipped_form(code))
    return len(codes)


def _keep(form: Form) -> None:
    head = head_of(form)
    names = {"name_en": said_in(head.names, "en"), "name_th": said_in(head.names, "th")}
    instrument, _made = Instrument.objects.update_or_create(code=head.code, defaults={"audience": head.audience, **names})
    version, made = InstrumentVersion.objects.get_or_create(instrument=instrument, number=int(form.version), defaults=_about(head))
    if not made:  # a version kept before its Thai wording existed gains it; nothing else of a version changes
        thai = {"source_th": said_in(head.source, "th"), "confidence_th": said_in(head.confidence, "th")}
        InstrumentVersion.objects.filter(pk=version.pk, source_th="").update(**thai)
    keep_form(version, form)


def _about(head: Head) -> dict[str, object]:
    return {
        "kind": head.kind,
        "state": VersionState(head.state),
        "source_en": said_in(head.source, "en"),
        "source_th": said_in(head.source, "th"),
        "rule_version": head.rule_version,
        "confidence_en": said_in(head.confidence, "en"),
        "confidence_th": said_in(head.confidence, "th"),
        "approved_at": head.approved_at,
    }


def plant(people: "People") -> None:
    """The invented story of screening, told through the services."""
    from saphan.care.screening.story import tell

    tell(people)
