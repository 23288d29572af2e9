"""Signatures under a version. One person of the office enters what the paper or the key shows, another compares and confirms; with the last it is signed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import Method, PartyRole
from saphan.agreements.drafting import locked_version
from saphan.agreements.models import AgreementParty, AgreementVersion, Signature
from saphan.agreements.states import SIGNATURE, VERSION, SignatureState
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState

CONTEXT = b"saphan agreement v1\n"
SEEN = 12  # hexadecimal digits of the digest that whoever enters a wet signature reads from the paper


@dataclass(frozen=True)
class Given:
    """What the paper, or the key, shows."""

    party_id: UUID
    office: str
    signatory: str
    method: str
    signed_on: date
    seen: str = ""  # wet: the first digits of the digest as they stand on the signed paper
    value: str = ""  # key: the signature in hexadecimal digits
    place: str = ""


def to_be_signed(version: AgreementVersion) -> bytes:
    """The bytes that a key signs."""
    return CONTEXT + version.digest.encode()


def short_digest(version: AgreementVersion) -> str:
    """The digits of the digest that stand beside the QR on the print."""
    return version.digest.removeprefix("sha256:")[:SEEN]


@transaction.atomic
def enter_signature(*, version_id: UUID, given: Given, by: User, at: datetime) -> Signature:
    """Enters the signature of one party. Raises Invalid when the digest on the paper is another, the key does not fit, or the party has one already."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_SIGN, version.agreement)
    VERSION.target("sign", version.state)
    party = version.agreement.parties.filter(pk=given.party_id, role=PartyRole.PARTY).first()
    if party is None:
        raise Invalid(fields={"party": _("Choose one of the parties of this agreement.")})
    if given.signed_on > timezone.localdate(at):
        raise Invalid(fields={"signed_on": _("This day has not come yet.")})
    _refuse_other_words(version, party, given)
    by_key = given.method == Method.ED25519
    signature = Signature(
        version=version, party=party, office=given.office, signatory=given.signatory, method=given.method, digest=version.digest,
        signed_on=given.signed_on, place_signed=given.place, key=party.public_key if by_key else "", value=given.value.lower() if by_key else "",
        entered_at=at, entered_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"party": _("A signature of this party is entered already.")}) from None
    record(by=by, action=Action.AGREEMENT_SIGN, target=signature, at=at, fields=["party", "method"])
    return signature


def _refuse_other_words(version: AgreementVersion, party: AgreementParty, given: Given) -> None:
    if given.method == Method.WET:
        seen = "".join(given.seen.lower().removeprefix("sha256:").split())
        if len(seen) < SEEN or not version.digest.removeprefix("sha256:").startswith(seen):
            raise Invalid(fields={"seen": _("These are not the digits of this version. Another text was signed, or look at the paper once more.")})
    elif not party.public_key:
        raise Invalid(fields={"method": _("No key of this party is kept in the register.")})
    elif not is_by_key(version, party.public_key, given.value):
        raise Invalid(fields={"value": _("This is not a signature of this party's key over this version.")})


def is_by_key(version: AgreementVersion, key: str, value: str) -> bool:
    """Whether the key signed exactly this version."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(value), to_be_signed(version))
    except (InvalidSignature, ValueError):
        return False
    return True


@transaction.atomic
def confirm_signature(*, signature_id: UUID, by: User, at: datetime) -> Signature:
    """A second person has compared it with the paper. With the last party's signature the version is signed and closed for ever."""
    signature = _locked(signature_id)
    require(by, Action.AGREEMENT_CONFIRM, signature)
    version = signature.version
    VERSION.target("sign", version.state)
    _settle(signature, "confirm", by, at)
    record(by=by, action=Action.AGREEMENT_CONFIRM, target=signature, at=at)
    close_when_all_signed(version, by=by, at=at)
    return signature


def close_when_all_signed(version: AgreementVersion, *, by: User, at: datetime) -> None:
    """With the last party's signature a held version is signed, for ever."""
    if not still_missing(version):
        version.state, version.signed_at = VERSION.target("sign", version.state), at
        version.save(update_fields=["state", "signed_at"])
        record(by=by, action="agreements:sign", target=version, at=at)


@transaction.atomic
def reject_signature(*, signature_id: UUID, by: User, at: datetime) -> Signature:
    """A second person finds that it is not as entered; it never counts."""
    signature = _locked(signature_id)
    require(by, Action.AGREEMENT_CONFIRM, signature)
    _refuse_signed(signature)
    _settle(signature, "reject", by, at)
    record(by=by, action=Action.AGREEMENT_CONFIRM, target=signature, at=at, purpose="reject")
    return signature


@transaction.atomic
def withdraw_signature(*, signature_id: UUID, by: User, at: datetime) -> Signature:
    """Takes back an entry that nobody has confirmed yet."""
    signature = _locked(signature_id)
    require(by, Action.AGREEMENT_SIGN, signature.version.agreement)
    _refuse_signed(signature)
    _settle(signature, "withdraw", by, at)
    record(by=by, action=Action.AGREEMENT_SIGN, target=signature, at=at, purpose="withdraw")
    return signature


@transaction.atomic
def notify(*, version_id: UUID, on: date, by: User, at: datetime) -> AgreementVersion:
    """The other side, or the depositary, was told that what its own law asks for is done."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_NOTIFY, version.agreement)
    if on > timezone.localdate(at):
        raise Invalid(fields={"on": _("This day has not come yet.")})
    version.state, version.notified_on = VERSION.target("notify", version.state), on
    version.save(update_fields=["state", "notified_on"])
    record(by=by, action=Action.AGREEMENT_NOTIFY, target=version, at=at, fields=["notified_on"])
    return version


def still_missing(version: AgreementVersion) -> list[AgreementParty]:
    """The parties of which no confirmed signature over this very digest is there."""
    there = version.signatures.filter(state=SignatureState.CONFIRMED, digest=version.digest).values("party")
    return list(version.agreement.parties.filter(role=PartyRole.PARTY).exclude(pk__in=there).select_related("country", "organisation"))


def _locked(signature_id: UUID) -> Signature:
    version_id = Signature.objects.filter(pk=signature_id).values_list("version", flat=True).first()
    if version_id is None:
        raise NotFound
    version = locked_version(version_id)
    signature = Signature.objects.select_for_update(of=("self",)).get(pk=signature_id)
    signature.version = version
    return signature


def _refuse_signed(signature: Signature) -> None:
    if signature.version.is_signed:
        raise WrongState(_("The version is signed: its signatures stay."))


def _settle(signature: Signature, verb: str, by: User, at: datetime) -> None:
    signature.state, signature.settled_at, signature.settled_by = SIGNATURE.target(verb, signature.state), at, by
    signature.save(update_fields=["state", "settled_at", "settled_by"])
