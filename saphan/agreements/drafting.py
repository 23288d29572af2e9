"""The words of a version while they may still change, and its way to agreement."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.models import AgreementVersion, ProvisionText, Signature
from saphan.agreements.registering import locked
from saphan.agreements.running import Words, before_signing, canonical_texts, in_words, read_running_part
from saphan.agreements.states import VERSION, SignatureState
from saphan.audit.services import record
from saphan.core.errors import DomainError, Invalid, NotFound, WrongState

Number = tuple[int, int, int]
NUMBER_IN_FILE = re.compile(r"^(version:[ \t]*)\S+", re.MULTILINE)
# What other parts of the room ask of a version before it is agreed; each answers sentences that stand in the way.
BEFORE_AGREEING: list[Callable[[AgreementVersion], Iterable[str]]] = []


class NotClean(DomainError):
    """The draft has errors (409): it stays in drafting."""


@transaction.atomic
def begin_version(
    *, agreement_id: UUID, number: Number, changes: str = "", based_on_id: UUID | None = None, by: User, at: datetime
) -> AgreementVersion:
    """Begins a version; with the words of an earlier one where it is based on it. Raises Invalid when the number is taken or not newer."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_DRAFT, agreement)
    based_on = agreement.versions.filter(pk=based_on_id).first() if based_on_id else None
    if based_on and number <= (based_on.major, based_on.minor, based_on.patch):
        raise Invalid(fields={"number": _("The number must be higher than that of the version it is based on.")})
    major, minor, patch = number
    version = AgreementVersion(
        agreement=agreement, major=major, minor=minor, patch=patch, based_on=based_on, changes=changes, drafted_at=at, drafted_by=by
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"number": _("This agreement has a version with this number.")}) from None
    if based_on:
        _take_over(version, based_on)
    record(by=by, action=Action.AGREEMENT_DRAFT, target=version, at=at, fields=["number", "based_on"] if based_on else ["number"])
    return version


def _take_over(version: AgreementVersion, earlier: AgreementVersion) -> None:
    version.languages = earlier.languages
    if earlier.procedure:
        set_procedure(version, NUMBER_IN_FILE.sub(rf"\g<1>{version.semver}", earlier.procedure, count=1))
    else:
        _set_words(version, kept_words(earlier))
    version.save()


@transaction.atomic
def write_procedure(*, version_id: UUID, source: str, by: User, at: datetime) -> AgreementVersion:
    """Puts a running part in place of what was there; its articles become the words of the version. Its faults are kept beside it."""
    version = open_version(version_id)
    require(by, Action.AGREEMENT_DRAFT, version.agreement)
    set_procedure(version, source)
    refuse_faults_outside_drafting(version)
    version.save()
    record(by=by, action=Action.AGREEMENT_DRAFT, target=version, at=at, fields=["procedure"])
    return version


@transaction.atomic
def write_words(*, version_id: UUID, languages: Sequence[str], words: Sequence[Words], by: User, at: datetime) -> AgreementVersion:
    """Writes the provisions of a version that has no running part."""
    version = open_version(version_id)
    require(by, Action.AGREEMENT_DRAFT, version.agreement)
    if version.procedure:
        raise Invalid(_("The words of this version come from its running part. Change them there."))
    version.languages = list(languages)
    _set_words(version, words)
    version.save()
    record(by=by, action=Action.AGREEMENT_DRAFT, target=version, at=at, fields=["texts"])
    return version


@transaction.atomic
def negotiate(*, version_id: UUID, by: User, at: datetime) -> AgreementVersion:
    """Lays the draft before the other parties. Raises NotClean while the linter finds errors, or there is nothing to negotiate about."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_NEGOTIATE, version.agreement)
    if version.errors:
        raise NotClean(_("The running part has errors. A draft leaves drafting without any."))
    if not version.canonical:
        raise NotClean(_("There are no words yet."))
    return _moved(version, "negotiate", by, at)


@transaction.atomic
def redraft(*, version_id: UUID, by: User, at: datetime) -> AgreementVersion:
    """Takes it back to the drawing board."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_NEGOTIATE, version.agreement)
    return _moved(version, "redraft", by, at)


@transaction.atomic
def agree(*, version_id: UUID, by: User, at: datetime) -> AgreementVersion:
    """The negotiators agree, ad referendum: the words are closed, and the digest that will be signed stands. Raises NotClean with what is missing."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_NEGOTIATE, version.agreement)
    target = VERSION.target("agree", version.state)
    if missing := [*_missing(version), *(sentence for ask in BEFORE_AGREEING for sentence in ask(version))]:
        raise NotClean(" ".join(missing))
    version.state, version.agreed_at = target, at
    version.save(update_fields=["state", "agreed_at"])
    record(by=by, action=Action.AGREEMENT_NEGOTIATE, target=version, at=at, purpose="agree")
    return version


@transaction.atomic
def reopen(*, version_id: UUID, by: User, at: datetime) -> AgreementVersion:
    """Opens the words again. Signatures that were entered under the old digest must be rejected first."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_NEGOTIATE, version.agreement)
    if Signature.objects.filter(version=version).exclude(state=SignatureState.REJECTED).exists():
        raise WrongState(_("Signatures stand under these words. Reject them first."))
    version.agreed_at = None
    return _moved(version, "reopen", by, at)


@transaction.atomic
def discard(*, version_id: UUID, by: User, at: datetime) -> None:
    """Throws a draft away. Only one that nobody outside has seen."""
    version = locked_version(version_id)
    require(by, Action.AGREEMENT_DRAFT, version.agreement)
    if version.state != VERSION.initial or version.signatures.exists():
        raise WrongState(_("Only a version in drafting can be thrown away."))
    record(by=by, action="agreements:discard", target=version, at=at)
    version.delete()


def locked_version(version_id: UUID) -> AgreementVersion:
    """The version, held together with its agreement until the transaction ends."""
    agreement_id = AgreementVersion.objects.filter(pk=version_id).values_list("agreement", flat=True).first()
    if agreement_id is None:
        raise NotFound
    agreement = locked(agreement_id)
    version = AgreementVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    version.agreement = agreement
    return version


def open_version(version_id: UUID) -> AgreementVersion:
    """As `locked_version`; raises WrongState unless its words may still change."""
    version = locked_version(version_id)
    if not version.is_open:
        raise WrongState(_("The words of this version are closed: it is “%(state)s”.") % {"state": version.get_state_display()})
    return version


def kept_words(version: AgreementVersion) -> list[Words]:
    """The words of a version as they are kept."""
    return [Words(text.number, text.language, text.prose, text.heading, text.type_id or "") for text in version.texts.all()]


def set_procedure(version: AgreementVersion, source: str) -> None:
    """Reads a running part into a version that the caller holds and saves."""
    found = read_running_part(source, version, version.agreement.parties.exclude(side="").values_list("side", flat=True))
    version.procedure, version.canonical, version.digest = source, found.canonical, found.digest
    version.findings, version.errors = found.findings, found.errors
    if found.canonical:
        version.languages = found.languages
        _replace_texts(version, found.words)


def _set_words(version: AgreementVersion, words: Sequence[Words]) -> None:
    version.procedure, version.findings, version.errors = "", [], 0
    _replace_texts(version, words)
    version.canonical, version.digest = canonical_texts(version, words) if words else ("", "")


def _replace_texts(version: AgreementVersion, words: Sequence[Words]) -> None:
    version.texts.all().delete()
    places = {number: place for place, number in enumerate(dict.fromkeys(one.number for one in words))}
    ProvisionText.objects.bulk_create(
        ProvisionText(
            version=version, number=one.number, place=places[one.number], language=one.language, heading=one.heading, prose=one.prose,
            type_id=one.type or None,
        )
        for one in words
    )  # fmt: skip


def _missing(version: AgreementVersion) -> list[str]:
    """What a text that is to be signed still lacks."""
    if version.procedure:
        return [in_words(finding) for finding in before_signing(version)]
    return _missing_languages(version)


def _missing_languages(version: AgreementVersion) -> list[str]:
    """Every provision stands in every language whose text binds."""
    if not version.languages:
        return [_("Say in which languages the text binds.")]
    told: dict[str, set[str]] = {}
    for number, language in version.texts.values_list("number", "language"):
        told.setdefault(number, set()).add(language)
    wanted = set(version.languages)
    return [
        _("Article %(number)s is missing in: %(languages)s.") % {"number": number, "languages": ", ".join(sorted(wanted - has))}
        for number, has in told.items()
        if wanted - has
    ]


def refuse_faults_outside_drafting(version: AgreementVersion) -> None:
    """What is negotiated stays without errors. Raises NotClean."""
    if version.errors and version.state != VERSION.initial:
        raise NotClean(_("This running part has errors, and the version is negotiated already. Take it back to drafting first."))


def _moved(version: AgreementVersion, verb: str, by: User, at: datetime) -> AgreementVersion:
    version.state = VERSION.target(verb, version.state)
    version.save(update_fields=["state", "agreed_at"])
    record(by=by, action=Action.AGREEMENT_NEGOTIATE, target=version, at=at, purpose=verb)
    return version
