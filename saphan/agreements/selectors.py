"""What the screens read: an agreement's history, the force of its provisions, what waits for somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from saphan.agreements.codes import ForceKind
from saphan.agreements.force import Standing, periods, standing_on
from saphan.agreements.models import Agreement, AgreementVersion, ForceEvent
from saphan.agreements.states import SignatureState
from saphan.core.lanes import Bar, Lane, Mark, Picture, drawn

TONES = {ForceKind.ENTERS: "good", ForceKind.RESUMED: "good", ForceKind.SUSPENDED: "warm"}
ON_DAY, ON_MONTH = 10, 7


@dataclass(frozen=True)
class Entry:
    """One line of the history of an agreement."""

    on: date
    what: str
    version: str = ""
    provision: str = ""
    detail: str = ""
    tone: str = ""
    recalled: bool = False
    event: ForceEvent | None = None
    day_text: str = ""  # where the day is not known to the day


@dataclass(frozen=True)
class ProvisionForce:
    """The force of one provision today."""

    number: str
    heading: str
    standing: Standing


def day_of(dated: str) -> date | None:
    """The day that stands for a date of which perhaps only the year is known."""
    if not dated:
        return None
    return date.fromisoformat({4: f"{dated}-01-01", ON_MONTH: f"{dated}-01"}.get(len(dated), dated))


def history(agreement: Agreement, versions: Iterable[AgreementVersion], events: Iterable[ForceEvent]) -> list[Entry]:
    """Everything with a day, newest first; what was taken back is not among it."""
    found = [_entry_of(event) for event in events]
    for version in versions:
        for signature in version.signatures.all():
            if signature.state == SignatureState.CONFIRMED:
                who = f"{signature.party}: {signature.office}, {signature.signatory}"
                found.append(Entry(signature.signed_on, _("signed"), version.semver, detail=who))
        if version.notified_on:
            found.append(Entry(version.notified_on, _("notified"), version.semver))
    if (day := day_of(agreement.dated)) and not any(entry.what == _("signed") for entry in found):
        text = agreement.dated if len(agreement.dated) < ON_DAY else ""
        found.append(Entry(day, _("dated"), recalled=agreement.provenance == "recalled", day_text=text))
    if agreement.expires_on:
        found.append(Entry(agreement.expires_on, _("runs until"), tone="warm"))
    return sorted(found, key=lambda entry: entry.on, reverse=True)


def _entry_of(event: ForceEvent) -> Entry:
    kind = ForceKind(event.kind)
    detail = _("by version %(number)s") % {"number": event.replaced_by.semver} if event.replaced_by else event.reason
    return Entry(
        event.on, str(kind.label), event.version.semver if event.version else "", event.provision, detail, TONES.get(kind, "bad"),
        event.provenance == "recalled", event,
    )  # fmt: skip


def picture_of(agreement: Agreement, versions: Iterable[AgreementVersion], events: list[ForceEvent], today: date) -> Picture | None:
    """The same as a picture: one lane for each version, and one for the agreement where no text is kept."""
    lanes = [_lane(version.semver, [e for e in events if e.version_id == version.pk], _signed_days(version)) for version in versions]
    bare = [e for e in events if e.version_id is None]
    day = day_of(agreement.dated)
    if bare or not any(lane.bars or lane.marks for lane in lanes):
        lane = _lane(agreement.code, bare, [day] if day else [])
        term = [Bar(day, agreement.expires_on, "term")] if day and agreement.expires_on and not lane.bars else []
        lanes = [Lane(lane.label, [*term, *lane.bars], lane.marks), *lanes]
    return drawn(lanes, today)


def _lane(label: str, events: list[ForceEvent], signed: list[date]) -> Lane:
    bars = [Bar(since, until) for since, until in periods(events)]
    marks = [Mark(day, "signed") for day in signed] + [Mark(event.on, TONES.get(ForceKind(event.kind), "bad")) for event in events]
    return Lane(label, bars, marks)


def _signed_days(version: AgreementVersion) -> list[date]:
    return sorted({signature.signed_on for signature in version.signatures.all() if signature.state == SignatureState.CONFIRMED})


def register_picture(agreements: Iterable[Agreement], today: date) -> Picture | None:
    """Many agreements in one picture, each with its date and, where it is known, its force or term."""
    shown = list(agreements)
    events: dict[Any, list[ForceEvent]] = {}
    for event in ForceEvent.objects.standing().filter(agreement__in=shown, provision=""):
        events.setdefault(event.agreement_id, []).append(event)
    return drawn([_of_agreement(agreement, events.get(agreement.pk, [])) for agreement in shown], today)


def _of_agreement(agreement: Agreement, events: list[ForceEvent]) -> Lane:
    day = day_of(agreement.dated)
    by_version: dict[Any, list[ForceEvent]] = {}
    for event in events:
        by_version.setdefault(event.version_id, []).append(event)
    bars = [Bar(since, until) for own in by_version.values() for since, until in periods(own)]
    if not bars and day and agreement.expires_on:
        bars = [Bar(day, agreement.expires_on, "term")]
    return Lane(agreement.code, bars, [Mark(day, "signed")] if day else [])


def force_by_provision(version: AgreementVersion, events: list[ForceEvent], today: date) -> list[ProvisionForce]:
    """The force of each provision of a version today."""
    headings: dict[str, str] = {}
    for text in version.texts.all():
        headings.setdefault(text.number, text.heading or str(text.type or ""))
    own = [event for event in events if event.version_id == version.pk]
    return [ProvisionForce(number, heading, standing_on(own, today, number)) for number, heading in headings.items()]
