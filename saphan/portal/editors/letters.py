"""The patterns that stop a publication look into the newsletter too, before it is called ready."""

from saphan.portal.editors.checking import LONGEST, SHORT_NUMBER, digits_of, public_numbers
from saphan.portal.editors.patterns import RULES, plainly
from saphan.portal.newsletter.readiness import Suspicion


def suspicions_in(text: str) -> list[Suspicion]:
    """What in these words may give somebody away. What the check of pages lets a publisher pass is here shown to both persons, and stops nothing."""
    plain = plainly(text)[:LONGEST]
    found: dict[tuple[str, str], Suspicion] = {}
    for rule in RULES:
        for hit in rule.pattern.finditer(plain):
            if not rule.spares(hit) and not _is_public(rule.name, hit[0]):
                found.setdefault((rule.name, hit[0]), Suspicion(hit[0], str(rule.why), rule.stops))
    return list(found.values())


def _is_public(rule: str, words: str) -> bool:
    if rule != "telephone":
        return False
    digits = digits_of(words)
    return len(digits) <= SHORT_NUMBER or digits in public_numbers()
