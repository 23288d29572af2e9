"""An invented case, step by step: both parties in one browser, with what crosses, what falls due, and why not yet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import require
from saphan.agreements.following.calendars import calendars
from saphan.agreements.following.words import EVENTS, STATE_TONES, STATES
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.entering import spoken
from saphan.agreements.workspace.frame import page, visible_version
from saphan.agreements.workspace.impact import compiled_of
from saphan.agreements.workspace.trying import FORWARD, PERSON, Step, Try
from saphan.agreements.workspace.vocabulary import Vocabulary
from saphan.agreements.workspace.wording import length_said
from saphan.core import clock
from saphan.core.errors import Invalid

KEPT = "agreements-tries"
MOST_KEPT = 3  # invented cases that a session remembers


@page_for(Action.AGREEMENT_SIMULATE)
@require_GET
def simulate(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Where the invented case stands, and what may be done next."""
    version = _tried(request, version_id)
    if not version.canonical or not version.runs:
        return page(request, version, "simulate", tried=None, facts=[])
    vocabulary = Vocabulary(version.plain())
    kept = request.session.get(KEPT, {}).get(str(version.pk))
    if kept is None:
        return page(request, version, "simulate", tried=None, facts=vocabulary.choices("facts"), runs=True)
    tried = Try.kept(compiled_of(version.plain()), calendars(), kept)
    return page(request, version, "simulate", **_shown(tried, vocabulary))


def _shown(tried: Try, vocabulary: Vocabulary) -> dict[str, Any]:
    standing, steps = tried.standing, tried.steps()
    columns = [(told, [step for step in steps if step.party == name]) for name, told in vocabulary.choices("parties")]
    stages = [
        {"name": spoken(name), "article": rules.article, "state": "now" if name == standing.stage else "done" if name in standing.visited else "open"}
        for name, rules in tried.compiled.stages.items()
    ]  # fmt: skip
    promises = [
        {
            "name": spoken(promise.id), "party": vocabulary.party(promise.party), "article": promise.article, "due_at": promise.due.at,
            "state": STATES[state], "tone": "bad" if late and state == "running" else STATE_TONES[state], "late": late, "stage": promise.owed == "stage",
        }
        for promise, state, late in tried.promises()
    ]  # fmt: skip
    told = [
        {
            "at": event.at, "label": str(EVENTS[event.kind]).format(name=spoken(event.name)), "party": vocabulary.party(event.party) if event.party else "",
            "fields": [spoken(name) for name in event.fields] if event.kind == "message_sent" else [],
        }
        for event in reversed(tried.events)
    ]  # fmt: skip
    waiting = [(spoken(stage), reasons) for stage, reasons in tried.waiting()]
    held = [(spoken(send.id), vocabulary.party(send.sender), send.article, [spoken(name) for name in missing]) for send, missing in tried.held_back()]
    return {
        "tried": tried, "standing": standing, "stage": spoken(standing.stage), "columns": columns, "person": _person(steps), "stages": stages,
        "promises": promises, "told": told, "waiting": waiting, "held": held, "lengths": [(text, length_said(text)) for text in FORWARD],
        "holding": [spoken(fact) for fact in sorted(standing.facts)], "drifts": tried.drifts(),
    }  # fmt: skip


def _person(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.party == PERSON]


@page_for(Action.AGREEMENT_SIMULATE)
@require_POST
def begin(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """A new invented case; the one before is forgotten."""
    version = _tried(request, version_id)
    tried = Try.begun(compiled_of(version.plain()), calendars(), now=clock.now(), facts=request.POST.getlist("facts"))
    return _kept(request, version, tried)


@page_for(Action.AGREEMENT_SIMULATE)
@require_POST
def step(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """One step, one step back, or the clock set forward."""
    version = _tried(request, version_id)
    kept = request.session.get(KEPT, {}).get(str(version.pk))
    if kept is None:
        return redirect("workspace:simulate", version.pk)
    tried = Try.kept(compiled_of(version.plain()), calendars(), kept)
    try:
        if "back" in request.POST:
            tried.back()
        elif "forward" in request.POST:
            tried.forward(request.POST["forward"])
        else:
            tried.take(request.POST.get("step", ""))
    except Invalid as error:
        messages.error(request, error.sentence)
    return _kept(request, version, tried)


@page_for(Action.AGREEMENT_SIMULATE)
@require_POST
def forget(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """Ends the trial."""
    version = _tried(request, version_id)
    request.session[KEPT] = {key: value for key, value in request.session.get(KEPT, {}).items() if key != str(version.pk)}
    return redirect("workspace:simulate", version.pk)


def _tried(request: StaffRequest, version_id: UUID) -> AgreementVersion:
    version = visible_version(request, version_id)
    require(request.user, Action.AGREEMENT_SIMULATE, version.agreement)
    return version


def _kept(request: StaffRequest, version: AgreementVersion, tried: Try) -> HttpResponse:
    others = {key: value for key, value in request.session.get(KEPT, {}).items() if key != str(version.pk)}
    latest = dict(list(others.items())[-(MOST_KEPT - 1) :])
    request.session[KEPT] = latest | {str(version.pk): tried.keep()}
    return redirect("workspace:simulate", version.pk)
