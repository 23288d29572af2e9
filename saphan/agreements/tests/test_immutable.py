"""Signed versions never change: the database refuses it, whoever asks and however."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from saphan.access.seeds import People
from saphan.agreements import triggers
from saphan.agreements.models import AgreementVersion, ForceEvent, ProvisionText, Signature
from saphan.agreements.tests.making import agreed_version, an_agreement, bring_into_force, sign_for_all
from saphan.agreements.version_models import MOVING
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(people: People) -> AgreementVersion:
    agreement = an_agreement(people.agreement_officer)
    draft = agreed_version(agreement, people.agreement_officer, NOON)
    ProvisionText.objects.create(version=draft, number="1", place=1, language="en", prose="Each stage begins only when the one before is complete.")
    return sign_for_all(draft, people.agreement_officer, people.agreement_colleague, NOON)


def refused(sql: str, *values: Any) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, list(values))
            return bool(cursor.rowcount == 0)
    except IntegrityError:
        return True


def test_every_column_of_a_version_is_kept_or_known_to_move() -> None:
    columns = {field.column for field in AgreementVersion._meta.concrete_fields}
    assert set(triggers.KEPT) | set(MOVING) == columns


@pytest.mark.parametrize("column", triggers.KEPT)
def test_no_kept_column_of_a_signed_version_is_changed_by_raw_sql(version: AgreementVersion, column: str) -> None:
    for value in ("'x'", "7", "NULL"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE agreements_agreementversion SET {column} = {value}")
        except DatabaseError:
            pass
        stands = AgreementVersion.objects.filter(pk=version.pk).values(column).first()
        assert stands is not None
        assert stands[column] == getattr(version, column), (column, value)


def test_a_signed_version_stays(version: AgreementVersion) -> None:
    assert refused("DELETE FROM agreements_agreementversion")
    assert refused("UPDATE agreements_agreementversion SET signed_at = NULL")
    assert refused("UPDATE agreements_agreementversion SET state = 'drafting'")
    assert AgreementVersion.objects.get().state == "signed"


def test_its_words_stay(version: AgreementVersion) -> None:
    assert refused("UPDATE agreements_provisiontext SET prose = 'Anything'")
    assert refused("DELETE FROM agreements_provisiontext")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvisionText.objects.create(version=version, number="2", place=2, language="en", prose="Added later.")


def test_its_signatures_stay(version: AgreementVersion, people: People) -> None:
    assert refused("UPDATE agreements_signature SET signatory = 'Somebody else'")
    assert refused("DELETE FROM agreements_signature")


def test_a_signature_under_another_digest_is_refused(people: People) -> None:
    draft = agreed_version(an_agreement(people.agreement_officer, "B"), people.agreement_officer, NOON)
    party = draft.agreement.parties.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            version=draft, party=party, office="Minister", signatory="A. M.", method="wet", digest="sha256:" + "b" * 64, signed_on=NOON.date(),
            entered_at=NOON, entered_by=people.agreement_officer,
        )  # fmt: skip


def test_nothing_is_signed_before_all_parties_have_signed(people: People) -> None:
    draft = agreed_version(an_agreement(people.agreement_officer, "B"), people.agreement_officer, NOON)
    assert refused("UPDATE agreements_agreementversion SET state = 'signed', signed_at = agreed_at WHERE id = %s", _id(draft.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        agreed_version(draft.agreement, people.agreement_officer, NOON, (2, 0, 0), state="signed", signed_at=NOON)


def test_events_of_force_are_only_added(version: AgreementVersion, people: People) -> None:
    bring_into_force(version, people.agreement_officer, NOON.date(), NOON)
    assert refused("UPDATE agreements_forceevent SET kind = 'terminated'")
    assert refused("DELETE FROM agreements_forceevent")
    assert ForceEvent.objects.get().kind == "enters"


def _id(pk: object) -> object:
    return pk if connection.vendor == "postgresql" else str(pk).replace("-", "")
