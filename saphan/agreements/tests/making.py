"""Agreements as tests need them: the shortest way through the database's own rules to a version that is signed, or in force."""

from datetime import date, datetime
from typing import Any

from saphan.access.models import User
from saphan.agreements.codes import Confidentiality, ForceKind, Kind, Method
from saphan.agreements.models import Agreement, AgreementParty, AgreementVersion, ForceEvent, Signature
from saphan.agreements.states import SignatureState, VersionState
from saphan.directory.models import Country

NAMES = {"TH": ("Thailand", "ไทย"), "LA": ("Laos", "ลาว"), "KH": ("Cambodia", "กัมพูชา")}


def an_agreement(officer: User, code: str = "TH-LA-1", **facts: Any) -> Agreement:
    """A bilateral SOP between Thailand and Laos that the officer's ministry keeps."""
    shown = {"kind": Kind.BILATERAL_SOP, "titles": {"en": f"Agreement {code}"}, "confidentiality": Confidentiality.PARTIES, "kept_by": officer.org}
    agreement = Agreement.objects.create(code=code, **(shown | facts))
    for place, (country, side) in enumerate([("TH", "H"), ("LA", "O")]):
        english, thai = NAMES[country]
        Country.objects.get_or_create(code=country, defaults={"name_en": english, "name_th": thai})
        AgreementParty.objects.create(agreement=agreement, country_id=country, side=side, place=place)
    return agreement


def agreed_version(agreement: Agreement, officer: User, at: datetime, number: tuple[int, int, int] = (1, 0, 0), **facts: Any) -> AgreementVersion:
    """A version agreed ad referendum. Without a procedure it has an invented digest."""
    shown = {"canonical": '{"a":1}', "digest": "sha256:" + "a" * 64, "languages": ["th", "lo"], "state": VersionState.AGREED, "agreed_at": at}
    major, minor, patch = number
    return AgreementVersion.objects.create(
        agreement=agreement, major=major, minor=minor, patch=patch, drafted_at=at, drafted_by=officer, **(shown | facts)
    )


def sign_for_all(version: AgreementVersion, officer: User, colleague: User, at: datetime) -> AgreementVersion:
    """Confirmed signatures of all parties, and with them the version is signed."""
    for party in version.agreement.parties.filter(role="party"):
        Signature.objects.create(
            version=version, party=party, office="Minister", signatory="A. Minister", method=Method.WET, digest=version.digest, signed_on=at.date(),
            state=SignatureState.CONFIRMED, entered_at=at, entered_by=officer, settled_at=at, settled_by=colleague,
        )  # fmt: skip
    version.state, version.signed_at = VersionState.SIGNED, at
    version.save(update_fields=["state", "signed_at"])
    return version


def bring_into_force(version: AgreementVersion, officer: User, on: date, at: datetime) -> AgreementVersion:
    """The event that gives force, and the state that follows from it."""
    ForceEvent.objects.create(agreement=version.agreement, version=version, kind=ForceKind.ENTERS, on=on, entered_at=at, entered_by=officer)
    version.state = VersionState.IN_FORCE
    version.save(update_fields=["state"])
    return version
