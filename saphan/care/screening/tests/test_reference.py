"""The wording of reference data in the reader's language."""

import pytest
from django.utils import translation

from saphan.care.persons.clocks import clock_of
from saphan.care.screening.heads import head_of
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.reference import emergency_contacts, quorum_rules, rows_of
from saphan.care.screening.seeds import load_instruments
from saphan.care.screening.shipped import shipped_codes, shipped_form
from saphan.care.screening.versions import refuse_unfit_indicators
from saphan.xlsform.coverage import coverage

WORDED = ["clocks.csv", "referral_clocks.csv", "hearing_rules.csv", "legal_bases.csv", "site_facts.csv", "emergency_contacts.csv"]


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
        sourced = InstrumentVersion.objects.filter(instrument__in=["adult_labour", "child_labour"])
        assert all("ILO" in version.source and "ตัวชี้วัด" in version.source for version in sourced)


SIX = {"en", "th", "lo", "km", "my", "vi"}


@pytest.mark.parametrize("code", shipped_codes())
def test_a_shipped_instrument_speaks_six_languages_everywhere_and_says_which_nobody_has_checked(code: str) -> None:
    form = shipped_form(code)
    assert {one.code for one in form.languages} == SIX
    assert coverage(form) == []
    review = form.settings["sph_review"]
    assert isinstance(review, dict)
    assert {language for language, checked in review.items() if checked == "machine"} >= SIX - {"en", "th"}
    assert not refuse_unfit_indicators(form)


@pytest.mark.parametrize("code", shipped_codes())
def test_a_question_of_a_shipped_instrument_says_why_it_is_asked_and_where_it_comes_from(code: str) -> None:
    for asked in shipped_form(code).questions():
        assert asked.extra.get("why"), asked.code
        assert asked.extra.get("sph_provenance"), asked.code


def test_only_the_two_sourced_sets_may_give_a_formal_result_as_shipped() -> None:
    approved = {
        code for code in shipped_codes() if head_of(shipped_form(code)).state == "approved" and head_of(shipped_form(code)).kind == "indicators"
    }
    assert approved == {"adult_labour", "child_labour"}
