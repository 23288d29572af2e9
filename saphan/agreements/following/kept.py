"""Procedures that may be followed: kept by digest, compiled once. Those of signed agreements while they are in force, and those shipped with the platform.

Of a signed version the events of force say from when it binds (decision 0039); a shipped one nobody has signed, so its own `effective` says it.
A day is a day of this installation's time zone, not of UTC.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.agreements.following.models import KeptProcedure
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.loading import load_file, load_plain
from saphan.core.errors import WrongState


class NotInForce(WrongState):
    """A subject is bound only to what is in force on that day (409)."""


@dataclass(frozen=True)
class Text:
    """A procedure ready to run, and the version of the register that it is; none: shipped with the platform."""

    compiled: Compiled
    version: AgreementVersion | None = None


def shipped_folder() -> Path:
    """Where the procedures lie that come with the platform."""
    return Path(settings.PACKAGE).parent / "seeds" / "reference" / "procedures"


@cache
def shipped_versions(name: str) -> tuple[Compiled, ...]:
    """The versions of a shipped procedure, the newest first: `name.yaml` and, beside it, `name-1.2.0.yaml`. Raises LookupError where there is none."""
    folder = shipped_folder()
    files = [file for file in (folder / f"{name}.yaml", *sorted(folder.glob(f"{name}-[0-9]*.yaml"))) if file.is_file()]
    if not files:
        raise LookupError(f"no shipped procedure {name}")
    return tuple(sorted((compile_procedure(load_file(file).procedure) for file in files), key=_age, reverse=True))


def _age(found: Compiled) -> tuple[date, tuple[int, ...]]:
    return found.procedure.effective, tuple(int(part) for part in found.procedure.version.split("."))


def shipped(name: str) -> Compiled:
    """The newest text of a shipped procedure, whether its day has come or not. Raises LookupError where there is none."""
    return shipped_versions(name)[0]


def in_force(name: str, at: datetime, knows: frozenset[str] = frozenset()) -> Text | None:
    """The newest version of the shipped procedure `name` that is in force on the day of `at`; None where none is.

    What the parties signed goes before what is shipped, whatever the numbers say. `knows` are names of stages, messages and promises without
    which a room cannot work: a version that lacks one is passed over.
    """
    day = timezone.localdate(at)
    dated = [found for found in shipped_versions(name) if found.procedure.effective <= day]
    candidates = [*_signed(shipped(name).procedure.id, day), *map(Text, dated)]
    return next((text for text in candidates if knows <= names_in(text.compiled)), None)


def in_use(name: str, at: datetime, knows: frozenset[str] = frozenset()) -> Compiled:
    """The text that a page shows where nothing is bound: what is in force, else the shipped one that comes first. Nobody is bound by showing it."""
    found = in_force(name, at, knows)
    return found.compiled if found else shipped_versions(name)[-1]


def names_in(found: Compiled) -> frozenset[str]:
    """What a room may call by name: stages, messages, promises."""
    return frozenset((*found.stages, *found.messages, *found.promises))


def _signed(identity: str, day: date) -> list[Text]:
    """Versions of the register with this running part that are in force that day, the newest first."""
    found = AgreementVersion.objects.in_force_on(day).filter(canonical__contains=f'"id":"{identity}"').newest_first()
    texts = (Text(_compiled(version.digest, version.canonical), version) for version in found)
    return [text for text in texts if text.compiled.procedure.id == identity]


@lru_cache(maxsize=256)
def _compiled(digest: str, text: str) -> Compiled:
    compiled = compile_procedure(load_plain(json.loads(text)))
    if compiled.digest != digest:
        raise RuntimeError("the words of a kept procedure are not those of its digest")
    return compiled


def compiled(kept: KeptProcedure) -> Compiled:
    """The procedure ready to run. Raises RuntimeError where its words were tampered with."""
    return _compiled(kept.digest, kept.canonical)


def keep_in_force(name: str, at: datetime, knows: frozenset[str] = frozenset()) -> KeptProcedure | None:
    """What a subject that begins now is bound to, kept from the moment somebody first follows it. None where no version is in force that day."""
    found = in_force(name, at, knows)
    return _keep(found.compiled, found.version, at) if found else None


def keep_shipped(name: str, at: datetime) -> KeptProcedure:
    """The shipped procedure of this name by its own date alone. Raises NotInForce where its day has not come."""
    day = timezone.localdate(at)
    found = next((text for text in shipped_versions(name) if text.procedure.effective <= day), None)
    if found is None:
        raise NotInForce(_("This version is not in force. A case follows only what is in force on the day when it begins."))
    return _keep(found, None, at)


def keep_version(version: AgreementVersion, at: datetime) -> KeptProcedure:
    """The running part of a version. Raises NotInForce unless the whole version is in force on that day here."""
    day = timezone.localdate(at)
    if not version.runs or not is_in_force(version, day):
        raise NotInForce(_("This version is not in force. A case follows only what is in force on the day when it begins."))
    return _keep(compile_procedure(load_plain(version.plain())), version, at)


def binds_on(kept: KeptProcedure, day: date) -> bool:
    """Whether a subject may come under these words on a day."""
    return is_in_force(kept.version, day) if kept.version else compiled(kept).procedure.effective <= day


def is_in_force(version: AgreementVersion, day: date) -> bool:
    """Whether the whole version is in force on a day, by the events of force."""
    return AgreementVersion.objects.in_force_on(day).filter(pk=version.pk).exists()


def _keep(found: Compiled, version: AgreementVersion | None, at: datetime) -> KeptProcedure:
    procedure = found.procedure
    facts = {"identity": procedure.id, "number": procedure.version, "canonical": canonical(procedure).decode(), "version": version, "kept_at": at}
    return KeptProcedure.objects.get_or_create(digest=found.digest, defaults=facts)[0]
