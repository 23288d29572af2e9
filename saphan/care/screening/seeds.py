"""Instruments of reference, loaded as often as one likes; and the demonstration's invented interviews."""

from typing import TYPE_CHECKING

from django.db import transaction

from saphan.care.screening.heads import head_of
from saphan.care.screening.instruments import Instrument, InstrumentVersion
from saphan.care.screening.shipped import shipped_codes, shipped_form
from saphan.care.screening.states import VersionState
from saphan.care.screening.versions import keep_form
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
    instrument, _made = Instrument.objects.update_or_create(code=head.code, defaults=head.of_instrument)
    begun = head.of_version | {"state": VersionState(head.state), "approved_at": head.approved_at}
    version, made = InstrumentVersion.objects.get_or_create(instrument=instrument, number=int(form.version), defaults=begun)
    if not made:  # a version kept before its Thai wording existed gains it; nothing else of a version changes
        thai = {"source_th": head.source_th, "confidence_th": head.confidence_th}
        InstrumentVersion.objects.filter(pk=version.pk, source_th="").update(**thai)
    keep_form(version, form)


def plant(people: "People") -> None:
    """The invented story of screening, told through the services."""
    from saphan.care.screening.story import tell

    tell(people)
