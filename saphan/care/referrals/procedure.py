"""A referral follows the national referral procedure: its stages are the states of a referral, its clocks the promises of the articles.

Each act of a referral is told to the engine as what happened; the engine says whether it may, and when the next thing is due.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.access.rowlock import as_system
from saphan.agreements.following import services
from saphan.agreements.following.deriving import glance_at
from saphan.agreements.following.kept import compiled, in_force, in_use, keep_in_force, shipped
from saphan.agreements.following.models import Binding
from saphan.agreements.following.selectors import prose_of
from saphan.agreements.following.services import NotYet, Subject, binding_of
from saphan.agreements.following.sitting import Sitting
from saphan.agreements.following.subjects import Shown, SubjectKind, register
from saphan.agreements.following.words import length_said
from saphan.agreements.procedures.calendars import Calendars
from saphan.agreements.procedures.compiling import Compiled, PromiseRule
from saphan.care.cases.codes import Capacity
from saphan.care.persons.disclosure import opened_by
from saphan.care.persons.models import Person
from saphan.care.referrals.codes import Risk, WithdrawReason
from saphan.care.referrals.models import Referral
from saphan.care.referrals.states import WAITING, State
from saphan.core import clock
from saphan.core.sensitivity import Sensitivity

if TYPE_CHECKING:
    from saphan.care.cases.models import Consent

FILE, IDENTITY, KIND = "th-referral", "th/referral", "referral"
NOTICE = ("need", "languages_spoken", "risk_tier", "age_band")
KEPT_BY = {State.DRAFT: "notice_of_referral", State.SENT: "acknowledgement", State.ACKNOWLEDGED: "reply"}  # what a waiting referral waits for
SCOPE = "scope_of_referral"
KNOWN = frozenset(State.values) | {*KEPT_BY.values(), SCOPE, "completion_notice", "completion_receipt"}  # without these no version fits
# What each part of a file is in the words of a procedure. The whole part opens, so all that the platform keeps of it crosses. It keeps nothing yet
# about health and family; a test fails when a sealed field comes that has no word here.
CROSSES: dict[Sensitivity, tuple[str, ...]] = {
    Sensitivity.IDENTITY: ("given_name", "family_name", "birth_date"),
    Sensitivity.CONTACT: ("phone", "safe_contact"),
    Sensitivity.LOCATION: ("whereabouts",),
    Sensitivity.LEGAL: ("legal_papers",),
    Sensitivity.EXPLOITATION: ("situation",),
    Sensitivity.PLAN: ("support_needs",),
    Sensitivity.FAMILY: (),
    Sensitivity.HEALTH: (),
}


@dataclass(frozen=True)
class Limit:
    """How long the running clock is, and the article that says so."""

    article: str
    text: str
    language: str
    length: str
    source: str


def bring() -> None:
    """Registers referrals as subjects; called once, when the room is ready."""
    register(SubjectKind(KIND, _("Referral"), Referral.objects.visible_to, shown, facts_of, opens))


def shown(ids: Iterable[UUID]) -> Mapping[UUID, Shown]:
    """Referrals by their references."""
    found = Referral.objects.filter(pk__in=list(ids)).values_list("pk", "reference")
    return {pk: Shown(reference, reverse("referrals:detail", args=[pk])) for pk, reference in found}


def facts_of(referral_id: UUID) -> frozenset[str]:
    """The named facts of the procedure that hold for a referral."""
    return _facts_now(Referral.objects.only("risk", "age_band", "state", "withdraw_reason").get(pk=referral_id))


def opens(user: User, referral_id: UUID) -> frozenset[Sensitivity]:
    """What this worker may have opened of the file from which the referral comes."""
    found = Referral.objects.visible_to(user).select_related("person").filter(pk=referral_id).first()
    return opened_by(user, found.person) if found else frozenset()


def _facts_now(referral: Referral) -> frozenset[str]:
    return _facts(referral.risk, referral.age_band) | {
        name
        for name, holds in (
            ("taken_back", referral.state == State.WITHDRAWN),
            ("consent_withdrawn", referral.withdraw_reason == WithdrawReason.CONSENT),
        )
        if holds
    }


def _facts(risk: str, age_band: str) -> frozenset[str]:
    wanted = {"high_risk": risk == Risk.HIGH, "medium_risk": risk == Risk.MEDIUM, "child": age_band != Person.AgeBand.ADULT}
    return frozenset(name for name, holds in wanted.items() if holds)


def begin(referral: Referral, *, by: User, at: datetime) -> None:
    """A draft follows from now on the version in force today, with the time by which it is to be sent. Where none is in force it follows none."""
    kept = keep_in_force(FILE, at, KNOWN)
    if kept is not None:
        services.bind(subject=_subject(referral), procedure=kept, by=by, at=at)


def _subject(referral: Referral) -> Subject:
    return Subject(KIND, referral.pk, referral.person_id, {"S": referral.from_org_id, "R": referral.to_org_id})


def follows_none(referral: Referral, followed: Binding | None) -> bool:
    """Whether no version was in force on the day it was drafted: then it stays outside, and its page says so."""
    return followed is None and in_force(FILE, referral.drafted_at, KNOWN) is None


def binding(referral: Referral) -> Binding | None:
    """How this referral follows the procedure, if it does."""
    return binding_of(KIND, referral.pk, IDENTITY)


def due_of(referral: Referral) -> datetime | None:
    """When what the referral waits for is due, by the promise of the procedure; None where nothing waits."""
    waits_for = KEPT_BY.get(State(referral.state))
    if waits_for is None:
        return None
    followed = binding(referral)
    found = followed.promises.filter(kept_by=waits_for, owed="promise").order_by("-started_at", "-number").first() if followed else None
    return found.due_at if found else _own_clock(referral)


def _own_clock(referral: Referral) -> datetime:
    """Where no promise runs: the length of the shipped text, so that nobody is forgotten. It is a reminder, and counted nowhere."""
    rule = _promise(shipped(FILE), referral.risk, KEPT_BY[State(referral.state)])
    assert rule is not None  # a test holds that the shipped text has all of them, with their lengths
    assert rule.clause.due is not None
    return Calendars().due_after(referral.sent_at or referral.drafted_at, rule.clause.due, "TH").at


def tell(referral: Referral, step: "Step", *, by: User | None, at: datetime) -> None:
    """Tells the engine what is done. Raises NotYet, with the articles, where the procedure does not let it. One that follows none is told nothing."""
    followed = _followed(referral)
    if followed is None:
        return
    with services.sitting_on(followed.pk, by=by, at=at) as sitting:
        step(sitting)


def glance(referral: Referral, steps: Iterable["Step"], *, at: datetime) -> tuple[Binding | None, list[str]]:
    """How it follows the procedure, and what that has against these acts now, each reason with its article. Nothing is written."""
    found = glance_at(KIND, referral.pk, IDENTITY)
    if found is None:
        return None, []
    followed, standing = found
    return followed, list(dict.fromkeys(reason for step in steps for reason in _against(Sitting(followed, None, at, standing), step, referral)))


def _against(sitting: Sitting, step: "Step", referral: Referral) -> tuple[str, ...]:
    sitting.refresh_facts(_facts_now(referral))
    try:
        step(sitting)
    except NotYet as refused:
        return refused.reasons
    return ()


def limit_of(referral: Referral, followed: Binding | None = None) -> Limit | None:
    """The running clock's length and article, by the version that it follows."""
    if referral.state not in WAITING:
        return None
    return _limit(compiled(followed.procedure) if followed else shipped(FILE), referral.risk, referral.state)


def limit_for(risk: str, state: str) -> Limit | None:
    """How long a referral of this risk may wait in this state, by the procedure in use today."""
    return _limit(in_use(FILE, clock.now(), KNOWN), risk, state)


def crossing(classes: Iterable[str]) -> tuple[str, ...]:
    """The fields that cross when these parts of a file open."""
    return tuple(sorted({name for one in classes for name in CROSSES[Sensitivity(one)]}))


@dataclass(frozen=True)
class Beyond:
    """Parts of a file that the article on the scope does not name, or not wholly."""

    article: str
    classes: tuple[str, ...]


def beyond(followed: Binding | None, classes: Iterable[str]) -> Beyond | None:
    """Which of these parts go beyond what the article lets cross, so that the sender sees it before; None where none does or nothing is followed."""
    rule = compiled(followed.procedure).messages.get(SCOPE) if followed else None
    found = tuple(one for one in classes if rule and not set(CROSSES[Sensitivity(one)]) <= set(rule.fields))
    return Beyond(rule.article, found) if rule and found else None


def _limit(text: Compiled, risk: str, state: str) -> Limit | None:
    rule = _promise(text, risk, KEPT_BY[State(state)])
    if rule is None:
        return None
    prose = prose_of(text, rule.article)
    return Limit(rule.article, prose.text, prose.language, length_said(str(rule.clause.due)), text.procedure.under)


def _promise(text: Compiled, risk: str, kept_by: str) -> PromiseRule | None:
    facts = _facts(risk, Person.AgeBand.ADULT)
    return next((rule for rule in text.promises.values() if rule.kept_by == kept_by and rule.holds(facts)), None)


def _followed(referral: Referral) -> Binding | None:
    """How the referral follows the procedure. One that was drafted before there was an engine is bound now, with what its own record says."""
    followed = binding(referral)
    if followed is None:
        with as_system():
            return _catch_up(referral)
    return followed


def _catch_up(referral: Referral) -> Binding | None:
    """Bound as of the day of its draft; a version that came later does not judge what began before it."""
    kept = keep_in_force(FILE, referral.drafted_at, KNOWN)
    if kept is None:
        return None
    followed = services.bind(subject=_subject(referral), procedure=kept, by=None, at=referral.drafted_at)
    told: list[tuple[datetime | None, Step]] = [
        (referral.sent_at, send(referral.consent)), (referral.acknowledged_at, acknowledge), (referral.replied_at, decline if referral.decline_reason else accept(referral.classes)),
        (referral.started_at, start), (referral.completed_at, complete),
    ]  # fmt: skip
    for at, step in told:
        if at is not None:
            with services.sitting_on(followed.pk, by=None, at=at) as sitting:
                step(sitting)
    return followed


# What each act of a referral is in the words of the procedure.

Step = Callable[[Sitting], None]


def send(consent: "Consent | None") -> Step:
    """The person agreed, the minimal notice goes out."""

    def step(sitting: Sitting) -> None:
        sitting.note("checked", "need_and_service_agreed", role="sender_worker")
        if consent is not None:
            sitting.note("consent_given", "c_refer", form=consent.form, guardian=consent.capacity == Capacity.CHILD)
        sitting.send("notice_of_referral", role="sender_worker", fields=NOTICE)
        sitting.enter("sent", role="sender_worker")

    return step


def acknowledge(sitting: Sitting) -> None:
    """It was seen in the receiver's queue."""
    sitting.send("acknowledgement", role="receiver_intake")
    sitting.enter("acknowledged", role="receiver_intake")


def accept(classes: Iterable[str]) -> Step:
    """The receiver takes it; whoever answers at once has seen it too. From here these parts are open: a field that the article does not name is drift."""

    def step(sitting: Sitting) -> None:
        _reply(sitting)
        sitting.enter("accepted", role="receiver_worker")
        sitting.note("message_sent", SCOPE, party="S", to="R", fields=crossing(classes))

    return step


def decline(sitting: Sitting) -> None:
    """The receiver cannot help, and names another way."""
    _reply(sitting)
    sitting.enter("declined", role="receiver_worker")


def _reply(sitting: Sitting) -> None:
    if sitting.standing.stage == "sent":
        acknowledge(sitting)
    sitting.note("checked", "capacity_checked", role="receiver_worker")
    sitting.send("reply", role="receiver_worker")


def withdraw(sitting: Sitting) -> None:
    """It is taken back; what the receiver still owed is owed no longer."""
    sitting.enter("withdrawn", role="sender_worker")


def start(sitting: Sitting) -> None:
    """The service has begun."""
    sitting.note("checked", "person_met", role="receiver_worker")
    sitting.enter("service_started", role="receiver_worker")


def complete(sitting: Sitting) -> None:
    """The service is over. One platform serves both sides: what lies in the sender's queue has arrived."""
    if sitting.standing.stage == "accepted":
        start(sitting)
    sitting.note("checked", "service_agreed_with_person", role="receiver_worker")
    sitting.send("completion_notice", role="receiver_worker")
    sitting.send("completion_receipt", role="sender_worker")
    sitting.enter("completed", role="receiver_worker")


def close_feedback(sitting: Sitting) -> None:
    """The person was asked."""
    sitting.note("checked", "person_asked", role="sender_worker")
    sitting.enter("feedback_closed", role="sender_worker")


def end_consent(sitting: Sitting) -> None:
    """The person takes her consent back while the service goes on."""
    sitting.note("consent_withdrawn", "c_refer")


ACTS: dict[str, Step] = {
    "acknowledge": acknowledge, "accept": accept(()), "decline": decline, "start": start, "complete": complete, "close_feedback": close_feedback,
}  # fmt: skip
