"""From a draft to force and out of it again, through the services."""

import json
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from saphan.access.models import User
from saphan.agreements import drafting, enforcing, signing
from saphan.agreements.codes import ForceKind, Method
from saphan.agreements.drafting import NotClean
from saphan.agreements.enforcing import Happened
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent, Signature
from saphan.agreements.running import Words
from saphan.agreements.signing import Given
from saphan.agreements.states import VersionState
from saphan.core.errors import Invalid, Refused, WrongState
from tests.people import NOON

pytestmark = pytest.mark.django_db
V = VersionState
WORDS = [Words("1", "th", "ภาคีร่วมมือกัน"), Words("1", "lo", "ພາຄີຮ່ວມມືກັນ"), Words("2", "th", "ข้อสอง"), Words("2", "lo", "ຂໍ້ສອງ")]
TODAY = NOON.date()


@pytest.fixture
def draft(agreement: Agreement, officer: User) -> AgreementVersion:
    version = drafting.begin_version(agreement_id=agreement.pk, number=(3, 0, 0), by=officer, at=NOON)
    return drafting.write_words(version_id=version.pk, languages=["th", "lo"], words=WORDS, by=officer, at=NOON)


@pytest.fixture
def agreed(draft: AgreementVersion, officer: User) -> AgreementVersion:
    drafting.negotiate(version_id=draft.pk, by=officer, at=NOON)
    return drafting.agree(version_id=draft.pk, by=officer, at=NOON)


def given(version: AgreementVersion, side: str, **other: object) -> Given:
    party = version.agreement.parties.get(side=side)
    facts = {"office": "Minister", "signatory": "A. Minister", "method": Method.WET, "signed_on": TODAY, "seen": signing.short_digest(version)}
    return Given(party_id=party.pk, **(facts | other))  # type: ignore[arg-type]


def sign(version: AgreementVersion, officer: User, colleague: User) -> AgreementVersion:
    for side in "HO":
        one = signing.enter_signature(version_id=version.pk, given=given(version, side), by=officer, at=NOON)
        signing.confirm_signature(signature_id=one.pk, by=colleague, at=NOON)
    version.refresh_from_db()
    return version


@pytest.fixture
def signed(agreed: AgreementVersion, officer: User, colleague: User) -> AgreementVersion:
    return sign(agreed, officer, colleague)


def enters(version: AgreementVersion, officer: User, on: date = TODAY) -> ForceEvent:
    return enforcing.record_force(
        agreement_id=version.agreement_id, version_id=version.pk, happened=Happened(ForceKind.ENTERS, on), by=officer, at=NOON
    )


def happens(version: AgreementVersion, officer: User, kind: str, on: date, provision: str = "") -> ForceEvent:
    happened = Happened(kind, on, provision)
    return enforcing.record_force(agreement_id=version.agreement_id, version_id=version.pk, happened=happened, by=officer, at=NOON)


def test_a_draft_with_a_broken_running_part_stays_a_draft(draft: AgreementVersion, officer: User) -> None:
    version = drafting.write_procedure(version_id=draft.pk, source="saphan_sop: 1\nparties: &a {}\n", by=officer, at=NOON)
    assert version.errors
    with pytest.raises(NotClean):
        drafting.negotiate(version_id=draft.pk, by=officer, at=NOON)


def test_an_article_that_lacks_a_binding_language_is_not_agreed(draft: AgreementVersion, officer: User) -> None:
    drafting.write_words(version_id=draft.pk, languages=["th", "lo"], words=WORDS[:3], by=officer, at=NOON)
    drafting.negotiate(version_id=draft.pk, by=officer, at=NOON)
    with pytest.raises(NotClean) as wrong:
        drafting.agree(version_id=draft.pk, by=officer, at=NOON)
    assert "2" in wrong.value.sentence


def test_words_close_with_the_agreement_ad_referendum(agreed: AgreementVersion, officer: User) -> None:
    assert agreed.digest.startswith("sha256:")
    with pytest.raises(WrongState):
        drafting.write_words(version_id=agreed.pk, languages=["th"], words=WORDS, by=officer, at=NOON)


def test_one_signature_is_not_enough_and_the_second_signs(agreed: AgreementVersion, officer: User, colleague: User) -> None:
    one = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    signing.confirm_signature(signature_id=one.pk, by=colleague, at=NOON)
    agreed.refresh_from_db()
    assert (agreed.state, len(signing.still_missing(agreed))) == (V.AGREED, 1)
    two = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "O"), by=colleague, at=NOON)
    signing.confirm_signature(signature_id=two.pk, by=officer, at=NOON)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.signed_at) == (V.SIGNED, NOON)


def test_whoever_enters_a_signature_does_not_confirm_it(agreed: AgreementVersion, officer: User) -> None:
    one = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    with pytest.raises(Refused):
        signing.confirm_signature(signature_id=one.pk, by=officer, at=NOON)


def test_a_paper_with_another_digest_is_not_entered(agreed: AgreementVersion, officer: User) -> None:
    with pytest.raises(Invalid) as wrong:
        signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H", seen="0" * 12), by=officer, at=NOON)
    assert "seen" in wrong.value.fields


def test_a_party_signs_with_its_key(agreed: AgreementVersion, officer: User) -> None:
    private = Ed25519PrivateKey.generate()
    agreed.agreement.parties.filter(side="O").update(public_key=private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex())
    value = private.sign(signing.to_be_signed(agreed)).hex()
    with pytest.raises(Invalid):
        signing.enter_signature(version_id=agreed.pk, given=given(agreed, "O", method=Method.ED25519, value="00" * 64), by=officer, at=NOON)
    one = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "O", method=Method.ED25519, value=value), by=officer, at=NOON)
    assert one.digest == agreed.digest


def test_a_party_signs_once_and_a_rejected_signature_makes_room(agreed: AgreementVersion, officer: User, colleague: User) -> None:
    one = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    with pytest.raises(Invalid):
        signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    signing.reject_signature(signature_id=one.pk, by=colleague, at=NOON)
    signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    assert Signature.objects.count() == 2


def test_words_do_not_open_again_under_a_signature(agreed: AgreementVersion, officer: User, colleague: User) -> None:
    one = signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=officer, at=NOON)
    with pytest.raises(WrongState):
        drafting.reopen(version_id=agreed.pk, by=officer, at=NOON)
    signing.withdraw_signature(signature_id=one.pk, by=officer, at=NOON)
    assert drafting.reopen(version_id=agreed.pk, by=officer, at=NOON).state == V.NEGOTIATING


def test_force_begins_on_its_day_and_not_before(signed: AgreementVersion, officer: User) -> None:
    enters(signed, officer, TODAY + timedelta(days=10))
    signed.refresh_from_db()
    assert signed.state == V.SIGNED
    assert not AgreementVersion.objects.in_force_on(TODAY).exists()
    assert AgreementVersion.objects.in_force_on(TODAY + timedelta(days=10)).get() == signed
    enforcing.follow_the_calendar(NOON + timedelta(days=10))
    signed.refresh_from_db()
    assert signed.state == V.IN_FORCE


def test_a_newer_version_replaces_the_one_in_force_and_taking_it_back_restores_it(signed: AgreementVersion, officer: User, colleague: User) -> None:
    enters(signed, officer, TODAY - timedelta(days=30))
    newer = drafting.begin_version(agreement_id=signed.agreement_id, number=(3, 1, 0), based_on_id=signed.pk, by=officer, at=NOON)
    drafting.negotiate(version_id=newer.pk, by=officer, at=NOON)
    newer = sign(drafting.agree(version_id=newer.pk, by=officer, at=NOON), officer, colleague)
    event = enters(newer, officer)
    assert states() == {"3.0.0": V.SUPERSEDED, "3.1.0": V.IN_FORCE}
    assert AgreementVersion.objects.in_force_on(TODAY - timedelta(days=1)).get() == signed
    enforcing.take_back(event_id=event.pk, reason="wrong day", by=officer, at=NOON)
    assert states() == {"3.0.0": V.IN_FORCE, "3.1.0": V.SIGNED}


def states() -> dict[str, str]:
    return {version.semver: version.state for version in AgreementVersion.objects.all()}


def test_suspended_resumed_and_ended(signed: AgreementVersion, officer: User) -> None:
    enters(signed, officer, TODAY - timedelta(days=9))
    happens(signed, officer, ForceKind.SUSPENDED, TODAY - timedelta(days=5))
    assert states()["3.0.0"] == V.SUSPENDED
    happens(signed, officer, ForceKind.RESUMED, TODAY - timedelta(days=2))
    assert states()["3.0.0"] == V.IN_FORCE
    happens(signed, officer, ForceKind.TERMINATED, TODAY)
    assert states()["3.0.0"] == V.TERMINATED
    with pytest.raises(Invalid):
        happens(signed, officer, ForceKind.RESUMED, TODAY)


def test_what_was_not_suspended_is_not_resumed(signed: AgreementVersion, officer: User) -> None:
    enters(signed, officer)
    with pytest.raises(Invalid):
        happens(signed, officer, ForceKind.RESUMED, TODAY)
    assert ForceEvent.objects.count() == 1


def test_an_unknown_article_has_no_force(signed: AgreementVersion, officer: User) -> None:
    enters(signed, officer)
    with pytest.raises(Invalid):
        happens(signed, officer, ForceKind.SUSPENDED, TODAY, "99")
    happens(signed, officer, ForceKind.SUSPENDED, TODAY, "2")
    assert states()["3.0.0"] == V.IN_FORCE


def test_nothing_unsigned_is_in_force(agreed: AgreementVersion, officer: User) -> None:
    with pytest.raises(WrongState):
        enters(agreed, officer)


def test_another_office_writes_nothing(agreed: AgreementVersion, outsider: User) -> None:
    with pytest.raises(Refused):
        drafting.reopen(version_id=agreed.pk, by=outsider, at=NOON)
    with pytest.raises(Refused):
        signing.enter_signature(version_id=agreed.pk, given=given(agreed, "H"), by=outsider, at=NOON)


def test_the_digest_is_over_the_words_in_one_form(agreed: AgreementVersion) -> None:
    plain = json.loads(agreed.canonical)
    assert plain["agreement"] == "TH-LA-1"
    assert [text["number"] for text in plain["texts"]] == ["1", "1", "2", "2"]
