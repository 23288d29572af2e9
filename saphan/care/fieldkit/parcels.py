"""What a device seals, read strictly: an interview with its safety check, sittings, answers and, in a group, what holds for the site."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Interpreter, Known, Risk, StopReason, YesNo
from saphan.core.attachments import BYTES_AT_MOST
from saphan.core.errors import Invalid

FORMAT = 1
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # what a clock can say that was only set wrong
ANSWERS_AT_MOST = 2000
TEXT_AT_MOST = 4000
PLACE_AT_MOST = 221
SITTINGS_AT_MOST = 60
PHOTOS_AT_MOST = 10
ENDINGS = ("complete", "pause", "stop")
KNOWN = {"same_village": Known, "same_community": Known, "sex_asked": Known}
POINTS = {
    "language": Language, "private_place": YesNo, "interpreter": Interpreter, "consent": YesNo, "may_skip": YesNo, "referrals_ready": YesNo,
    "person_risk": Risk, "worker_risk": Risk,
}  # fmt: skip
FACTS = ("place", "site_kind", "activity", "province", "conditions")


@dataclass(frozen=True)
class Whom:
    """The person interviewed: a file there is, or one to be opened."""

    known: UUID | None
    key: UUID | None
    age_band: str = Person.AgeBand.DOUBT
    sex: str = Person.Sex.UNKNOWN
    language: str = "th"


@dataclass(frozen=True)
class Said:
    """One answer with its note and the moment by the device's clock."""

    value: str
    note: str
    at: datetime | None


@dataclass(frozen=True)
class Stretch:
    """One sitting by the device's clock."""

    began_at: datetime
    ended_at: datetime
    present: str


@dataclass(frozen=True)
class Again:
    """A safety check made again, before which sitting and when by the device's clock; the first one stays."""

    sitting: int
    at: datetime
    points: Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """The visit that an interview belongs to."""

    key: UUID
    visited_on: date
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Photo:
    """A picture that answers a question."""

    place: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Parcel:
    """One interview as a device holds it."""

    device_id: UUID | None
    token: str
    source_id: UUID
    sequence: int
    version_id: UUID
    whom: Whom
    safety: Mapping[str, str]
    stretches: tuple[Stretch, ...]
    answers: Mapping[str, Said]
    ending: str
    stop_reason: str
    finished_at: datetime | None
    offset_seconds: int | None
    site: Site | None = None
    photos: tuple[Photo, ...] = ()
    checks: tuple[Again, ...] = ()
    known: Mapping[str, UUID] = field(default_factory=dict)  # by place the earlier replies that were not asked again
    prepared: UUID | None = None  # the interview prepared at the desk that this one is
    digest: bytes = field(default=b"", compare=False)

    def shifted(self, by: timedelta) -> "Parcel":
        """The same with every moment moved, to put a wrong clock right."""
        return replace(
            self,
            stretches=tuple(Stretch(s.began_at - by, s.ended_at - by, s.present) for s in self.stretches),
            answers={place: Said(s.value, s.note, s.at - by if s.at else None) for place, s in self.answers.items()},
            finished_at=self.finished_at - by if self.finished_at else None,
            checks=tuple(replace(c, at=c.at - by) for c in self.checks),
        )


def is_plausible(moment: datetime | None) -> bool:
    """Whether a clock can have said so. Moments near the ends of the calendar cannot be moved or stored."""
    return moment is not None and moment.tzinfo is not None and EARLIEST <= moment <= LATEST


def digest_of(content: Mapping[str, Any]) -> bytes:
    """Tells the same content again. Keyed, because few different answers could be tried one by one. Tokens and clocks are left out."""
    counted = {k: v for k, v in content.items() if k not in {"token", "offset_seconds", "edition", "device"}}
    text = json.dumps(counted, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return salted_hmac("saphan.care.fieldkit.parcel", text, algorithm="sha256").digest()


def read_parcel(content: Mapping[str, Any]) -> Parcel:
    """Reads what a device sealed. Raises Invalid with the field that cannot be read; nothing is guessed."""
    if content.get("format") != FORMAT:
        raise Invalid(fields={"format": _("This comes from another version of the field kit. Open the kit with a network once, then send again.")})
    ending = _one_of(content, "ending", ENDINGS)
    reason = _one_of(content, "stop_reason", StopReason.values) if ending == "stop" else ""
    stretches, stopped = _stretches(content.get("sittings")), ending == "stop"
    return Parcel(
        device_id=_uuid(content, "device"), token=_text(content, "token", 100), source_id=_needed_uuid(content, "id"),
        sequence=_number(content, "sequence"), version_id=_needed_uuid(content, "version"), whom=_whom(_part(content, "person")),
        safety=_safety(_part(content, "safety"), half=stopped and not stretches), stretches=stretches, answers=_answers(_part(content, "answers")),
        ending=ending, stop_reason=reason, finished_at=_moment(content, "finished_at"), offset_seconds=_offset(content),
        site=_site(content["visit"]) if isinstance(content.get("visit"), dict) else None, photos=_photos(content.get("photos")),
        checks=_checks(content.get("checks"), half=stopped), known=_known(content.get("known")), prepared=_uuid(content, "prepared"),
        digest=digest_of(content),
    )  # fmt: skip


def _wrong(name: str) -> Invalid:
    return Invalid(fields={name: _("This part cannot be read.")})


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = content.get(name)
    if not isinstance(part, dict):
        raise _wrong(name)
    return part


def _text(content: Mapping[str, Any], name: str, at_most: int = TEXT_AT_MOST) -> str:
    text = content.get(name, "")
    if not isinstance(text, str):
        raise _wrong(name)
    if len(text) > at_most:
        raise Invalid(fields={name: _("At most %(number)d letters.") % {"number": at_most}})
    return text.replace("\0", "")  # PostgreSQL stores no such sign


def _one_of(content: Mapping[str, Any], name: str, allowed: Any) -> str:
    value = content.get(name)
    if value not in allowed:
        raise Invalid(fields={name: _("Choose one of the answers.")})
    return str(value)


def _uuid(content: Mapping[str, Any], name: str) -> UUID | None:
    try:
        return UUID(content[name]) if content.get(name) else None
    except (ValueError, TypeError, AttributeError):
        raise _wrong(name) from None


def _needed_uuid(content: Mapping[str, Any], name: str) -> UUID:
    found = _uuid(content, name)
    if found is None:
        raise _wrong(name)
    return found


def _number(content: Mapping[str, Any], name: str) -> int:
    number = content.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**31:
        raise _wrong(name)
    return number


def _offset(content: Mapping[str, Any]) -> int | None:
    offset = content.get("offset_seconds")
    return offset if isinstance(offset, int) and abs(offset) < 2**33 else None  # 272 years: more than a wrong clock can be off


def _moment(content: Mapping[str, Any], name: str) -> datetime | None:
    text = content.get(name)
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except (ValueError, TypeError):
        moment = None
    if not is_plausible(moment):
        raise _wrong(name)
    return moment


def _whom(part: Mapping[str, Any]) -> Whom:
    known, key = _uuid(part, "known"), _uuid(part, "new")
    if (known is None) == (key is None):
        raise Invalid(fields={"person": _("Choose a person.")})
    if known is not None:
        return Whom(known, None)
    sex = _one_of(part, "sex", Person.Sex.values) if part.get("sex") else Person.Sex.UNKNOWN  # never needed
    return Whom(None, key, _one_of(part, "age_band", Person.AgeBand.values), sex, _one_of(part, "language", Language.values))


def _safety(part: Mapping[str, Any], *, half: bool = False) -> dict[str, str]:
    """The points of a check. `half`: the interview was stopped over it, so that what had not been asked yet stays empty and nothing else is."""

    def point(name: str, allowed: list[str]) -> str:
        return "" if half and not part.get(name) else _one_of(part, name, allowed)

    points = {name: point(name, words.values) for name, words in POINTS.items()}
    present = points["interpreter"] == Interpreter.PRESENT
    return points | {name: point(name, words.values) if present else "" for name, words in KNOWN.items()}


def _checks(part: Any, *, half: bool) -> tuple[Again, ...]:
    """The checks made again; an older kit sends none. Only the last one may be `half` filled, where the interview was stopped over it."""
    if part is None:
        return ()
    if not isinstance(part, list) or len(part) > SITTINGS_AT_MOST or not all(isinstance(c, dict) for c in part):
        raise _wrong("checks")
    return tuple(_again(row, half=half and row is part[-1]) for row in part)


def _again(row: Mapping[str, Any], *, half: bool) -> Again:
    sitting, at = _number(row, "sitting"), _moment(row, "at")
    if at is None or not 2 <= sitting <= SITTINGS_AT_MOST + 1:
        raise _wrong("checks")
    return Again(sitting, at, _safety(_part(row, "points"), half=half))


def _stretches(part: Any) -> tuple[Stretch, ...]:
    if not isinstance(part, list) or len(part) > SITTINGS_AT_MOST or not all(isinstance(s, dict) for s in part):
        raise _wrong("sittings")
    found = []
    for row in part:
        began, ended = _moment(row, "began_at"), _moment(row, "ended_at")
        if began is None:
            raise _wrong("sittings")
        found.append(Stretch(began, max(began, ended or began), _text(row, "present")))
    return tuple(sorted(found, key=lambda s: s.began_at))


def _answers(part: Mapping[str, Any]) -> dict[str, Said]:
    if len(part) > ANSWERS_AT_MOST or not all(isinstance(said, dict) for said in part.values()):
        raise _wrong("answers")
    return {
        str(place).replace("\0", "")[:PLACE_AT_MOST]: Said(_text(said, "value"), _text(said, "note"), _moment(said, "at"))
        for place, said in part.items()
    }


def _known(part: Any) -> dict[str, UUID]:
    """What was known and not asked again; an older kit knows nothing and sends none."""
    if part is None:
        return {}
    if not isinstance(part, dict) or len(part) > ANSWERS_AT_MOST:
        raise _wrong("known")
    return {str(place).replace("\0", "")[:PLACE_AT_MOST]: _needed_uuid(part, place) for place in part}


def _site(part: Mapping[str, Any]) -> Site:
    try:
        visited_on = parse_date(str(part.get("visited_on", "")))
    except ValueError:
        visited_on = None
    if visited_on is None or not EARLIEST.date() <= visited_on <= LATEST.date():
        raise _wrong("visited_on")
    facts = _part(part, "facts")
    return Site(_needed_uuid(part, "id"), visited_on, {name: _text(facts, name) for name in FACTS})


def _photos(part: Any) -> tuple[Photo, ...]:
    if part is None:
        return ()
    if not isinstance(part, list) or len(part) > PHOTOS_AT_MOST or not all(isinstance(p, dict) for p in part):
        raise _wrong("photos")
    return tuple(_photo(row) for row in part)


def _photo(row: Mapping[str, Any]) -> Photo:
    try:
        content = b64decode(str(row.get("content", "")), validate=True)
    except ValueError:  # no Base64, or not even ASCII
        raise _wrong("photos") from None
    if len(content) > BYTES_AT_MOST:
        raise Invalid(fields={"photos": too_large()})
    return Photo(_text(row, "place", PLACE_AT_MOST), _text(row, "name", 120) or "photo.jpg", content)


def too_large() -> str:
    """The sentence for a file above the limit."""
    return _("This file is larger than 10 MB. Make the photo smaller and send it again; the answers are kept.")
