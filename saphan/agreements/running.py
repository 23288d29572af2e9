"""The running part of a version: its file read, checked, and turned into words for people and one form for signatures."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from django.utils.translation import gettext, gettext_noop

from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.canonical import canonical, digest_of
from saphan.agreements.procedures.findings import Finding, Unreadable
from saphan.agreements.procedures.floors import floors_for
from saphan.agreements.procedures.linting import errors, lint
from saphan.agreements.procedures.loading import load

Findings = list[dict[str, Any]]
OTHER_NUMBER = gettext_noop("The file says it is version {file}, the register expects {register}.")
UNKNOWN_SIDE = gettext_noop("The party “{side}” of the file is not among the parties of this agreement in the register.")


@dataclass(frozen=True)
class Words:
    """The words of one provision in one language."""

    number: str
    language: str
    prose: str
    heading: str = ""
    type: str = ""


@dataclass(frozen=True)
class Running:
    """What a file says. Where it cannot be read, only the findings."""

    canonical: str = ""
    digest: str = ""
    languages: list[str] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    findings: Findings = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(finding["severity"] == "error" for finding in self.findings)


def read_running_part(source: str, version: AgreementVersion, sides: Iterable[str]) -> Running:
    """Reads the file of a draft. A file with faults is kept all the same: they are told, and hold the draft where it is."""
    try:
        loaded = load(source)
    except Unreadable as error:
        return Running(findings=[told(finding) for finding in error.faults])
    procedure = loaded.procedure
    findings = [*map(told, lint(procedure, loaded.lines, floors=floors_for(procedure))), *_fit_of(procedure, version, set(sides))]
    languages = list(procedure.languages.authoritative)
    return Running(canonical(procedure).decode(), digest_of(procedure), languages, words_of(procedure), findings)


def before_signing(version: AgreementVersion) -> Findings:
    """What stands between a running part and a signature, beyond what a draft must keep: for example a binding language that is missing."""
    loaded = load(version.procedure)
    return [told(finding) for finding in errors(lint(loaded.procedure, loaded.lines, floors=floors_for(loaded.procedure), signing=True))]


def words_of(procedure: Procedure) -> list[Words]:
    """Its articles in each language in which they are written."""
    return [Words(article.art, language, prose) for article in procedure.articles for language, prose in article.prose.items()]


def told(finding: Finding) -> dict[str, Any]:
    """A finding as the version keeps it; the sentence with its places, so that a screen says it in the reader's language."""
    return finding.plain() | {"text": finding.text}


def sentence_of(finding: dict[str, Any]) -> str:
    """The sentence of a kept finding in the reader's language."""
    text = gettext(str(finding.get("text", ""))) or str(finding.get("sentence", ""))
    return text.format_map({name: str(value) for name, value in finding.get("parameters", {}).items()})


def in_words(finding: dict[str, Any]) -> str:
    """The sentence with its article, for lists of reasons."""
    sentence = sentence_of(finding)
    return gettext("Article %(number)s: %(sentence)s") % {"number": finding["article"], "sentence": sentence} if finding.get("article") else sentence


def _fit_of(procedure: Procedure, version: AgreementVersion, sides: set[str]) -> Findings:
    """What of the file does not fit the register that holds it."""
    found = []
    if procedure.version != version.semver:
        found.append(Finding("G01", "error", "", 0, ("version",), OTHER_NUMBER, {"file": procedure.version, "register": version.semver}))
    found += [Finding("G02", "error", "", 0, ("parties", side), UNKNOWN_SIDE, {"side": side}) for side in procedure.parties if side not in sides]
    return [told(finding) for finding in found]


def canonical_texts(version: AgreementVersion, words: Iterable[Words]) -> tuple[str, str]:
    """The one form and its digest of a version that holds words only."""
    told_in_order = sorted(words, key=lambda one: (one.number, one.language))
    content = {
        "agreement": version.agreement.code, "version": version.semver, "languages": sorted(version.languages),
        "texts": [{"number": w.number, "language": w.language, "heading": w.heading, "prose": w.prose} for w in told_in_order],
    }  # fmt: skip
    data = rfc8785.dumps(content)
    return data.decode(), "sha256:" + hashlib.sha256(data).hexdigest()
