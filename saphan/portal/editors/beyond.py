"""The patterns of this room for texts that are no pages: rooms below ask for them through a registry of theirs."""

from saphan.portal.editors.patterns import RULES, plainly


def what_stops(text: str) -> list[str]:
    """Why a text could not be published as it is, one sentence for each reason; what only asks for a reason on pages is left out."""
    plain = plainly(text)
    found = [str(rule.why) for rule in RULES if rule.stops and any(not rule.spares(hit) for hit in rule.pattern.finditer(plain))]
    return list(dict.fromkeys(found))
