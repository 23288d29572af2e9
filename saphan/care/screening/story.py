"""The demonstration's invented story: three people are screened, a team decides upon one, an interview waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from saphan.access.models import User
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import decisions, services
from saphan.care.screening.codes import Conflict, Outcome
from saphan.care.screening.instruments import InstrumentVersion
from saphan.care.screening.models import Hearing, Interview
from saphan.care.screening.seeds import load_instruments
from saphan.core import clock

if TYPE_CHECKING:
    from saphan.access.seeds import People

DAY = timedelta(days=1)
SAFE = {
    "language": "lo",
    "private_place": "yes",
    "interpreter": "present",
    "same_village": "no",
    "same_community": "no",
    "sex_asked": "yes",
    "consent": "yes",
    "may_skip": "yes",
    "referrals_ready": "yes",
    "person_risk": "some",
    "worker_risk": "high",
}
FACTORY = {
    "ACT.RECRUIT": ("yes", "A neighbour's cousin found the work."),
    "ACT.MOVE": ("yes", ""),
    "ACT.HARBOUR": ("yes", ""),
    "D1.JOB": ("yes", "She was told of a shop in the town."),
    "D1.WAGE": ("yes", ""),
    "D1.CONTRACT": ("unknown", ""),
    "D3.ECON": ("yes", ""),
    "D3.NOINFO": ("yes", ""),
    "D2.VIOL": ("no", ""),
    "D2.DEBT": ("yes", "The journey was to be worked off."),
    "D4.HOURS": ("yes", "From five in the morning, no free day."),
    "D4.LOWPAY": ("yes", ""),
    "D4.LIVING": ("yes", ""),
    "D6.DEPENDENCE": ("yes", ""),
    "D6.UNKNOWN": ("yes", ""),
    "D5.DOCSCONF": ("yes", "The owner kept the passport in a drawer."),
    "D5.ISOLATE": ("yes", ""),
    "D5.VIOL": ("declined", ""),
    "D5.WAGEHELD": ("yes", ""),
}
BOAT = {
    "ACT.RECRUIT": ("yes", ""),
    "ACT.MOVE": ("yes", ""),
    "D1.JOB": ("no", ""),
    "D1.WAGE": ("yes", ""),
    "D4.HOURS": ("yes", ""),
    "D4.LOWPAY": ("unknown", ""),
}
VOTES = (
    (Outcome.IDENTIFIED, "Papers kept, pay held, the door locked: pressure at work is plain."),
    (Outcome.IDENTIFIED, "Deceived about the work from the start, and bound by a debt."),
    (Outcome.IDENTIFIED, "The three elements are each told of more than once."),
    (Outcome.IDENTIFIED, "The medical findings agree with the hours that were told."),
    (Outcome.MORE_INFORMATION, "I should like to hear the second worker of the same house first."),
)


def tell(people: "People") -> None:
    """Tells the story with the clock stopped at each act, so that its audit and its clocks are real."""
    load_instruments()
    now = clock.now()
    decided = _interviewed(people.owner, _person(people.owner, Person.Sex.FEMALE, now - 13 * DAY), FACTORY, now - 12 * DAY)
    _decide(people, _convene(people, decided, now - 11 * DAY), now - 9 * DAY)
    waiting = _interviewed(people.owner, _person(people.owner, Person.Sex.MALE, now - 4 * DAY), FACTORY, now - 3 * DAY)
    _convene(people, waiting, now - 2 * DAY)
    _paused(people.owner, _person(people.owner, Person.Sex.MALE, now - DAY), now - DAY / 2)


def _person(worker: User, sex: str, at: datetime) -> Person:
    with clock.stopped_at(at):
        return open_person(report_id=None, facts=Facts(age_band=Person.AgeBand.ADULT, sex=sex, language="lo"), by=worker, at=at)


def begin(worker: User, person: Person, answers: Mapping[str, tuple[str, str]], at: datetime, code: str = "adult_labour") -> Interview:
    """Prepares, checks and starts an interview and gives these answers, a minute each."""
    version = InstrumentVersion.objects.get(instrument=code, state="approved")
    interview = services.prepare(person=person, version=version, by=worker, at=at)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=worker, at=at)
    services.start(interview_id=interview.pk, present="Interpreter from the provincial list", by=worker, at=at)
    prefix = version.questions.values_list("code", flat=True)[0].split(".")[0]
    for minute, (question, (value, note)) in enumerate(answers.items(), start=1):
        services.answer(
            interview_id=interview.pk, code=f"{prefix}.{question}", value=value, note=note, seen=0, by=worker, at=at + timedelta(minutes=minute)
        )
    return interview


def _interviewed(worker: User, person: Person, answers: Mapping[str, tuple[str, str]], at: datetime) -> Interview:
    with clock.stopped_at(at):
        interview = begin(worker, person, answers, at)
        return services.complete(interview_id=interview.pk, by=worker, at=at + timedelta(minutes=40))


def _paused(worker: User, person: Person, at: datetime) -> None:
    with clock.stopped_at(at):
        interview = begin(worker, person, BOAT, at)
        services.pause(interview_id=interview.pk, by=worker, at=at + timedelta(minutes=20))


def _convene(people: "People", interview: Interview, at: datetime) -> Hearing:
    with clock.stopped_at(at):
        began_on = timezone.localdate(at) - DAY
        return decisions.convene(interview_id=interview.pk, members=people.mdt, services_began_on=began_on, by=people.owner, at=at)


def _decide(people: "People", hearing: Hearing, at: datetime) -> None:
    with clock.stopped_at(at):
        for member, (choice, reason) in zip(people.mdt, VOTES, strict=True):
            decisions.declare(hearing_id=hearing.pk, conflict=Conflict.NONE, by=member, at=at)
            decisions.vote(hearing_id=hearing.pk, choice=choice, reason=reason, by=member, at=at)
        decisions.decide(
            hearing_id=hearing.pk,
            summary="Four of five members see act, means and purpose.",
            by=people.supervisor,
            at=at,
        )
