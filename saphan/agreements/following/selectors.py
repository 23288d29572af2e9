"""What the pages show: the procedure of one subject, the queue of promises, where practice drifts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.access.models import User
from saphan.agreements.following.departing import may_be, shortened
from saphan.agreements.following.deriving import standing_of
from saphan.agreements.following.kept import compiled
from saphan.agreements.following.models import Binding, CaseEvent, DriftFinding, KeptProcedure, PromiseInstance
from saphan.agreements.following.names import named
from saphan.agreements.following.picture import picture
from saphan.agreements.following.subjects import SUBJECTS, Shown, shown_all
from saphan.agreements.following.words import KINDS, STATE_TONES, STATES, deviation_said, event_said, length_said, said
from saphan.agreements.procedures.compiling import Compiled
from saphan.agreements.procedures.departing import who_may
from saphan.agreements.procedures.entering import may_enter, open_stages, spoken
from saphan.agreements.procedures.standing import Standing
from saphan.core.origin import country_said
from saphan.directory.models import Organisation

NOWHERE = Shown("—", "")
LOG_SHOWN = 200


@dataclass(frozen=True)
class Prose:
    """The words of an article in the language nearest to the reader's."""

    number: str
    text: str
    language: str


@dataclass(frozen=True)
class StageLine:
    """One stage of the table."""

    name: str
    label: str
    look: str
    article: Prose
    role: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class AskedLine:
    """One thing that the present stage asks, and whether it is there."""

    kind: str
    label: str
    article: str
    done: bool


@dataclass(frozen=True)
class PromiseLine:
    """One promise as a page shows it."""

    row: PromiseInstance
    subject: Shown
    label: str
    article: Prose
    state: str
    tone: str
    late: bool
    reason: str


@dataclass(frozen=True)
class LogLine:
    """One thing that happened, and who noted it."""

    at: datetime
    sentence: str
    role: str
    actor: User | None


@dataclass(frozen=True)
class Page:
    """The procedure page of one subject."""

    binding: Binding
    subject: Shown
    kind: str
    title: str
    stage: str
    is_over: bool
    svg: SafeString
    stages: tuple[StageLine, ...]
    asked: tuple[AskedLine, ...]
    waiting: tuple[StageLine, ...]
    promises: tuple[PromiseLine, ...]
    log: tuple[LogLine, ...]
    standing: Standing


def page_of(binding: Binding, *, at: datetime) -> Page:
    """Everything about how this subject follows its procedure now."""
    standing = standing_of(binding)
    found = standing.compiled
    free = frozenset(open_stages(standing, now=at))
    title = title_of(found)
    lines = tuple(_stage(standing, name, free, at) for name in found.stages)
    nexts = found.following.get(standing.stage, ())
    subject = shown_all([(binding.subject_kind, binding.subject_id)]).get((binding.subject_kind, binding.subject_id), NOWHERE)
    kind = SUBJECTS[binding.subject_kind].label if binding.subject_kind in SUBJECTS else ""
    return Page(
        binding, subject, str(kind), title, named(standing.stage, found.procedure.id), standing.is_over,
        picture(standing, free, _("Stages of “%(title)s”; the table under the picture says the same.") % {"title": title}), lines,
        tuple(_asked(standing, at)), tuple(line for line in lines if line.name in nexts),
        tuple(promise_lines(binding.promises.select_related("binding__procedure", "org").order_by("ending", "due_at"), at=at)), log_of(binding), standing,
    )  # fmt: skip


def title_of(found: Compiled) -> str:
    """The title of a procedure in the reader's language, else English, else its name."""
    titles = found.procedure.title
    return titles.get((get_language() or "en")[:2]) or titles.get("en") or found.procedure.id


def prose_of(found: Compiled, number: str) -> Prose:
    """The article in the reader's language, else in the working one, else in any."""
    article = next((a for a in found.procedure.articles if a.art == number), None)
    if article is None:
        return Prose(number, "", "")
    for language in ((get_language() or "en")[:2], found.procedure.languages.working, "en", *article.prose):
        if text := article.prose.get(language):
            return Prose(number, text, language)
    return Prose(number, "", "")


def _stage(standing: Standing, name: str, free: frozenset[str], at: datetime) -> StageLine:
    rules, identity = standing.compiled.stages[name], standing.compiled.procedure.id
    look = "here" if name == standing.stage else "been" if name in standing.visited else "open" if name in free else "closed"
    reasons = () if name == standing.stage else tuple(said(h, identity) for h in may_enter(standing, name, now=at))
    return StageLine(name, named(name, identity), look, prose_of(standing.compiled, rules.article), named(rules.stage.by, identity), reasons)


def _asked(standing: Standing, at: datetime) -> Iterable[AskedLine]:
    rules = standing.compiled.stages.get(standing.stage)
    if rules is None:
        return
    facts, identity = standing.facts, standing.compiled.procedure.id
    for check in rules.checks:
        if check.holds(facts):
            yield AskedLine(_("to be done"), named(check.id, identity), check.article, _is_done(standing, check.id))
    for consent in rules.consents:
        if consent.holds(facts):
            yield AskedLine(
                _("consent"), _consent_said(consent.id, consent.clause.to, identity), consent.article, standing.consent_holds(consent.id, at)
            )
    for document in rules.documents:
        if document.holds(facts):
            filed = standing.documents.get(document.id)
            done = filed is not None and filed.on_file and filed.signers.issuperset(document.signed_by)
            yield AskedLine(_("document"), named(document.id, identity), document.article, done or ("document", document.id) in standing.departed)
    for send in rules.sends:
        if send.holds(facts):
            yield AskedLine(_("message"), named(send.id, identity), send.article, send.id in standing.messages)


def _consent_said(name: str, otherwise: str, identity: str) -> str:
    """What is asked in the reader's language, else as the article words it."""
    told = named(name, identity)
    return otherwise if told == spoken(name) else told


def _is_done(standing: Standing, check: str) -> bool:
    return check in standing.checks or ("check", check) in standing.departed


def promise_lines(rows: Iterable[PromiseInstance], *, at: datetime) -> list[PromiseLine]:
    """Promises with their subject, words and state; one question to each room that owns some of them."""
    found = list(rows)
    shown = shown_all((row.binding.subject_kind, row.binding.subject_id) for row in found)
    return [_promise(row, shown.get((row.binding.subject_kind, row.binding.subject_id), NOWHERE), at) for row in found]


def _promise(row: PromiseInstance, subject: Shown, at: datetime) -> PromiseLine:
    promise = row.as_promise()
    state, late = promise.state_at(at), promise.is_late(at)
    label = owed_said(row)
    tone = "bad" if late else STATE_TONES[state]
    return PromiseLine(
        row,
        subject,
        label,
        prose_of(compiled(row.binding.procedure), row.article),
        _("late") if late else str(STATES[state]),
        tone,
        late,
        _why_then(row),
    )


def owed_said(row: PromiseInstance) -> str:
    """What is owed, in words."""
    identity = row.binding.identity
    if row.owed == "stage":
        return _("leave the stage: %(name)s") % {"name": named(row.rule, identity)}
    return named(row.kept_by or row.rule, identity) if row.owed == "promise" else _("tell the other party of a departure")


def _why_then(row: PromiseInstance) -> str:
    """Why it falls due then: the length, whose calendar, and which holidays were left out."""
    reason = row.reason
    words = _("%(length)s in %(country)s") % {"length": length_said(reason["length"]), "country": country_said(reason["country"])}
    off = [f"{day} {name}" for day, name in reason.get("days_off", ())]
    return words + (_("; without %(days)s") % {"days": ", ".join(off)} if off else "")


def log_of(binding: Binding) -> tuple[LogLine, ...]:
    """What happened, the newest first."""
    rows: Sequence[CaseEvent] = list(binding.events.select_related("actor").order_by("-seq")[:LOG_SHOWN])
    return tuple(
        LogLine(row.at, event_said(row.kind, row.name if len(row.name) <= 40 else "", binding.identity), named(row.role, binding.identity), row.actor)
        for row in rows
    )


@dataclass(frozen=True)
class FindingLine:
    """One finding as a page shows it."""

    row: DriftFinding
    subject: Shown
    sentence: str
    kind: str


def finding_lines(rows: Iterable[DriftFinding]) -> list[FindingLine]:
    """Findings with their subject and their words."""
    found = list(rows)
    shown = shown_all((row.binding.subject_kind, row.binding.subject_id) for row in found)
    return [
        FindingLine(
            row,
            shown.get((row.binding.subject_kind, row.binding.subject_id), NOWHERE),
            deviation_said(row.code, _named(row), row.binding.identity),
            str(KINDS[row.kind]),
        )
        for row in found
    ]


def _named(row: DriftFinding) -> str:
    """Of a promise what would have kept it, in place of its short name in the procedure."""
    parts = row.name.split(":")
    rule = compiled(row.binding.procedure).promises.get(parts[1]) if parts[0] == "promise" and len(parts) > 1 else None
    return rule.kept_by if rule and rule.kept_by else row.name


@dataclass(frozen=True)
class DriftCount:
    """How many open findings an article has, at one organisation."""

    procedure: str
    article: str
    kind: str
    code: str
    org: Organisation | None
    count: int


def _titles(identities: Collection[str]) -> dict[str, str]:
    """What each of these procedures calls itself, by the newest of its versions that a case has followed. A procedure is about nobody."""
    kept = KeptProcedure.objects.filter(identity__in=identities).order_by("kept_at")
    return {identity: title_of(compiled(newest)) for identity, newest in {one.identity: one for one in kept}.items()}


def drift_by_article(user: User) -> list[DriftCount]:
    """Where practice drifts, the most frequent first: article, kind and the organisation that owed it. Of the cases that the user sees."""
    counted = (
        DriftFinding.objects.visible_to(user)
        .open()
        .values("binding__identity", "article", "kind", "org")
        .order_by()
        .annotate(n=Count("id"))
        .order_by("-n")
    )
    orgs = Organisation.objects.in_bulk([row["org"] for row in counted if row["org"]])
    titles = _titles({row["binding__identity"] for row in counted[:40]})
    return [
        DriftCount(titles[row["binding__identity"]], row["article"], str(KINDS[row["kind"]]), row["kind"], orgs.get(row["org"]), row["n"])
        for row in counted[:40]
    ]


@dataclass(frozen=True)
class Offered:
    """What could be shortened now, and as whom."""

    what: str
    name: str
    role: str
    label: str


def departures_open_to(user: User, page: Page) -> list[Offered]:
    """What this user could shorten now, in each office that she could hold. Empty where the agreement lets nobody, or no office of hers."""
    standing, identity = page.standing, page.binding.identity
    found = []
    for what, name in _shortenable(page):
        for role in offices_open_to(user, page, what) if (what, name) not in standing.departed else ():
            label = _("%(rule)s, as %(role)s") % {"rule": named(name, identity), "role": named(role, identity)}
            found.append(Offered(what, name, role, label))
    return found


def offices_open_to(user: User, page: Page, what: str) -> list[str]:
    """The roles in which this user could approve that this kind of rule is shortened."""
    return [role for role in who_may(page.standing, what) if may_be(user, role, page.binding, page.standing)]


def explanations_open_to(user: User, page: Page, finding: DriftFinding) -> list[tuple[str, str]]:
    """By which departures this user could close a finding: those on record that shortened just this, and one written down now, in each office of hers."""
    found = shortened(finding)
    if found is None:
        return []
    identity = page.binding.identity
    known = page.binding.departures.filter(what=found[0], name=found[1]).select_related("approved_by")
    kept = _("the departure of %(day)s, approved by %(name)s")
    later = _("written down now, approved by me as %(role)s")
    return [
        *((f"of:{one.pk}", kept % {"day": date_format(timezone.localtime(one.at)), "name": one.approved_by}) for one in known),
        *((f"as:{role}", later % {"role": named(role, identity)}) for role in ([] if page.is_over else offices_open_to(user, page, found[0]))),
    ]


def approving_offices(user: User, page: Page) -> list[str]:
    """The offices that may shorten anything here, in words: who is to be asked. Empty where one of them could be the user's own."""
    names = dict.fromkeys(role for what in ("due", "check", "document", "message") for role in who_may(page.standing, what))
    if any(may_be(user, role, page.binding, page.standing) for role in names):
        return []
    return [named(role, page.binding.identity) for role in names]


def _shortenable(page: Page) -> list[tuple[str, str]]:
    standing = page.standing
    rules = standing.compiled.stages.get(standing.stage)
    if rules is None:
        return []
    names = [("check", check.id) for check in rules.checks if check.id not in standing.checks and check.holds(standing.facts)]
    names += [("due", row.row.rule) for row in page.promises if row.row.owed != "tell" and row.row.ending == "" and not row.late]
    names += [("document", document.id) for document in rules.documents if document.holds(standing.facts)]
    return list(dict.fromkeys(names))
