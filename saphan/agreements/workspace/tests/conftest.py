"""Thailand's ministry keeps a bilateral SOP with Laos; its draft 3.0.0 holds the example procedure in English, Thai and Lao."""

from typing import Any

import pytest

from saphan.access.seeds import People
from saphan.agreements.drafting import begin_version, write_procedure
from saphan.agreements.models import Agreement, AgreementVersion
from saphan.agreements.procedures.tests.stories import example
from saphan.agreements.tests.making import an_agreement
from saphan.agreements.workspace.writing import text_of
from tests.people import *  # noqa: F403  # the same people for every room
from tests.people import NOON


@pytest.fixture
def agreement(people: People) -> Agreement:
    return an_agreement(people.agreement_officer, "TH-LA-SOP")


def in_three_languages() -> dict[str, Any]:
    """The example with words in the two languages that bind."""
    plain = example().procedure.plain()
    for article in plain["articles"]:
        article["prose"] |= {"th": f"ข้อ {article['art']} ของความตกลง", "lo": f"ມາດຕາ {article['art']}"}
    return plain


@pytest.fixture
def draft(agreement: Agreement, people: People) -> AgreementVersion:
    version = begin_version(agreement_id=agreement.pk, number=(3, 0, 0), by=people.agreement_officer, at=NOON)
    return write_procedure(version_id=version.pk, source=text_of(in_three_languages()), by=people.agreement_officer, at=NOON)


@pytest.fixture
def negotiated(draft: AgreementVersion, people: People) -> AgreementVersion:
    from saphan.agreements.drafting import negotiate

    return negotiate(version_id=draft.pk, by=people.agreement_officer, at=NOON)
