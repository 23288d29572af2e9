"""What may pass each door: the kinds of releases with the shape of their content, and who receives which kind of report.

The shape of a release lives here, above the wall, because both sides check it; a room below the wall fills it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.core.errors import Invalid
from saphan.releases.canonical import canonical, normalise
from saphan.releases.shapes import Shape, integer, list_of, one_of, optional, record, text

LARGEST_RELEASE = 1024 * 1024  # bytes of canonical content

Validator = Callable[[Any], Any]
Receiver = Callable[[dict[str, Any], datetime], object]
Taker = Callable[[str], object]

AGREEMENTS = "agreements"
SCORECARDS = "scorecards"

RELEASE_KINDS: dict[str, Validator] = {}
RELEASE_ACTS: dict[str, Action] = {}  # who may let a kind out
RELEASE_TAKERS: dict[str, Taker] = {}
REPORT_SHAPES: dict[str, Validator] = {}
REPORT_RECEIVERS: dict[str, Receiver] = {}


def release_kind(name: str, act: Action = Action.RELEASES_PUBLISH) -> Callable[[Validator], Validator]:
    """Registers the function that lets through exactly the agreed shape of a release and raises Invalid for anything else.

    `act` is what the role of whoever signs such a release must include.
    """

    def register(validator: Validator) -> Validator:
        if name in RELEASE_KINDS:
            raise RuntimeError(f"two shapes for the release {name}")
        RELEASE_KINDS[name], RELEASE_ACTS[name] = validator, act
        return validator

    return register


def release_taker(name: str) -> Callable[[Taker], Taker]:
    """Registers the function of a public room that shows a kind of release. It gets the key and reads `selectors.current`.

    It runs in the transaction in which a release is published here or arrives here, so that what is shown and what is signed never part.
    """

    def register(taker: Taker) -> Taker:
        if RELEASE_TAKERS.setdefault(name, taker) is not taker:
            raise RuntimeError(f"two takers for the release {name}")
        return taker

    return register


def report_kind(name: str) -> Callable[[Validator], Validator]:
    """Registers the shape of a sealed report; checked before sealing and again after opening."""

    def register(validator: Validator) -> Validator:
        if name in REPORT_SHAPES:
            raise RuntimeError(f"two shapes for the report {name}")
        REPORT_SHAPES[name] = validator
        return validator

    return register


def report_receiver(name: str) -> Callable[[Receiver], Receiver]:
    """Registers the function of a care room that takes an opened report, in the transaction of the collecting."""

    def register(receiver: Receiver) -> Receiver:
        if REPORT_RECEIVERS.setdefault(name, receiver) is not receiver:
            raise RuntimeError(f"two receivers for the report {name}")
        return receiver

    return register


def shaped_release(kind: str, body: Any) -> Any:
    """The content as it may leave. Raises Invalid for an unknown kind, a wrong shape or too large a content."""
    if kind not in RELEASE_KINDS:
        raise Invalid(_("No release of this kind is known here."))
    shaped = RELEASE_KINDS[kind](normalise(body))
    if len(canonical(shaped)) > LARGEST_RELEASE:
        raise Invalid(_("The content is too large for one release."))
    return shaped


def shaped_report(kind: str, body: Any) -> Any:
    """The report as it may be sealed. Raises Invalid for an unknown kind or a wrong shape."""
    if kind not in REPORT_SHAPES:
        raise Invalid(_("No report of this kind is known here."))
    return REPORT_SHAPES[kind](normalise(body))


SERVICE_DIRECTORY = record(
    services=list_of(
        record(
            id=text(36, r"[0-9a-f-]{36}"),
            name_en=text(160),
            name_th=text(160),
            kind=text(40, r"[a-z_]+"),
            organisation_en=text(160),
            organisation_th=text(160),
            country=text(2, r"[A-Z]{2}"),
            province=text(6, r"([A-Z]{2}-[0-9A-Z]{1,3})?"),
            phone=text(40, r"[0-9+ ()/*#,-]*"),
            hours=text(160),
            languages=list_of(text(10, r"[a-zA-Z-]+"), most=40),
            verified_on=text(10, r"(\d{4}-\d{2}-\d{2})?"),
        ),
        most=5000,
    ),
    offices=optional(
        list_of(
            record(province=text(6, r"[A-Z]{2}-[0-9A-Z]{1,3}"), name_en=text(160), name_th=text(160), phone=text(40, r"[0-9+ ()/*#,-]*")), most=200
        )
    ),
)  # there is no field for an address, so none can pass

DAY, LANGUAGE = r"\d{4}-\d{2}-\d{2}", r"[a-z]{2}"
TOLD = list_of(record(language=text(2, LANGUAGE), text=text(600)), most=12)
NUMBER = text(17, r"(\d{1,4}\.\d{1,4}\.\d{1,4})?")
AGREEMENT = record(
    id=text(36, r"[0-9a-f-]{36}"),
    code=text(40),
    kind=text(20, r"[a-z_]+"),
    titles=TOLD,
    notes=TOLD,
    parties=list_of(
        record(country=text(2, r"([A-Z]{2})?"), name_en=text(160), name_th=text(160), members=text(120, r"[A-Z ]*"), role=text(12, r"[a-z]+")),
        most=60,
    ),
    parent=text(40),
    dated=text(10, r"(\d{4}(-\d{2}){0,2})?"),
    expires_on=text(10, rf"({DAY})?"),
    source=text(200),
    provenance=one_of("sourced", "recalled", "proposal"),
    events=list_of(
        record(version=NUMBER, provision=text(20), kind=text(10, r"[a-z]+"), on=text(10, DAY), provenance=one_of("sourced", "recalled", "proposal")),
        most=500,
    ),
    in_force=list_of(record(version=NUMBER, since=text(10, DAY), until=text(10, rf"({DAY})?")), most=100),
    versions=list_of(
        record(
            number=NUMBER,
            digest=text(80, r"sha256:[0-9a-f]{64}"),
            languages=list_of(text(2, LANGUAGE), most=6),
            changes=text(400),
            signatures=list_of(
                record(party_en=text(160), party_th=text(160), office=text(160), signatory=text(160), on=text(10, DAY), place=text(120)), most=60
            ),
        ),
        most=50,
    ),
    provisions=list_of(
        record(number=text(20), language=text(2, LANGUAGE), heading=text(200), prose=text(8000), type=text(3, r"(A\d{2})?")), most=1200
    ),
)  # no draft, no meeting and no file has a field here, so none can pass

COUNT, SHARE = integer(0, 10_000_000), integer(0, 1000)  # a share in thousandths
OF_LINE: dict[str, Shape] = {"name": text(40), "article": text(20), "party_en": text(160), "party_th": text(160)}
PARTS_OF_COUNT = ("kept", "late", "not_kept", "excused", "pending", "overdue")
OF_COUNT: dict[str, Shape] = {
    **dict.fromkeys(PARTS_OF_COUNT, COUNT), **dict.fromkeys(("rate", "low", "high"), SHARE),
    "trend": optional(integer(-1000, 1000)),
}  # fmt: skip
SCORECARD = record(
    id=text(36, r"[0-9a-f-]{36}"),
    agreement=text(36, r"[0-9a-f-]{36}"),
    code=text(40),
    version=NUMBER,
    every=one_of("month", "quarter", "year"),
    period=text(7, r"\d{4}(-Q[1-4]|-\d{2})?"),
    until=text(10, DAY),
    target=SHARE,
    publish_min=integer(3, 1000),
    inputs=text(64, r"[0-9a-f]{64}"),
    lines=list_of(record(**OF_LINE, **OF_COUNT), most=60),
    withheld=list_of(record(**OF_LINE), most=60),
    total=list_of(record(**OF_COUNT), most=1),
    commitments=list_of(
        record(
            words=TOLD,
            article=text(20),
            party_en=text(160),
            party_th=text(160),
            due_on=text(10, DAY),
            happened_on=text(10, rf"({DAY})?"),
            became=one_of("kept", "late", "not_kept", "excused", "pending", "overdue"),
        ),
        most=400,
    ),
)  # a line that is withheld has no field for a number, so none can pass

CONCERN = record(
    text=text(8000),
    contact=optional(text(400)),
    safe_contact=optional(text(400)),
    place=optional(text(400)),
    country=optional(text(2, r"[A-Z]{2}")),
    language=optional(text(10, r"[a-zA-Z-]+")),
    about=optional(one_of("self", "other", "unknown")),
    danger=optional(one_of("yes", "no", "unknown")),
)


@release_kind("service_directory")
def service_directory(body: Any) -> Any:
    """The public part of the directory: who offers what in which province, the ministry's provincial offices, and how to telephone them."""
    return SERVICE_DIRECTORY(body, "service_directory")


@release_kind(AGREEMENTS, Action.AGREEMENT_PUBLISH)
def agreement(body: Any) -> Any:
    """What is public of one agreement: facts, days of force, signatures, and the words of its newest signed version."""
    return AGREEMENT(body, AGREEMENTS)


@release_kind(SCORECARDS, Action.SCORE_PUBLISH)
def scorecard(body: Any) -> Any:
    """How one agreement was kept in one period, as all its parties allow it to be known.

    Raises Invalid where a shown line has too few to judge, and where the total is not that of the shown lines: a subtraction would tell the others.
    """
    shaped = SCORECARD(body, SCORECARDS)
    for line in [*shaped["lines"], *shaped["total"]]:
        if line["kept"] + line["late"] + line["not_kept"] + line["overdue"] < shaped["publish_min"]:
            raise Invalid(_("A scorecard holds a figure below the number from which figures may be published."))
    for part in PARTS_OF_COUNT:
        if shaped["total"] and shaped["total"][0][part] != sum(line[part] for line in shaped["lines"]):
            raise Invalid(_("The total of a scorecard is of the lines that are shown."))
    return shaped


@report_kind("concern")
def concern(body: Any) -> Any:
    """Somebody wrote that a person may be at risk."""
    return CONCERN(body, "concern")
