"""The wording of reference data in the reader's language."""

import pytest
from django.utils import translation

from saphan.care.persons.clocks import clock_of
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.reference import emergency_contacts, quorum_rules, rows_of
from saphan.care.screening.seeds import load_instruments

WORDED = ["clocks.csv", "referral_clocks.csv", "hearing_rules.csv", "legal_bases.csv", "emergency_contacts.csv", "instruments.csv"]


@pytest.mark.parametrize("name", WORDED)
def test_every_row_has_its_thai_wording(name: str) -> None:
    for row in rows_of(name):
        assert all(row[column] for column in row if column.endswith("_th")), row


def test_a_clock_names_its_basis_in_the_language_of_the_reader() -> None:
    clock = clock_of("case_review")
    with translation.override("en"):
        assert (clock.basis, str(clock.provenance.label)) == ("review of the plan with the person", "proposal")
    with translation.override("th"):
        assert clock.basis == "ทบทวนแผนร่วมกับผู้รับการคุ้มครอง"
        assert clock.approval == quorum_rules()["mdt_standard", "2"].approval == emergency_contacts()[0].confidence == "รอกระทรวงที่นำระบบไปใช้ยืนยัน"


@pytest.mark.django_db
def test_an_instrument_kept_before_its_thai_wording_gains_it_when_loaded_again() -> None:
    load_instruments()
    InstrumentVersion.objects.update(source_th="", confidence_th="")
    load_instruments()
    with translation.override("th"):
        assert all("ILO" in version.source and "ตัวชี้วัด" in version.source for version in InstrumentVersion.objects.all())
