"""The demonstration: commitments of the Thai-Lao SOP, invented cases of two quarters under it, frozen scorecards, one of them public.

The cases whose reception was not asked for have come to their end: from these the impact of a new version is counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.agreements.following import services
from saphan.agreements.following.chores import look_at_promises
from saphan.agreements.following.kept import keep_version
from saphan.agreements.following.models import Binding
from saphan.agreements.following.services import Subject
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.subjects import SUBJECTS, SubjectKind
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.scoring import Period
from saphan.agreements.scoring import committing, freezing, keeping, publishing
from saphan.agreements.scoring.committing import Owed
from saphan.agreements.scoring.models import Commitment, ScoreSnapshot
from saphan.agreements.scoring.occurring import Rhythm
from saphan.agreements.scoring.periods import latest
from saphan.agreements.scoring.stepping import Said
from saphan.core import clock
from saphan.core.ids import new_id
from saphan.directory.models import Organisation

INVENTED = "invented_case"
# Days after which the report came; none: it never came, the case is open. Then, for some, days after which the reception was confirmed: these are
# open too. The others were settled otherwise and are closed.
CASES: list[tuple[int | None, int | None]] = [
    (18, None), (21, None), (25, None), (30, None), (33, None), (35, None), (38, 2), (40, 4), (41, 3), (44, 9), (52, 5), (58, 2), (None, None),
]  # fmt: skip
EARLIER: list[tuple[int | None, int | None]] = [(20, None), (29, None), (36, None), (47, None), (55, None), (60, None), (None, None)]
REPORT_TAKES = timedelta(days=46)  # thirty working days with what lies between


def plant(people: People) -> None:
    """The story, told through the services."""
    version = AgreementVersion.objects.filter(agreement__code="TH-LA-SOP").signed().first()
    if version is None:
        return
    now = clock.now()
    running, last, before = latest("quarter", now, 3)
    _commitments(version, people, last, running)
    with _invented():
        for period, cases in ((before, EARLIER), (last, CASES)):
            _cases(version, people, period, cases)
    look_at_promises(now)
    freezing.freeze_due(now)
    for period in (before, last):
        _allowed(version, people, period, now, by_all=period == before)


@contextmanager
def _invented() -> Iterator[None]:
    """A kind of subject that exists while the demonstration is planted: nobody sees these cases, they are only counted."""
    none = Organisation.objects.none
    SUBJECTS[INVENTED] = SubjectKind(INVENTED, "Invented case", lambda _user: none(), lambda _ids: {}, lambda _pk: frozenset())
    try:
        yield
    finally:
        SUBJECTS.pop(INVENTED)


def _cases(version: AgreementVersion, people: People, period: Period, cases: list[tuple[int | None, int | None]]) -> None:
    """Cases whose report falls due within the period."""
    kept = keep_version(version, period.since)
    for place, (report, confirmed) in enumerate(cases):
        begun = period.since - REPORT_TAKES + timedelta(days=6 + 2 * place)
        parties = {"H": people.ministry.pk, "O": people.partner.pk}
        binding = services.bind(subject=Subject(INVENTED, new_id(), new_id(), parties), procedure=kept, by=None, at=begun)
        _traced(binding, begun)
        if report:
            services.send_message(binding_id=binding.pk, message="trace_report", role="tracing_officer", by=None, at=begun + timedelta(days=report))
        if report and confirmed:
            _prepared(binding, begun + timedelta(days=report + 1), timedelta(days=confirmed))
        elif report:
            _settled(binding, begun + timedelta(days=report + 1))


def _traced(binding: Binding, at: datetime) -> None:
    with services.sitting_on(binding.pk, by=None, at=at) as sitting:
        _all_of_the_stage(sitting)
        sitting.enter("tracing", role="focal_H")
        sitting.send("trace_request", role="focal_H", fields=["given_name", "home_district"])


def _prepared(binding: Binding, at: datetime, after: timedelta) -> None:
    with services.sitting_on(binding.pk, by=None, at=at) as sitting:
        sitting.enter("decision", role="case_officer")
        _all_of_the_stage(sitting)
        sitting.enter("preparation", role="case_officer")
    services.send_message(binding_id=binding.pk, message="reception_confirm", role="reception_officer", by=None, at=at + after)


def _settled(binding: Binding, at: datetime) -> None:
    """The person does not return: another lasting solution is found, and three weeks later the case is closed."""
    with services.sitting_on(binding.pk, by=None, at=at) as sitting:
        sitting.enter("decision", role="case_officer")
        sitting.enter("other_solution", role="case_officer")
    services.enter(binding_id=binding.pk, stage="closed", role="case_officer", by=None, at=at + timedelta(days=21))


def _all_of_the_stage(sitting: Sitting) -> None:
    rules = sitting.standing.compiled.stages[sitting.standing.stage]
    for check in rules.checks:
        if check.holds(sitting.standing.facts):
            sitting.note("checked", check.id, role="case_officer")
    for consent in rules.consents:
        sitting.note("consent_given", consent.id, form="written")
    for document in rules.documents:
        sitting.note("document_filed", document.id, role=document.by)
        for role in document.signed_by:
            sitting.note("signed", document.id, role=role)


def _commitments(version: AgreementVersion, people: People, last: Period, running: Period) -> None:
    """A yearly meeting confirmed, a joint training confirmed late, a list of focal points that waits for our word, a proposal of the other side."""
    thai, lao = people.agreement_officer, people.partner_officer
    first, present = timezone.localdate(last.since), timezone.localdate(running.since)
    meeting = _agreed(
        version,
        ("H", "9", Rhythm.YEARLY),
        ("The yearly meeting of focal points takes place.", "จัดการประชุมประจำปีของจุดประสานงาน"),
        _in(first, 50),
        thai,
        lao,
    )
    training = _agreed(
        version,
        ("O", "11", Rhythm.HALF_YEARLY),
        ("A joint training of reception officers is held.", "จัดการอบรมร่วมของเจ้าหน้าที่รับตัว"),
        _in(first, 40),
        thai,
        lao,
    )
    points = _agreed(version, ("O", "9", Rhythm.QUARTERLY), ("The list of focal points is sent.", "ส่งรายชื่อจุดประสานงาน"), _in(first, 15), lao, thai)
    _told(meeting, 1, _in(first, 46), "Minutes signed by both sides, on file at the ministry.", thai, lao)
    _told(training, 1, _in(first, 61), "Programme and list of participants by office.", lao, thai)
    _told(points, 1, _in(first, 12), "Sent by note.", lao, thai)
    if clock.now() > running.since + timedelta(days=16):
        _told(points, 2, _in(present, 14), "Sent by note.", lao, None)
    owed = Owed("7", version.agreement.parties.get(side="H").pk, {"en": "Crossing points and their hours are told.", "th": "แจ้งจุดผ่านแดนและเวลาทำการ"}, Rhythm.HALF_YEARLY, _in(present, 120))  # fmt: skip
    committing.propose(version_id=version.pk, owed=owed, by=lao, at=clock.now())


def _agreed(version: AgreementVersion, facts: tuple[str, str, str], words: tuple[str, str], first: date, by: User, other: User) -> Commitment:
    """Proposed by the one side and accepted by the other, soon after the agreement entered into force."""
    side, article, rhythm = facts
    party, at = version.agreement.parties.get(side=side), clock.now() - timedelta(days=260)
    owed = Owed(article, party.pk, dict(zip(("en", "th"), words, strict=True)), rhythm, first)
    return committing.accept(commitment_id=committing.propose(version_id=version.pk, owed=owed, by=by, at=at).pk, by=other, at=at)


def _told(commitment: Commitment, number: int, on: date, note: str, by: User, other: User | None) -> None:
    """Stated two days later and, where another is named, confirmed a day after that."""
    occurrence = commitment.occurrences.get(number=number)
    at = timezone.make_aware(datetime.combine(on, time(10))) + timedelta(days=2)
    keeping.state(occurrence_id=occurrence.pk, said=Said(note, on), by=by, at=at)
    if other is not None:
        keeping.confirm(occurrence_id=occurrence.pk, by=other, at=at + timedelta(days=1))


def _in(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _allowed(version: AgreementVersion, people: People, period: Period, now: datetime, *, by_all: bool) -> None:
    """The other party allows the card; ours too for the earlier one, which is public."""
    snapshot = ScoreSnapshot.objects.get(version=version, since=period.since)
    seen = publishing.public_digest(snapshot)
    publishing.allow(snapshot_id=snapshot.pk, seen=seen, by=people.partner_officer, at=now)
    if by_all:
        publishing.allow(snapshot_id=snapshot.pk, seen=seen, by=people.agreement_officer, at=now)
        publishing.publish_card(snapshot_id=snapshot.pk, by=people.agreement_officer, at=now)
