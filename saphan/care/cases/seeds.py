"""The invented story goes on: a case with consent, notes, a colleague who says why; and, for measuring, very many cases."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from saphan.access.models import User
from saphan.access.rowlock import as_system
from saphan.access.seeds import People
from saphan.care.cases.consents import Given, record_consent
from saphan.care.cases.models import Case
from saphan.care.cases.services import move_case, open_case, write_note
from saphan.care.cases.states import State
from saphan.care.persons.aliases import NAMES
from saphan.care.persons.files import state_purpose
from saphan.care.persons.models import Involvement, Person
from saphan.care.screening.models import Hearing
from saphan.core import clock
from saphan.core.ids import new_reference
from saphan.core.sensitivity import SEALED_CLASSES
from saphan.directory.models import Office

AGREED = Given(purpose="case", language="lo", form="spoken", capacity="adult", evidence="Explained in Lao, with an interpreter (invented).")
OPEN_STATES = [s for s in State if s is not State.CLOSED]
AT_ONCE = 2000


def plant(people: People) -> None:
    """The case of the person whom the team identified: consents, a need, a plan, and a colleague who stands in."""
    decided = Hearing.objects.filter(outcome="identified").order_by("decided_at").select_related("person").first()
    if decided is None or decided.decided_at is None:
        return
    at = decided.decided_at + timedelta(hours=3)
    with clock.stopped_at(at):
        case = open_case(person_id=decided.person_id, given=AGREED, by=people.owner, at=at)
        move_case(case_id=case.pk, verb="assist", by=people.owner, at=at)
        write_note(
            case_id=case.pk, kind="need", text="Sleeps badly; wishes to talk to somebody outside the ministry (invented).", by=people.owner, at=at
        )
        write_note(case_id=case.pk, kind="plan", text="Trauma care first; then the aunt's village (invented).", by=people.owner, at=at)
        _agrees(people.owner, case, people.hospital.pk, "service", ("contact", "health", "exploitation"), at)
        _agrees(people.owner, case, people.ngo.pk, "legal", ("contact", "legal"), at)
    now = clock.now()
    state_purpose(person_id=case.person_id, purpose="cover", by=people.colleague, at=now)


def _agrees(by: User, case: Case, receiver_id: UUID, purpose: str, classes: tuple[str, ...], at: datetime) -> None:
    given = Given(purpose=purpose, language="lo", form="spoken", capacity="adult", receiver_id=receiver_id, classes=classes)
    record_consent(person_id=case.person_id, given=given, by=by, at=at)


def plant_many(count: int) -> int:
    """Very many invented cases for measuring, led by the demonstration's case worker and colleague. Written in bulk: no sealed text, no audit."""
    leads = list(User.objects.filter(email__in=["somsri@demo.example", "prasit@demo.example"]).order_by("email"))
    offices: list[Office | None] = [*Office.objects.filter(org=leads[0].org_id)] or [None]
    draw = random.Random(1)  # noqa: S311  # invented rows, the same each time
    rows = _rows(count, leads, offices, draw, clock.now())
    with as_system(), transaction.atomic():
        while batch := list(islice(rows, AT_ONCE)):
            Person.objects.bulk_create([person for person, _tie, _case in batch])
            Involvement.objects.bulk_create([tie for _person, tie, _case in batch])
            Case.objects.bulk_create([case for _person, _tie, case in batch])
    return count


def _rows(
    count: int, leads: list[User], offices: list[Office | None], draw: random.Random, now: datetime
) -> Iterator[tuple[Person, Involvement, Case]]:
    taken = set(Person.objects.values_list("alias", flat=True))
    for number in range(count):
        lead, at = leads[number % len(leads)], now - timedelta(minutes=draw.randrange(60 * 24 * 365 * 5))
        while (alias := f"{draw.choice(NAMES)} {draw.randrange(1000, 100000)}") in taken:
            pass
        taken.add(alias)
        person = Person(
            alias=alias, org_id=lead.org_id, age_band="adult", sex=draw.choice(["female", "male"]), language="lo", created_at=at, created_by=lead
        )
        tie = Involvement(
            person=person,
            owner_org_id=lead.org_id,
            org_id=lead.org_id,
            user=lead,
            relation="lead",
            classes=[c.value for c in SEALED_CLASSES],
            since=at,
        )
        case = Case(
            person=person, reference=new_reference("C"), org_id=lead.org_id, office=draw.choice(offices), lead=lead, state=draw.choice(OPEN_STATES),
            opened_at=at, opened_by=lead, next_review_on=(now + timedelta(days=draw.randrange(-10, 90))).date(),
        )  # fmt: skip
        yield person, tie, case
