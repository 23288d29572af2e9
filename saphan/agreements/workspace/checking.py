"""What the linter would say of a draft that is not saved yet."""

from saphan.agreements.models import AgreementVersion
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.running import read_running_part
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
    return [f"{finding_said(f)}" if not f.get("article") else f"Art. {f['article']}: {finding_said(f)}" for f in found if f.get("severity") == "error"]
