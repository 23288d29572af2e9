"""The demonstration's invented story: three people are screened, a team decides upon one, an interview waits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from saphan.access.models import User
from saphan.care.persons.models import Person
from saphan.care.persons.services import Facts, open_person
from saphan.care.screening import decisions, identifying, letters, reflections, reviews, services, sessions, teams
from saphan.care.screening.codes import Asker, Conflict, HandedHow, Heard, Interpreter, Outcome, Reader, RequestForm
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
NO_VOTES = (
    (Outcome.NOT_IDENTIFIED, "Unpaid wages, but he could leave."),
    (Outcome.NOT_IDENTIFIED, "I do not see the means."),
    (Outcome.NOT_IDENTIFIED, "A matter for the labour court."),
    (Outcome.IDENTIFIED, "The wage was a deception from the start."),
    ("abstain", "I know too little of boats."),
)
NEEDS = "She needs rest and a doctor; she fears for the debt at home."
MINUTES = "The person told it in her own words, with pauses. The team asked about the papers and the debt."
SUMMARY = "Four of five members see act, means and purpose."


def tell(people: "People") -> None:
    """Tells the story with the clock stopped at each act, so that its audit and its clocks are real."""
    load_instruments()
    now = clock.now()
    _identified(people, now)
    waiting = _interviewed(people.owner, _person(people.owner, Person.Sex.MALE, now - 4 * DAY), FACTORY, now - 3 * DAY)
    _convene(people, waiting, now - 2 * DAY)
    _paused(people.owner, _person(people.owner, Person.Sex.MALE, now - DAY), now - DAY / 2)
    _told_no(people, now)


def _identified(people: "People", now: datetime) -> None:
    """Identified with one dissent; the letter is read to her, and she takes her time."""
    interview = _interviewed(people.owner, _person(people.owner, Person.Sex.FEMALE, now - 13 * DAY), FACTORY, now - 12 * DAY)
    _protect(people, interview.person, now - 12 * DAY + timedelta(hours=2))
    hearing = _convene(people, interview, now - 11 * DAY)
    _decide(people, hearing, now - 9 * DAY)
    _hand_over(people, hearing, now - 8 * DAY)
    _reflect(people, interview.person, now - 8 * DAY + timedelta(hours=1))


def _told_no(people: "People", now: datetime) -> None:
    """Not identified by a majority; a review is asked for in its time."""
    interview = _interviewed(people.owner, _person(people.owner, Person.Sex.MALE, now - 20 * DAY), BOAT, now - 19 * DAY)
    hearing = _convene(people, interview, now - 18 * DAY)
    _decide(people, hearing, now - 16 * DAY, NO_VOTES, "The answers speak of hard work and of unpaid wages; force is not clear.")
    _hand_over(people, hearing, now - 15 * DAY)
    _ask_again(people, hearing, now - 5 * DAY)


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
        call = teams.Call(people.mdt, chair=people.mdt[0], recorder=people.mdt[1], sits_at=at + 2 * DAY, needs=NEEDS)
        return teams.convene(interview_id=interview.pk, call=call, services_began_on=began_on, by=people.owner, at=at)


def declare_all(people: "People", hearing: Hearing, at: datetime, conflicts: Collection[int] = ()) -> None:
    """Every member says whether there is a conflict of interest."""
    for number, member in enumerate(people.mdt):
        conflict = Conflict.CONFLICT if number in conflicts else Conflict.NONE
        teams.declare(hearing_id=hearing.pk, conflict=conflict, by=member, at=at)


def sit(people: "People", hearing: Hearing, at: datetime, remote: Collection[int] = (4,)) -> None:
    """One sitting of half an hour, with those who declared no conflict; some take part from afar."""
    places = {member.pk: number for number, member in enumerate(people.mdt)}
    seats = [seat for seat in hearing.members.all() if seat.takes_part and seat.conflict == Conflict.NONE]
    present = {seat.pk: sessions.REMOTE if places.get(seat.user_id) in remote else sessions.ROOM for seat in seats}
    sessions.open_session(hearing_id=hearing.pk, present=present, by=people.supervisor, at=at)
    sessions.end_session(
        hearing_id=hearing.pk, heard=Heard.PERSON, language="lo", interpreter=Interpreter.PRESENT, told="yes", minutes=MINUTES, by=people.supervisor,
        at=at + timedelta(minutes=30),
    )  # fmt: skip


def cast(people: "People", hearing: Hearing, at: datetime, votes: Sequence[tuple[str, str]] = VOTES) -> None:
    """The members vote in their order."""
    for member, (choice, reason) in zip(people.mdt, votes, strict=False):
        decisions.vote(hearing_id=hearing.pk, choice=choice, reason=reason, by=member, at=at)


def _decide(people: "People", hearing: Hearing, at: datetime, votes: Sequence[tuple[str, str]] = VOTES, summary: str = SUMMARY) -> None:
    with clock.stopped_at(at):
        declare_all(people, hearing, at)
        sit(people, hearing, at)
        cast(people, hearing, at, votes)
        later = at + timedelta(minutes=40)
        decisions.decide(hearing_id=hearing.pk, summary=summary, by=people.supervisor, at=later)


def _hand_over(people: "People", hearing: Hearing, at: datetime) -> None:
    with clock.stopped_at(at):
        letters.hand_over(
            hearing_id=hearing.pk, how=HandedHow.READ_ALOUD, read_by=Reader.INTERPRETER, language="lo", handed_at=at, by=people.owner, at=at
        )


def _protect(people: "People", person: Person, at: datetime) -> None:
    """Told of rights, services begun, time to reflect taken."""
    with clock.stopped_at(at):
        identifying.tell_of_rights(person=person, by=people.owner, at=at)
        identifying.begin_services(person=person, on=timezone.localdate(at), agrees=True, by=people.owner, at=at)


def _reflect(people: "People", person: Person, at: datetime) -> None:
    with clock.stopped_at(at):
        offered = reflections.offer(person=person, by=people.owner, at=at)
        reflections.accept(reflection_id=offered.pk, by=people.owner, at=at)


def _ask_again(people: "People", hearing: Hearing, at: datetime) -> None:
    """Whoever was told no asks for a review; the request waits for its team."""
    with clock.stopped_at(at):
        reviews.take_in(
            hearing_id=hearing.pk, asked_by=Asker.PERSON, form=RequestForm.SPOKEN, reason="He says that nobody asked about the debt.", received_at=at,
            by=people.owner, at=at,
        )  # fmt: skip
