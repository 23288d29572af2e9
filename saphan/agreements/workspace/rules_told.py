"""One rule of the linter as a page tells it: rules of the house, floors of treaties and laws, faults of a file, and what does not fit the register."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from saphan.agreements import running
from saphan.agreements.procedures.findings import FAULTS
from saphan.agreements.procedures.floors import shipped_floors
from saphan.agreements.procedures.rules import RULES

FITS = {"G01": running.OTHER_NUMBER, "G02": running.UNKNOWN_SIDE}


def rule_told(rule_id: str) -> dict[str, Any] | None:
    """What the rule asks and why; nothing where there is no such rule."""
    if rule := RULES.get(rule_id):
        return {"rule_id": rule_id, "severity": rule.severity, "signing": rule.signing, "sentence": _(rule.sentence), "why": rule.why}
    if rule_id in FAULTS or rule_id in FITS:
        return {"rule_id": rule_id, "severity": "error", "sentence": _({**FAULTS, **FITS}[rule_id])}
    for floor in shipped_floors():
        for asked in floor.requires:
            if asked.id == rule_id:
                said = asked.say.get(get_language() or "en") or asked.say.get("en", "")
                return {"rule_id": rule_id, "severity": asked.severity, "sentence": said, "why": f"{asked.source} ({floor.id} {floor.version})"}
    return None
