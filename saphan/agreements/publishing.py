"""What the public may know of an agreement: signed, and through the outward door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import Confidentiality
from saphan.agreements.force import periods
from saphan.agreements.models import Agreement, AgreementParty, AgreementVersion, ForceEvent, Signature
from saphan.agreements.registering import locked
from saphan.agreements.states import SignatureState
from saphan.core.errors import WrongState
from saphan.releases.kinds import AGREEMENTS, shaped_release
from saphan.releases.models import Release
from saphan.releases.selectors import Published, current
from saphan.releases.services import publish, withdraw


@transaction.atomic
def publish_agreement(*, agreement_id: UUID, by: User, at: datetime) -> Release:
    """Signs what is public of the agreement and lets it out. Raises WrongState unless it is marked public."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_PUBLISH, agreement)
    if agreement.confidentiality != Confidentiality.PUBLIC:
        raise WrongState(_("Only an agreement that is marked public can be published."))
    return publish(kind=AGREEMENTS, key=agreement.code, body=public_part(agreement), by=by, at=at)


@transaction.atomic
def withdraw_agreement(*, agreement_id: UUID, by: User, at: datetime) -> Release:
    """Takes it back from the public pages."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_PUBLISH, agreement)
    return withdraw(kind=AGREEMENTS, key=agreement.code, by=by, at=at)


def published(agreement: Agreement) -> tuple[Published | None, bool]:
    """What the public sees of it now, and whether it is still what the register says."""
    release = current(AGREEMENTS, agreement.code)
    return release, release is not None and release.body == shaped_release(AGREEMENTS, public_part(agreement))


def public_part(agreement: Agreement) -> dict[str, Any]:
    """The content of the release: facts, force, and the words of the newest signed version."""
    versions = list(AgreementVersion.objects.filter(agreement=agreement).signed().newest_first())
    events = list(ForceEvent.objects.standing().filter(agreement=agreement))
    return {
        "id": str(agreement.pk), "code": agreement.code, "kind": agreement.kind, "titles": _told(agreement.titles), "notes": _told(agreement.notes),
        "parties": [_party(party) for party in agreement.parties.select_related("country", "organisation")],
        "parent": agreement.parent.code if agreement.parent and agreement.parent.confidentiality == Confidentiality.PUBLIC else "",
        "dated": agreement.dated, "expires_on": agreement.expires_on.isoformat() if agreement.expires_on else "",
        "source": agreement.source, "provenance": agreement.provenance,
        "events": [_event(event) for event in events], "in_force": _periods(versions, events),
        "versions": [_version(version) for version in versions], "provisions": _provisions(versions[0]) if versions else [],
    }  # fmt: skip


def _told(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"language": language, "text": text} for language, text in sorted(texts.items()) if text]


def _party(party: AgreementParty) -> dict[str, str]:
    named: Any = party.country or party.organisation
    return {
        "country": party.country_id or "", "name_en": named.name_en if named else party.name, "name_th": named.name_th if named else "",
        "members": party.members, "role": party.role,
    }  # fmt: skip


def _event(event: ForceEvent) -> dict[str, str]:
    return {
        "version": event.version.semver if event.version else "", "provision": event.provision, "kind": event.kind, "on": event.on.isoformat(),
        "provenance": event.provenance,
    }  # fmt: skip


def _periods(versions: list[AgreementVersion], events: list[ForceEvent]) -> list[dict[str, str]]:
    """In which days which version binds: all that a page needs to say so on the day it is read."""
    found = []
    for version in [*versions, None]:
        own = [event for event in events if event.version_id == (version.pk if version else None)]
        number = version.semver if version else ""
        found += [{"version": number, "since": since.isoformat(), "until": until.isoformat() if until else ""} for since, until in periods(own)]
    return found


def _version(version: AgreementVersion) -> dict[str, Any]:
    signatures = version.signatures.filter(state=SignatureState.CONFIRMED).select_related("party__country", "party__organisation")
    return {
        "number": version.semver, "digest": version.digest, "languages": list(version.languages), "changes": version.changes,
        "signatures": [_signature(signature) for signature in signatures],
    }  # fmt: skip


def _signature(signature: Signature) -> dict[str, str]:
    party = _party(signature.party)
    return {
        "party_en": party["name_en"], "party_th": party["name_th"], "office": signature.office, "signatory": signature.signatory,
        "on": signature.signed_on.isoformat(), "place": signature.place_signed,
    }  # fmt: skip


def _provisions(version: AgreementVersion) -> list[dict[str, str]]:
    return [
        {"number": text.number, "language": text.language, "heading": text.heading, "prose": text.prose, "type": text.type_id or ""}
        for text in version.texts.all()
    ]
