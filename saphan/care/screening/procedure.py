"""A person's identification follows the national procedure: each act of screening and hearing is told to the engine, and its promises are the clocks.

Nothing here refuses an act: the room's own rules have decided. What the articles asked first and was not done becomes a finding of drift,
and the page says "why not yet" with the article before the act. Help never waits for a paper.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check as ask_policy
from saphan.access.rowlock import as_system
from saphan.agreements.following import services
from saphan.agreements.following.deriving import glance_at
from saphan.agreements.following.kept import compiled, in_force, in_use, keep_in_force
from saphan.agreements.following.models import Binding
from saphan.agreements.following.selectors import prose_of
from saphan.agreements.following.services import Subject, binding_of
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.subjects import Shown, SubjectKind, register
from saphan.agreements.following.words import length_said, said
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled
from saphan.agreements.procedures.terms import Length
from saphan.care.persons.disclosure import opened_by
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Heard, Outcome
from saphan.care.screening.models import Identification
from saphan.core import clock
from saphan.core.ids import new_reference
from saphan.core.sensitivity import Sensitivity

FILE, IDENTITY, KIND = "th-identification", "th/identification", "identification"
WAY = ("reported", "first_contact", "presumed_victim", "temporary_shelter", "mdt_interview")
BESIDE = {"protect_now": "reported", "custody": "presumed_victim", "custody_extended": "presumed_victim"}  # how far a stage beside the way has come
# Stages, messages and promises that this room calls by name: a version without one of them does not fit.
KNOWN = frozenset(WAY) | frozenset(BESIDE) | frozenset(
    {"identified", "not_identified", "more_information", "child_procedure", "review_asked", "reflection", "protection_request", "protection_receipt",
     "ob_rights", "ob_testimony", "ob_record"}
)  # fmt: skip
TOLERATED = timedelta(hours=1)  # a clock may differ, a form may lie open
Step = Callable[[Sitting], None]


@dataclass(frozen=True)
class Limit:
    """How long something may take, and the article that says so."""

    article: str
    text: str
    language: str
    length: str


def bring() -> None:
    """Registers identifications as subjects; called once, when the room is ready."""
    register(SubjectKind(KIND, _("Identification"), Identification.objects.visible_to, shown, facts_of, opens))


def shown(ids: Iterable[UUID]) -> Mapping[UUID, Shown]:
    """Identifications by their references."""
    found = Identification.objects.filter(pk__in=list(ids)).values_list("pk", "reference", "person_id")
    return {pk: Shown(reference, reverse("screening:identification", args=[person])) for pk, reference, person in found}


def facts_of(identification_id: UUID) -> frozenset[str]:
    """The named facts of the procedure that hold now."""
    found = Identification.objects.select_related("person").get(pk=identification_id)
    wanted = {"child": found.person.counts_as_child, "declines": found.declines_team, "leaves_soon": found.leaves_soon}
    return frozenset(name for name, holds in wanted.items() if holds)


def opens(user: User, identification_id: UUID) -> frozenset[Sensitivity]:
    """What this worker may have opened of the person's file."""
    found = Identification.objects.visible_to(user).select_related("person").filter(pk=identification_id).first()
    return opened_by(user, found.person) if found else frozenset()


def identification_of(person_id: UUID) -> Identification | None:
    """The newest identification of this person, if there is one."""
    return Identification.objects.filter(person=person_id).order_by("-number").first()


@transaction.atomic
def opened(person: Person, *, at: datetime) -> Identification:
    """The identification of this person, opened and bound to the version in force today where it follows none yet. Where none is in force it stays unbound."""
    with as_system():
        Person.objects.select_for_update().only("pk").get(pk=person.pk)
        found = identification_of(person.pk)
        if found is None:
            found = Identification.objects.create(reference=new_reference("E"), person=person, org_id=person.org_id, opened_at=at)
        kept = keep_in_force(FILE, at, KNOWN) if binding_of(KIND, found.pk, IDENTITY) is None else None
        if kept is not None:
            subject = Subject(KIND, found.pk, person.pk, {"P": person.org_id, "M": person.org_id})
            services.bind(subject=subject, procedure=kept, by=None, at=at)
    return found


def binding(identification: Identification) -> Binding | None:
    """How this identification follows the procedure."""
    return binding_of(KIND, identification.pk, IDENTITY)


def tell(person: Person, *steps: Step, by: User | None, at: datetime) -> Identification:
    """Tells the engine what was done, in the caller's transaction. Whoever may not follow procedures is named by the room's own record only."""
    identification = opened(person, at=at)
    followed = binding(identification)
    if followed is None:  # no version is in force: the room's own record says what was done
        return identification
    named = by if by is not None and ask_policy(by, Action.PROCEDURE_FOLLOW, followed) else None
    with as_system(), services.sitting_on(followed.pk, by=named, at=at) as sitting:
        for step in steps:
            step(sitting)
    return identification


def why_not(identification: Identification, stage: str, *steps: Step, at: datetime) -> list[str]:
    """What the articles would have done before this stage, each with its number; `steps` are what the act itself will do. Nothing is written."""
    found = glance_at(KIND, identification.pk, IDENTITY)
    if found is None:
        return []
    sitting = Sitting(found[0], None, at, found[1])
    for step in steps:
        step(sitting)
    return [said(hindrance, IDENTITY) for hindrance in sitting.hindrances(stage)]


def text_of(followed: Binding | None) -> Compiled:
    """The words by which an identification goes: those of the version that it follows, else those in use today."""
    return compiled(followed.procedure) if followed else in_use(FILE, clock.now(), KNOWN)


def nothing_in_force(at: datetime) -> bool:
    """Whether no version that fits is in force on that day: what begins then follows none, and its page says so."""
    return in_force(FILE, at, KNOWN) is None


def due_after(start: datetime, stage: str, person_id: UUID | None = None) -> datetime:
    """When what begins now must have left the stage, by the version that the person's identification follows."""
    with as_system():
        found = identification_of(person_id) if person_id else None
        text = text_of(binding(found) if found else None)
    return Calendars().due_after(start, _length(text, stage), "TH").at


def _length(text: Compiled, stage: str) -> Length:
    due = text.stages[stage].stage.due
    assert due is not None  # a test holds that these stages have one
    return due


def limit_of(code: str, text: Compiled | None = None) -> Limit:
    """The length and article of a stage or promise; without a text of the one in use today."""
    text = text or text_of(None)
    promise = text.promises.get(code)
    article, due = (promise.article, promise.clause.due) if promise else (text.stages[code].article, _length(text, code))
    prose = prose_of(text, article)
    return Limit(article, prose.text, prose.language, length_said(str(due)))


def start_of(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time()))


# What each act is in the words of the procedure.


def walk_to(sitting: Sitting, stage: str) -> None:
    """Enters what lies on the way up to the stage. Beyond the way (a decision was taken) only the stage itself."""
    present = BESIDE.get(sitting.standing.stage, sitting.standing.stage)
    if sitting.standing.stage == stage:
        return
    if present not in WAY:
        sitting.note("entered", stage)
        return
    for passed in WAY[WAY.index(present) + 1 : WAY.index(stage) + 1]:
        sitting.note("entered", passed)


@contextmanager
def _dated(sitting: Sitting, at: datetime) -> Iterator[None]:
    """What is noted inside happened at that time; the act itself is recorded now."""
    now, sitting.at = sitting.at, at
    yield
    sitting.at = now


def safety_checked(*, passed: bool) -> Step:
    """Danger was asked about and the person was met; safety is assessed and an interpreter offered where the check passed."""

    def step(sitting: Sitting) -> None:
        sitting.note("checked", "danger_asked", role="first_responder")
        if sitting.standing.stage == "reported":
            walk_to(sitting, "first_contact")
        if passed:
            sitting.note("checked", "safety_assessed", role="first_responder")
            sitting.note("checked", "interpreter_offered", role="first_responder")

    return step


def presumed(sitting: Sitting) -> None:
    """Reasonable grounds: from here the person is a presumed victim."""
    if sitting.standing.stage in ("reported", "first_contact"):
        walk_to(sitting, "presumed_victim")


def rights_told(sitting: Sitting) -> None:
    """Compensation and legal aid were explained (s.34)."""
    presumed(sitting)
    sitting.note("checked", "compensation_and_legal_aid_explained", role="inquiry_official")


def custody_began(began_at: datetime) -> Step:
    """Temporary protection began (s.29)."""

    def step(sitting: Sitting) -> None:
        presumed(sitting)
        if sitting.standing.stage == "presumed_victim":
            with _dated(sitting, began_at):
                sitting.note("entered", "custody", role="competent_official")
                sitting.note("checked", "reason_for_custody_told", role="competent_official")

    return step


def custody_extended(leave_at: datetime) -> Step:
    """A court gave leave to extend it (s.29)."""

    def step(sitting: Sitting) -> None:
        if sitting.standing.stage == "custody":
            with _dated(sitting, leave_at):
                sitting.note("entered", "custody_extended", role="competent_official")
                sitting.note("document_filed", "court_leave", role="competent_official")

    return step


def services_began(on: date, *, agrees: bool | None) -> Step:
    """The ministry has taken the person over and basic services run; `agrees`: that what was said in the first interview goes on with her."""

    def step(sitting: Sitting) -> None:
        if BESIDE.get(sitting.standing.stage, sitting.standing.stage) not in WAY[:3]:
            return
        presumed(sitting)
        if agrees is not None:
            sitting.note("consent_given" if agrees else "consent_refused", "c_screening", **({"form": "spoken"} if agrees else {}))
        for message, sender, to in (("protection_request", "P", "M"), ("protection_receipt", "M", "P")):
            sitting.note("message_sent", message, party=sender, to=to)
        with _dated(sitting, start_of(on)):
            walk_to(sitting, "temporary_shelter")

    return step


def needs_met(sitting: Sitting) -> None:
    """Rights and times were explained, first needs are met."""
    sitting.note("checked", "rights_and_times_explained", role="social_worker")
    sitting.note("checked", "immediate_needs_met", role="social_worker")


def testimony_considered(sitting: Sitting) -> None:
    """Early testimony was considered with the person (s.31)."""
    sitting.note("checked", "early_testimony_considered", role="competent_official")


def convened(sitting: Sitting) -> None:
    """The team is called together."""
    sitting.note("checked", "team_convened", role="team_chair")


def sat(sitting: Sitting) -> None:
    """The team sits."""
    walk_to(sitting, "mdt_interview")


def heard(whom: str) -> Step:
    """Whom the team heard."""

    def step(sitting: Sitting) -> None:
        if whom in (Heard.PERSON, Heard.PERSON_WITH_SUPPORT, Heard.REPRESENTATIVE):
            sitting.note("checked", "person_heard", role="team_chair")
        if whom in (Heard.PERSON_WITH_SUPPORT, Heard.REPRESENTATIVE):
            sitting.note("checked", "guardian_or_advocate_present", role="team_chair")

    return step


def decision_written(sitting: Sitting) -> None:
    """The decision is in writing, signed by the chair and the social worker."""
    sitting.note("document_filed", "team_decision", role="team_chair")
    for role in ("team_chair", "social_worker"):
        sitting.note("signed", "team_decision", role=role)


def decided(outcome: str) -> Step:
    """The team decided, in writing and signed; the outcome is a stage of the procedure."""

    def step(sitting: Sitting) -> None:
        walk_to(sitting, "mdt_interview")
        decision_written(sitting)
        sitting.note("entered", outcome, role="team_chair")
        if outcome == Outcome.MORE_INFORMATION:
            sitting.note("checked", "missing_facts_named", role="team_chair")

    return step


def handed_over(sitting: Sitting) -> None:
    """The letter with its reasons and the right of review reached the person."""
    sitting.note("document_filed", "decision_record", role="team_chair")
    sitting.note("checked", "reasons_told", role="team_chair")
    sitting.note("checked", "review_offered", role="team_chair")


def review_asked(sitting: Sitting) -> None:
    """A review is asked for; from a lasting solution it leads straight to the sitting."""
    if "review_asked" in sitting.standing.compiled.following.get(sitting.standing.stage, ()):
        sitting.note("entered", "review_asked", role="team_chair")


def reflecting(sitting: Sitting) -> None:
    """The person takes the time to reflect. Before the decision it runs beside the way and moves nothing."""
    if "reflection" in sitting.standing.compiled.following.get(sitting.standing.stage, ()):
        sitting.note("entered", "reflection", role="social_worker")


def wishes_written(sitting: Sitting) -> None:
    """What the person wishes after it is written down."""
    if sitting.standing.stage == "reflection":
        sitting.note("checked", "wishes_written_down", role="social_worker")


def facts_changed(_sitting: Sitting) -> None:
    """Nothing but the facts, which each sitting asks anew."""
