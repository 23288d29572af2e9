"""Events of force: recorded, taken back, and what follows from them for the state of a version."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.codes import ForceKind
from saphan.agreements.drafting import locked_version
from saphan.agreements.force import first_misfit, standing_on
from saphan.agreements.force_models import GIVES
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent
from saphan.agreements.registering import locked
from saphan.agreements.states import VERSION, VersionState
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, WrongState
from saphan.core.upkeep import chore

K, V = ForceKind, VersionState
Told = Callable[[AgreementVersion, datetime], None]
TOLD: list[Told] = []  # what rooms above do when the force of a version changed; they register in `apps.ready()`
ENDED_AS = {K.TERMINATED: V.TERMINATED, K.REPLACED: V.SUPERSEDED, K.EXPIRES: V.EXPIRED}


@dataclass(frozen=True)
class Happened:
    """What happened to the force, on which day, and why. A day to come may be written down beforehand."""

    kind: str
    on: date
    provision: str = ""
    reason: str = ""


@transaction.atomic
def record_force(*, agreement_id: UUID, version_id: UUID | None, happened: Happened, by: User, at: datetime) -> ForceEvent:
    """Writes an event down; what enters into force as a whole replaces the version that was. Raises Invalid when it cannot follow upon what was before."""
    agreement = locked(agreement_id)
    require(by, Action.AGREEMENT_FORCE, agreement)
    version = _signed_version(agreement, version_id)
    _refuse_unknown_provision(version, happened.provision)
    _refuse_past_its_term(agreement, happened)
    event = ForceEvent(
        agreement=agreement, version=version, provision=happened.provision, kind=happened.kind, on=happened.on, reason=happened.reason,
        entered_at=at, entered_by=by,
    )  # fmt: skip
    replaced = _replacements(event) if version and event.kind == K.ENTERS and not event.provision else []
    for one in (event, *replaced):
        one.save(force_insert=True)
    for touched in (version, *(one.version for one in replaced)):
        _refuse_misfit(agreement, touched)
    _follow(agreement, at)
    record(by=by, action=Action.AGREEMENT_FORCE, target=event, at=at, fields=["kind", "on"])
    return event


@transaction.atomic
def take_back(*, event_id: UUID, reason: str, by: User, at: datetime) -> ForceEvent:
    """A mistake is taken back by another row; the first one stays to be seen. What it had replaced stands again."""
    found = ForceEvent.objects.filter(pk=event_id).select_related("version").first()
    if found is None:
        raise NotFound
    agreement = locked(found.agreement_id)
    require(by, Action.AGREEMENT_FORCE, agreement)
    if not ForceEvent.objects.standing().filter(pk=event_id).exists():
        raise WrongState(_("This event was taken back already."))
    along = (
        ForceEvent.objects.standing().filter(agreement=agreement, kind=K.REPLACED, on=found.on, replaced_by=found.version_id)
        if found.version_id
        else []
    )
    opposite = [_opposite(one, reason, by, at) for one in (found, *(along if found.kind == K.ENTERS else []))]
    for one in opposite:
        _refuse_misfit(agreement, one.version)
    _follow(agreement, at)
    record(by=by, action=Action.AGREEMENT_FORCE, target=found, at=at, purpose="take_back")
    return opposite[0]


def _opposite(event: ForceEvent, reason: str, by: User | None, at: datetime) -> ForceEvent:
    return ForceEvent.objects.create(
        agreement_id=event.agreement_id, version_id=event.version_id, provision=event.provision, kind=event.kind, on=event.on,
        reason=reason, voids=event, entered_at=at, entered_by=by,
    )  # fmt: skip


def _signed_version(agreement: Agreement, version_id: UUID | None) -> AgreementVersion | None:
    """The version of which the event speaks; none where the register holds no text of the agreement."""
    if version_id is None:
        if agreement.versions.signed().exists():  # type: ignore[attr-defined]  # the related manager is of VersionQuerySet
            raise Invalid(fields={"version": _("Say of which version.")})
        return None
    version = locked_version(version_id)
    if version.agreement_id != agreement.pk:
        raise NotFound
    if not version.is_signed:
        raise WrongState(_("Only what is signed can be in force."))
    return version


def _refuse_unknown_provision(version: AgreementVersion | None, provision: str) -> None:
    if provision and version and not version.texts.filter(number=provision).exists():
        raise Invalid(fields={"provision": _("This version has no such article.")})


def _refuse_past_its_term(agreement: Agreement, happened: Happened) -> None:
    """What gives force to the whole lies within the time for which the agreement runs."""
    until = agreement.expires_on
    if until and happened.kind in GIVES and not happened.provision and happened.on > until:
        raise Invalid(fields={"on": _("It runs until %(day)s. Change that day in the facts first.") % {"day": until.isoformat()}})


def follow_the_term(agreement: Agreement, at: datetime) -> int:
    """What follows from the day until which an agreement runs: past it, it expires; moved on, the expiry that the platform wrote down is taken back.

    Of reference facts that nobody keeps nothing is written; they are out of force by their day alone. Returns how many versions moved.
    """
    if agreement.kept_by_id is None:
        return 0
    _take_back_early_ends(agreement, at)
    until = agreement.expires_on
    if until is not None and until < timezone.localdate(at):
        for version in (None, *AgreementVersion.objects.filter(agreement=agreement).signed()):
            _expire(agreement, version, until + timedelta(days=1), at)
    return _follow(agreement, at)


def _expire(agreement: Agreement, version: AgreementVersion | None, day: date, at: datetime) -> None:
    """The first day on which it no longer binds; later where something happened after that, for events stand in their order."""
    today = timezone.localdate(at)
    events = [event for event in ForceEvent.objects.standing().filter(agreement=agreement, version=version) if event.on <= today]
    if standing_on(events, today).force not in ("in_force", "suspended"):
        return
    on = max([day, *(event.on for event in events if not event.provision)])
    event = ForceEvent.objects.create(agreement=agreement, version=version, kind=K.EXPIRES, on=on, entered_at=at)
    record(by=None, action="agreements:expire", target=event, at=at, fields=["kind", "on"])


def _take_back_early_ends(agreement: Agreement, at: datetime) -> None:
    """Those that the platform wrote down for an earlier day than the agreement now runs to, where the events fit each other without them."""
    until = agreement.expires_on
    written = ForceEvent.objects.standing().filter(agreement=agreement, kind=K.EXPIRES, entered_by=None).select_related("version")
    for event in written:
        others = [one for one in ForceEvent.objects.standing().filter(agreement=agreement, version=event.version_id) if one.pk != event.pk]
        if (until is None or until >= event.on) and first_misfit(others) is None:
            _opposite(event, "", None, at)
            record(by=None, action="agreements:expire", target=event, at=at, purpose="take_back")


def _replacements(event: ForceEvent) -> list[ForceEvent]:
    """Other versions of the agreement that are in force on the day, or come into force on it, give way."""
    others = AgreementVersion.objects.filter(agreement=event.agreement_id).signed().exclude(pk__in=[event.version_id])
    giving_way = [other for other in others if standing_on(events_of(other), event.on).force in ("in_force", "suspended")]
    return [
        ForceEvent(
            agreement_id=event.agreement_id, version=other, kind=K.REPLACED, on=event.on, replaced_by_id=event.version_id,
            entered_at=event.entered_at, entered_by_id=event.entered_by_id,
        )
        for other in giving_way
    ]  # fmt: skip


def events_of(version: AgreementVersion) -> list[ForceEvent]:
    """The standing events of a version in the order of their days."""
    return list(ForceEvent.objects.standing().filter(version=version))


def _refuse_misfit(agreement: Agreement, version: AgreementVersion | None) -> None:
    events = list(ForceEvent.objects.standing().filter(agreement=agreement, version=version))
    wrong = first_misfit(events)
    if wrong is not None:
        told = {"kind": ForceKind(wrong.kind).label, "day": wrong.on.isoformat()}
        raise Invalid(fields={"kind": _("The events would not fit each other: “%(kind)s” on %(day)s cannot follow upon what was before.") % told})


def derived_state(version: AgreementVersion, day: date) -> str:
    """The state of a signed version on a day, as its events say."""
    standing = standing_on(events_of(version), day)
    if standing.force == "not_yet":
        return V.NOTIFIED if version.notified_on else V.SIGNED
    if standing.force == "ended":
        return ENDED_AS[K(standing.by)]
    return V.IN_FORCE if standing.holds else V.SUSPENDED


def _follow(agreement: Agreement, at: datetime) -> int:
    """Brings the states of the signed versions to what the events say today; returns how many moved."""
    today, moved = timezone.localdate(at), 0
    for version in AgreementVersion.objects.filter(agreement=agreement).signed():
        target = derived_state(version, today)
        if target != version.state:
            version.state = _step(version.state, target)
            version.save(update_fields=["state"])
            record(by=None, action="agreements:follow_force", target=version, at=at, purpose=version.state)
            moved += 1
            for told in TOLD:
                told(version, at)
    return moved


def on_change(told: Told) -> None:
    """Registers what is done, in the same transaction, whenever the force of a version changed."""
    if told not in TOLD:
        TOLD.append(told)


def _step(state: str, target: str) -> str:
    """The table's own step from one state to another."""
    verb = next(verb for verb in VERSION.verbs_from(state) if VERSION.moves[verb].target == target)
    return VERSION.target(verb, state)


@chore("agreements in force")
def follow_the_calendar(at: datetime) -> int:
    """Days that were written down beforehand come: what runs no longer expires, the states follow. Returns how many versions moved."""
    moved = 0
    for agreement_id in Agreement.objects.filter(expires_on__lt=timezone.localdate(at), kept_by__isnull=False).values_list("pk", flat=True):
        with transaction.atomic():
            moved += follow_the_term(locked(agreement_id), at)
    for agreement_id in AgreementVersion.objects.signed().order_by("agreement").values_list("agreement", flat=True).distinct():
        with transaction.atomic():
            moved += _follow(locked(agreement_id), at)
    return moved
