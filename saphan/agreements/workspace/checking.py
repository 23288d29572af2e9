"""What the linter would say of a draft that is not saved yet."""

from django.utils.translation import gettext as _

from saphan.agreements.drafting import BEFORE_AGREEING
from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.running import before_signing, in_words, read_running_part
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
        told_of = before_signing(version) + [f for f in version.findings if f.get("severity") == "error"]
        found = [in_words(finding) for finding in told_of] + found
    return list(dict.fromkeys(found))
