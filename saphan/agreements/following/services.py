"""What happens to a subject under its procedure: each act is asked of the policy and of the articles, then written as events with what follows from them.

The owning room calls these from its own acts, in its own transaction; it may do so for the platform (`by` None), where nobody acted.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.agreements.following.deriving import standing_of
from saphan.agreements.following.kept import compiled
from saphan.agreements.following.models import Binding, KeptProcedure
from saphan.agreements.following.sitting import NotYet, Sitting
from saphan.agreements.following.subjects import kind_of
from saphan.agreements.following.words import said
from saphan.agreements.procedures.entering import may_enter
from saphan.core.errors import NotFound

__all__ = ["NotYet"]


@dataclass(frozen=True)
class Subject:
    """Who is to follow a procedure: its kind and id, the scope of its keys, and which organisation stands for which party."""

    kind: str
    id: UUID
    scope: UUID
    parties: Mapping[str, UUID]


@transaction.atomic
def bind(*, subject: Subject, procedure: KeptProcedure, by: User | None, at: datetime, facts: Iterable[str] | None = None) -> Binding:
    """The subject follows this procedure from now on and stands at its first stage. Facts come from its room where none are given."""
    kind = kind_of(subject.kind)
    orgs = sorted({str(org) for org in subject.parties.values()})
    binding = Binding(
        subject_kind=kind.name, subject_id=subject.id, scope=subject.scope, procedure=procedure, identity=procedure.identity,
        parties={party: str(org) for party, org in subject.parties.items()}, orgs=",".join(orgs), bound_at=at, bound_by=by,
    )  # fmt: skip
    _allow(by, binding)
    binding.save(force_insert=True)
    known = compiled(procedure).procedure.facts
    holding = sorted(set(kind.facts(subject.id) if facts is None else facts) & set(known))
    sitting = Sitting(binding, by, at)
    sitting.note("bound", procedure.digest, fields=holding)
    sitting.close()
    return binding


@contextmanager
def sitting_on(binding_id: UUID, *, by: User | None, at: datetime) -> Iterator[Sitting]:
    """One act of several steps upon a subject, held until all of it is written: what it notes counts at once for what it asks."""
    with transaction.atomic():
        binding = locked(binding_id)
        _allow(by, binding)
        sitting = Sitting(binding, by, at)
        sitting.refresh_facts()
        yield sitting
        sitting.close()


def enter(*, binding_id: UUID, stage: str, role: str = "", by: User | None, at: datetime) -> None:
    """The subject enters a stage. Raises NotYet, with the articles, where something hinders it."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.enter(stage, role=role)


def note_check(*, binding_id: UUID, check: str, role: str = "", by: User | None, at: datetime) -> None:
    """Something that the procedure asks is done."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("checked", check, role=role)


def take_back_check(*, binding_id: UUID, check: str, by: User | None, at: datetime) -> None:
    """It was not done after all."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("unchecked", check)


def file_document(*, binding_id: UUID, document: str, role: str, by: User | None, at: datetime) -> None:
    """A document is on file. Where it lies is its room's to know."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("document_filed", document, role=role)


def sign_document(*, binding_id: UUID, document: str, role: str, by: User | None, at: datetime) -> None:
    """A role has signed a document."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("signed", document, role=role)


def give_consent(*, binding_id: UUID, consent: str, form: str, guardian: bool = False, by: User | None, at: datetime) -> None:
    """The person agrees, in this form; `guardian` says that a guardian or advocate agreed too."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("consent_given", consent, form=form, guardian=guardian)


def refuse_consent(*, binding_id: UUID, consent: str, by: User | None, at: datetime) -> None:
    """The person was asked and does not agree."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("consent_refused", consent)


def withdraw_consent(*, binding_id: UUID, consent: str, by: User | None, at: datetime) -> None:
    """The person takes her consent back: what rests on it is void from now on."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("consent_withdrawn", consent)


def send_message(*, binding_id: UUID, message: str, role: str = "", fields: Iterable[str] = (), ref: str = "", by: User | None, at: datetime) -> None:
    """A message crosses, with these fields (their names). Raises NotYet where it would say too much, or without the consent it needs."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.send(message, role=role, fields=fields, ref=ref)


def note_message(*, binding_id: UUID, message: str, role: str = "", fields: Iterable[str] = (), ref: str = "", by: User | None, at: datetime) -> None:
    """A message has crossed, whether it should or not: what went wrong becomes a finding."""
    with sitting_on(binding_id, by=by, at=at) as sitting:
        sitting.note("message_sent", message, role=role, fields=fields, ref=ref)


def receive_message(*, binding_id: UUID, message: str, fields: Iterable[str] = (), ref: str = "", at: datetime) -> None:
    """A message came from the platform of the other party."""
    with sitting_on(binding_id, by=None, at=at) as sitting:
        sitting.note("message_received", message, fields=fields, ref=ref)


def why_not(binding: Binding, stage: str, *, at: datetime) -> list[str]:
    """What hinders the subject from entering a stage now, as sentences in the reader's language, each with its article. Empty: nothing."""
    return [said(hindrance, binding.identity) for hindrance in may_enter(standing_of(binding), stage, now=at)]


def binding_of(kind: str, subject_id: UUID, identity: str) -> Binding | None:
    """How this subject follows the procedure of this name, if it does."""
    return Binding.objects.of(kind, subject_id).select_related("procedure").filter(identity=identity).first()


def locked(binding_id: UUID) -> Binding:
    """The binding, held until the transaction ends: one act after the other. Raises NotFound."""
    binding = Binding.objects.select_for_update(of=("self",)).select_related("procedure").filter(pk=binding_id).first()
    if binding is None:
        raise NotFound
    return binding


def _allow(by: User | None, binding: Binding) -> None:
    if by is not None:
        require(by, Action.PROCEDURE_FOLLOW, binding)
