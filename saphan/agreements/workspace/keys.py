"""The key with which an organisation signs agreements: made here, its secret half sealed under the organisation's own key, used by two persons only."""

from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import Method
from saphan.agreements.drafting import locked_version
from saphan.agreements.models import AgreementParty, AgreementVersion, Signature
from saphan.agreements.signing import close_when_all_signed, to_be_signed
from saphan.agreements.states import VERSION
from saphan.agreements.workspace.models import PartyKey, PreparedSignature
from saphan.agreements.workspace.parties import own_party
from saphan.agreements.workspace.states import KEY, PREPARED, KeyState, PreparedState
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.ids import new_id
from saphan.core.sealing import seal, unseal


@transaction.atomic
def make_key(*, by: User, at: datetime) -> PartyKey:
    """A key pair for the user's organisation. Raises Invalid where one is in use."""
    require(by, Action.AGREEMENT_KEEP_KEY, by.org_id)
    pair = Ed25519PrivateKey.generate()
    key = PartyKey(id=new_id(), org=by.org, public=pair.public_key().public_bytes_raw().hex(), made_at=at, made_by=by)
    seal(key, org=by.org_id, secret=pair.private_bytes_raw().hex())
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise Invalid(_("Your organisation has a key in use. Retire it first.")) from None
    record(by=by, action=Action.AGREEMENT_KEEP_KEY, target=key, at=at, fields=["public"])
    return key


@transaction.atomic
def retire_key(*, key_id: UUID, by: User, at: datetime) -> PartyKey:
    """Signs nothing any more, for good: the secret half is destroyed. What it signed stays verifiable by the public half."""
    key = PartyKey.objects.select_for_update(of=("self",)).filter(pk=key_id).first()
    if key is None:
        raise NotFound
    require(by, Action.AGREEMENT_KEEP_KEY, key.org_id)
    key.state, key.retired_at, key.secret = KEY.target("retire", key.state), at, None
    key.save(update_fields=["state", "retired_at", "secret"])
    record(by=by, action=Action.AGREEMENT_KEEP_KEY, target=key, at=at, purpose="retire")
    return key


def key_of(user: User) -> PartyKey | None:
    """The key in use of the user's organisation."""
    return PartyKey.objects.filter(org=user.org_id, state=KeyState.ACTIVE).select_related("made_by").first()


@transaction.atomic
def prepare(*, version_id: UUID, office: str, signatory: str, by: User, at: datetime) -> PreparedSignature:
    """Makes the signature of one's own party ready for a second person. Raises WrongState unless the version is agreed, Invalid without a key."""
    version = _agreed(version_id, by)
    party = own_party(by, version.agreement)
    if key_of(by) is None:
        raise Invalid(_("Your organisation has no key yet. Make one first."))
    _refuse_signed(version, party)
    prepared = PreparedSignature(
        version=version, party=party, org=by.org, office=office, signatory=signatory, digest=version.digest, prepared_at=at, prepared_by=by
    )  # fmt: skip
    try:
        with transaction.atomic():
            prepared.save(force_insert=True)
    except IntegrityError:
        raise WrongState(_("A signature of this party is prepared already.")) from None
    record(by=by, action=Action.AGREEMENT_SIGN_BY_KEY, target=prepared, at=at, fields=["office", "signatory"], purpose="prepare")
    return prepared


@transaction.atomic
def sign(*, prepared_id: UUID, by: User, at: datetime) -> Signature:
    """A second person of the same organisation signs with its key. With the last party's signature the version is signed and closed for ever."""
    prepared = _held(prepared_id)
    version = prepared.version
    require(by, Action.AGREEMENT_SIGN_BY_KEY, prepared)
    VERSION.target("sign", version.state)
    prepared.state = PREPARED.target("sign", prepared.state)
    if prepared.digest != version.digest:
        raise WrongState(_("The words have changed since this signature was prepared. Drop it and prepare it anew."))
    _refuse_signed(version, prepared.party)
    key = key_of(by)
    if key is None:
        raise Invalid(_("Your organisation has no key yet. Make one first."))
    value = _signed(key, version, by)
    _refuse_other_key(prepared, key)
    signature = Signature.objects.create(
        version=version, party=prepared.party, office=prepared.office, signatory=prepared.signatory, method=Method.ED25519, digest=version.digest,
        signed_on=timezone.localdate(at), key=key.public, value=value, state="confirmed", entered_at=prepared.prepared_at, entered_by_id=prepared.prepared_by_id,
        settled_at=at, settled_by=by,
    )  # fmt: skip
    prepared.settled_at, prepared.settled_by = at, by
    prepared.save(update_fields=["state", "settled_at", "settled_by"])
    record(by=by, action=Action.AGREEMENT_SIGN_BY_KEY, target=signature, at=at, fields=["value"], purpose="sign")
    close_when_all_signed(version, by=by, at=at)
    return signature


def _refuse_signed(version: AgreementVersion, party: AgreementParty) -> None:
    if version.signatures.filter(party=party).exclude(state="rejected").exists():
        raise WrongState(_("A signature of this party is entered already."))


@transaction.atomic
def drop(*, prepared_id: UUID, by: User, at: datetime) -> PreparedSignature:
    """Takes back what was prepared; anybody of the office may, also whoever prepared it."""
    prepared = _held(prepared_id)
    if prepared.org_id != by.org_id:
        raise NotFound
    require(by, Action.AGREEMENT_SIGN_BY_KEY, prepared.version.agreement)
    prepared.state = PREPARED.target("drop", prepared.state)
    prepared.settled_at, prepared.settled_by = at, by
    prepared.save(update_fields=["state", "settled_at", "settled_by"])
    record(by=by, action=Action.AGREEMENT_SIGN_BY_KEY, target=prepared, at=at, purpose="drop")
    return prepared


def waiting(version: AgreementVersion, org_id: UUID) -> list[PreparedSignature]:
    """What waits for a second person of this organisation."""
    found = version.prepared.filter(org=org_id, state=PreparedState.PREPARED)
    return list(found.select_related("party__country", "party__organisation", "prepared_by"))


def _agreed(version_id: UUID, by: User) -> AgreementVersion:
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_SIGN_BY_KEY, version.agreement)
    VERSION.target("sign", version.state)
    return version


def _held(prepared_id: UUID) -> PreparedSignature:
    version_id = PreparedSignature.objects.filter(pk=prepared_id).values_list("version", flat=True).first()
    if version_id is None:
        raise NotFound
    version = locked_version(version_id)
    prepared = PreparedSignature.objects.select_for_update(of=("self",)).select_related("party").get(pk=prepared_id)
    prepared.version = version
    return prepared


def _refuse_other_key(prepared: PreparedSignature, key: PartyKey) -> None:
    """The register learns a party's key with its first signature; another one is never put in its place in passing."""
    party = prepared.party
    if party.public_key and party.public_key != key.public:
        raise WrongState(_("The register holds another key of this party. Its office compares the keys and corrects the register first."))
    if not party.public_key:
        party.public_key = key.public
        party.save(update_fields=["public_key"])


def _signed(key: PartyKey, version: AgreementVersion, by: User) -> str:
    secret = unseal(key, "secret", org=by.org_id)["secret"]
    assert secret is not None  # a key in use has its secret half
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(to_be_signed(version)).hex()
