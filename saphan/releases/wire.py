"""How the two machines exchange: as files of one JSON record a line, or over the address of the door."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from saphan.core.errors import DomainError, Invalid
from saphan.releases import reports
from saphan.releases.models import Release, ReleaseHead
from saphan.releases.services import receive_release, to_wire

LONGEST_LINE = 2 * 1024 * 1024
LARGEST_ANSWER = 8 * 1024 * 1024
SECONDS = 20
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class DoorShut(DomainError):
    """The other machine could not be reached or refused (502)."""

    status = 502


@dataclass(frozen=True)
class Passage:
    """How one record of a file or one request fared; `error` is empty when it passed."""

    what: str
    error: str


def newest_releases() -> Iterator[Release]:
    """The head of each release, also where it is a withdrawal."""
    for head in ReleaseHead.objects.order_by("kind", "key"):
        yield from Release.objects.filter(kind=head.kind, key=head.key).order_by("-seq")[:1]


def export_releases(target: Path) -> int:
    """Writes the newest release of each key; a directory gets a file `releases.jsonl`."""
    path = target / "releases.jsonl" if target.is_dir() else target
    return _write(path, (to_wire(release) for release in newest_releases()))


def import_releases(source: Path, *, at: datetime) -> list[Passage]:
    """Takes each release of the file; one that is refused does not hold up the others."""
    return [_taken(wire, at) for wire in _read(source)]


def _taken(wire: Any, at: datetime) -> Passage:
    name = f"{wire.get('kind')}/{wire.get('key')} {wire.get('seq')}"[:80] if isinstance(wire, dict) else "?"
    try:
        receive_release(wire=wire, at=at)
    except DomainError as error:
        return Passage(name, error.sentence)
    return Passage(name, "")


def export_reports(path: Path) -> int:
    """Writes the sealed reports that wait; they stay here until the casework's acknowledgement is read."""
    return _write(path, reports.waiting_parcels(most=10000))


def import_reports(path: Path, answer: Path, *, at: datetime) -> list[Passage]:
    """Opens each report of the file and writes the signed acknowledgement for the way back."""
    parcels = [reports.parcel_from(wire) for wire in _read(path)]
    receipts = [reports.receive_report(parcel=parcel, at=at) for parcel in parcels]
    answer.write_text(json.dumps(reports.signed_acknowledgement(receipts)) + "\n")
    return [Passage(f"{receipt.kind} {receipt.pk}", receipt.reason) for receipt in receipts]


def push_releases(address: str, token: str) -> list[Passage]:
    """Brings the newest releases to the door of the public machine."""
    return [_pushed(address, token, release) for release in newest_releases()]


def _pushed(address: str, token: str, release: Release) -> Passage:
    name = f"{release.kind}/{release.key} {release.seq}"
    try:
        receipt = _call(address, "releases/", token, to_wire(release))
    except DoorShut as error:
        return Passage(name, error.sentence)
    return Passage(name, "" if receipt.get("digest") == release.digest else _("the receipt names another content"))


def pull_reports(address: str, token: str, *, at: datetime) -> list[Passage]:
    """Fetches sealed reports from the public machine, takes each, and only then acknowledges. Raises DoorShut."""
    parcels = [reports.parcel_from(wire) for wire in _call(address, "reports/", token).get("reports", [])]
    receipts = [reports.receive_report(parcel=parcel, at=at) for parcel in parcels]
    if receipts:
        _call(address, "reports/", token, reports.signed_acknowledgement(receipts))
    return [Passage(f"{receipt.kind} {receipt.pk}", receipt.reason) for receipt in receipts]


def _call(address: str, door: str, token: str, content: Any = None) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise DoorShut(_("The address of the door begins with https://."))
    data = None if content is None else json.dumps(content).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(address.rstrip("/") + "/doors/" + door, data=data, headers=headers)  # noqa: S310  # the scheme is checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310  # the scheme is checked above
            answer = json.loads(response.read(LARGEST_ANSWER))
    except urllib.error.HTTPError as error:
        raise DoorShut(_("The door answered %(status)s: %(why)s") % {"status": error.code, "why": _title(error)}) from error
    except (OSError, ValueError) as error:
        raise DoorShut(_("The door could not be reached.")) from error
    return answer if isinstance(answer, dict) else {}


def _title(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(4096)).get("title", ""))[:200]
    except (OSError, ValueError, AttributeError):
        return ""


def _write(path: Path, rows: Iterable[Any]) -> int:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return len(lines)


def _read(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise Invalid(_("A line of the file is too long."))
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Invalid(_("The file is not one JSON record a line.")) from error
