"""The linter: looks at a draft by every rule and says what is wrong, by article. A draft with errors cannot leave drafting."""

from collections.abc import Iterable, Sequence

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.compiling import Compiled
from saphan.agreements.procedures.findings import Finding, Lines
from saphan.agreements.procedures.floors import Floor
from saphan.agreements.procedures.rules import RULES
from saphan.agreements.procedures.rules.draft import Draft


def lint(
    procedure: Procedure, lines: Lines | None = None, *, compiled: Compiled | None = None, floors: Sequence[Floor] = (), signing: bool = False
) -> tuple[Finding, ...]:
    """What is wrong with a draft, errors first, each with its article and, where a file is at hand, its line.

    `floors` are the packs of minimum rules that bind the parties; `signing` adds what only a text that is to be signed must have.
    """
    draft, lines = Draft(procedure, compiled), lines or Lines()
    numbers = {article.art: place for place, article in reversed(tuple(enumerate(procedure.articles)))}
    found: dict[tuple[str, str, str], Finding] = {}
    for rule in RULES.values():
        if rule.signing and not signing:
            continue
        for place in rule.check(draft):
            path = place.path or (("articles", numbers[place.article]) if place.article in numbers else ())
            finding = Finding(rule.id, rule.severity, place.article, lines.of(path), path, rule.sentence, place.parameters)
            found.setdefault((rule.id, place.article, finding.sentence), finding)
    for floor in floors:
        for finding in floor.findings(draft, lines):
            found.setdefault((finding.rule, finding.article, finding.sentence), finding)
    return tuple(sorted(found.values(), key=lambda finding: (finding.severity != "error", numbers.get(finding.article, -1), finding.rule)))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep a draft from leaving drafting."""
    return tuple(finding for finding in findings if finding.severity == "error")
