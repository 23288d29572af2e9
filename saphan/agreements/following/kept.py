"""Procedures that may be followed: kept by digest, compiled once. Those of signed agreements while they are in force, and those shipped with the platform."""

import json
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


@cache
def shipped(name: str) -> Compiled:
    """A procedure of seeds/reference/procedures, by the name of its file. Raises LookupError where there is none."""
    file = Path(settings.PACKAGE).parent / "seeds" / "reference" / "procedures" / f"{name}.yaml"
    if not file.is_file():
        raise LookupError(f"no shipped procedure {name}")
    return compile_procedure(load_file(file).procedure)


@lru_cache(maxsize=256)
def _compiled(digest: str, text: str) -> Compiled:
    compiled = compile_procedure(load_plain(json.loads(text)))
    if compiled.digest != digest:
        raise RuntimeError("the words of a kept procedure are not those of its digest")
    return compiled


def compiled(kept: KeptProcedure) -> Compiled:
    """The procedure ready to run. Raises RuntimeError where its words were tampered with."""
    return _compiled(kept.digest, kept.canonical)


def keep_shipped(name: str, at: datetime) -> KeptProcedure:
    """The shipped procedure of this name, kept from the moment somebody first follows it."""
    return _keep(shipped(name), None, at)


def keep_version(version: AgreementVersion, at: datetime) -> KeptProcedure:
    """The running part of a version. Raises NotInForce unless the whole version is in force on that day here."""
    day = timezone.localdate(at)
    if not version.runs or not is_in_force(version, day):
        raise NotInForce(_("This version is not in force. A case follows only what is in force on the day when it begins."))
    return _keep(compile_procedure(load_plain(version.plain())), version, at)


def is_in_force(version: AgreementVersion, day: date) -> bool:
    """Whether the whole version is in force on a day, by the events of force."""
    return AgreementVersion.objects.in_force_on(day).filter(pk=version.pk).exists()


def _keep(found: Compiled, version: AgreementVersion | None, at: datetime) -> KeptProcedure:
    procedure = found.procedure
    facts = {"identity": procedure.id, "number": procedure.version, "canonical": canonical(procedure).decode(), "version": version, "kept_at": at}
    return KeptProcedure.objects.get_or_create(digest=found.digest, defaults=facts)[0]
