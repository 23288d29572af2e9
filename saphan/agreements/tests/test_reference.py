"""The agreements that the reference data know, in a database that has nothing else."""

import pytest

from saphan.agreements import reference
from saphan.agreements.models import Agreement, AgreementParty, ArticleType
from saphan.directory.seeds import load_reference

pytestmark = pytest.mark.django_db


def test_reference_data_load_twice_to_the_same() -> None:
    load_reference()
    reference.load_agreements()
    first = list(Agreement.objects.values_list("pk", "code", "provenance"))
    reference.load_agreements()
    assert list(Agreement.objects.values_list("pk", "code", "provenance")) == first
    assert (len(first), ArticleType.objects.count()) == (36, 20)
    assert AgreementParty.objects.filter(agreement__code="GMS-01").count() == 6
    assert Agreement.objects.get(code="BIL-16").provenance == "recalled"
    assert Agreement.objects.with_country("TH").filter(code="GMS-10").exists()
