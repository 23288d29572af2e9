"""What the linter would say of a draft that is not saved yet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.agreements.drafting import BEFORE_AGREEING
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.procedures.linting import errors, lint
from saphan.agreements.procedures.loading import load
from saphan.agreements.running import read_running_part, told
from saphan.agreements.running import sentence_of as finding_said
from saphan.agreements.workspace.articles import Plain
from saphan.agreements.workspace.writing import text_of


def errors_with(version: AgreementVersion, plain: Plain) -> list[str]:
    """The errors that the version would have with these words, each with its article."""
    try:
        source = text_of(plain)
    except Unreadable as error:
        return [str(fault) for fault in error.faults]
    sides = version.agreement.parties.exclude(side="").values_list("side", flat=True)
    found = read_running_part(source, version, sides).findings
    return [in_words(f) for f in found if f.get("severity") == "error"]


def standing_before_signing(version: AgreementVersion) -> list[str]:
    """All that keeps a version from being signed: errors, brackets, a binding language that is missing."""
    if not version.canonical:
        return [_("There are no words yet.")]
    found = [sentence for ask in BEFORE_AGREEING for sentence in ask(version)]
    if version.runs:
        loaded = load(version.procedure)
        told_of = [told(finding) for finding in errors(lint(loaded.procedure, loaded.lines, signing=True))]
        told_of += [f for f in version.findings if f.get("severity") == "error" and str(f.get("rule", "")).startswith("G")]
        found = [in_words(finding) for finding in told_of] + found
    return list(dict.fromkeys(found))


def in_words(finding: Mapping[str, Any]) -> str:
    """The sentence with its article."""
    sentence = finding_said(dict(finding))
    return _("Article %(number)s: %(sentence)s") % {"number": finding["article"], "sentence": sentence} if finding.get("article") else sentence
