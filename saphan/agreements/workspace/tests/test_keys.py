"""A party signs by its key through two of its persons; both parties over the same digest, or it is not signed."""

import pytest
from django.db import connection
from django.urls import reverse

from saphan.access.seeds import People
from saphan.agreements.drafting import agree
from saphan.agreements.models import AgreementVersion, Signature
from saphan.agreements.signing import is_by_key
from saphan.agreements.workspace import keys
from saphan.core.errors import DomainError, Invalid, NotFound, Refused, WrongState
from saphan.core.sealing import unseal
from tests.people import NOON, client_of


@pytest.fixture
def agreed(negotiated: AgreementVersion, people: People) -> AgreementVersion:
    return agree(version_id=negotiated.pk, by=people.agreement_officer, at=NOON)


def prepared(version: AgreementVersion, by, office: str = "Minister", signatory: str = "A. Name"):
    return keys.prepare(version_id=version.pk, office=office, signatory=signatory, by=by, at=NOON)


def test_both_sign_with_two_persons_each(agreed: AgreementVersion, people: People) -> None:
    for first, second in ((people.agreement_officer, people.agreement_colleague), (people.partner_officer, people.partner_colleague)):
        keys.make_key(by=first, at=NOON)
        one = prepared(agreed, first)
        with pytest.raises(Refused):
            keys.sign(prepared_id=one.pk, by=first, at=NOON)
        signature = keys.sign(prepared_id=one.pk, by=second, at=NOON)
        assert is_by_key(agreed, signature.key, signature.value)
    agreed.refresh_from_db()
    assert agreed.state == "signed"
    with pytest.raises(DomainError):
        keys.prepare(version_id=agreed.pk, office="x", signatory="y", by=people.agreement_officer, at=NOON)


def test_one_party_is_not_enough(agreed: AgreementVersion, people: People) -> None:
    keys.make_key(by=people.agreement_officer, at=NOON)
    keys.sign(prepared_id=prepared(agreed, people.agreement_officer).pk, by=people.agreement_colleague, at=NOON)
    agreed.refresh_from_db()
    assert agreed.state == "agreed_ad_referendum"
    assert agreed.agreement.parties.get(side="H").public_key


def test_the_other_office_never_signs_for_a_party(agreed: AgreementVersion, people: People) -> None:
    keys.make_key(by=people.agreement_officer, at=NOON)
    one = prepared(agreed, people.agreement_officer)
    for act in (keys.sign, keys.drop):
        with pytest.raises((Refused, NotFound)):
            act(prepared_id=one.pk, by=people.partner_officer, at=NOON)


def test_nothing_is_prepared_before_the_words_are_agreed(negotiated: AgreementVersion, people: People) -> None:
    keys.make_key(by=people.agreement_officer, at=NOON)
    with pytest.raises(WrongState):
        prepared(negotiated, people.agreement_officer)


def test_a_key_the_register_does_not_know_signs_nothing(agreed: AgreementVersion, people: People) -> None:
    agreed.agreement.parties.filter(side="H").update(public_key="ab" * 32)
    keys.make_key(by=people.agreement_officer, at=NOON)
    with pytest.raises(WrongState):
        keys.sign(prepared_id=prepared(agreed, people.agreement_officer).pk, by=people.agreement_colleague, at=NOON)


def test_a_retired_key_is_gone(agreed: AgreementVersion, people: People) -> None:
    key = keys.make_key(by=people.agreement_officer, at=NOON)
    with pytest.raises(Invalid):
        keys.make_key(by=people.agreement_colleague, at=NOON)
    keys.retire_key(key_id=key.pk, by=people.agreement_colleague, at=NOON)
    key.refresh_from_db()
    assert key.secret is None
    with pytest.raises(Invalid):
        prepared(agreed, people.agreement_officer)


def test_the_secret_half_lies_sealed(people: People) -> None:
    key = keys.make_key(by=people.agreement_officer, at=NOON)
    secret = unseal(key, "secret", org=people.ministry.pk)["secret"]
    assert secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_partykey")
        raw = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])
    assert secret not in raw
    assert bytes.fromhex(secret).hex() not in raw.encode().hex()


def test_the_screen_says_why_not(negotiated: AgreementVersion, people: People) -> None:
    from saphan.agreements.workspace import brackets

    brackets.set_bracket(version_id=negotiated.pk, key="5", reason="Twenty or thirty", by=people.partner_officer, at=NOON)
    page = client_of(people.agreement_officer).get(reverse("workspace:signing", args=[negotiated.pk])).content.decode()
    assert "Not yet: signature" in page
    assert "Article 5 is in brackets" in page


def test_two_persons_sign_on_the_screen(agreed: AgreementVersion, people: People) -> None:
    first, second = client_of(people.agreement_officer), client_of(people.agreement_colleague)
    page = reverse("workspace:signing", args=[agreed.pk])
    first.post(reverse("workspace:make_key", args=[agreed.pk]))
    assert first.post(reverse("workspace:prepare_signature", args=[agreed.pk]), {"office": "", "signatory": ""}).status_code == 422
    first.post(reverse("workspace:prepare_signature", args=[agreed.pk]), {"office": "Minister", "signatory": "A. Name"})
    assert "Sign with the key" not in first.get(page).content.decode()
    assert "Sign with the key" in second.get(page).content.decode()
    waiting = agreed.prepared.get()
    assert client_of(people.partner_officer).post(reverse("workspace:sign_by_key", args=[waiting.pk])).status_code == 404
    assert "have not signed yet" in second.post(reverse("workspace:sign_by_key", args=[waiting.pk]), follow=True).content.decode()


def test_a_paper_signature_that_was_entered_meanwhile_stands(agreed: AgreementVersion, people: People) -> None:
    keys.make_key(by=people.agreement_officer, at=NOON)
    one = prepared(agreed, people.agreement_officer)
    Signature.objects.create(
        version=agreed, party=one.party, office="Minister", signatory="A. Minister", method="wet", digest=agreed.digest, signed_on=NOON.date(),
        entered_at=NOON, entered_by=people.agreement_officer,
    )  # fmt: skip
    with pytest.raises(WrongState):
        keys.sign(prepared_id=one.pk, by=people.agreement_colleague, at=NOON)
    one.refresh_from_db()
    assert one.state == "prepared"
