"""Values that a text of the form mentions: `Does ${name} live here?`"""

import re
from typing import TYPE_CHECKING

from saphan.xlsform.here import Here
from saphan.xlsform.kinds import SELECTS
from saphan.xlsform.places import Place
from saphan.xlsform.values import as_text

if TYPE_CHECKING:
    from saphan.xlsform.filling import Filling

MENTION = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


def filled_in(filling: "Filling", text: str, place: str) -> str:
    """The text with the values it mentions, as seen from this place; an answer that was chosen is named by its label."""
    if "${" not in text:
        return text
    return MENTION.sub(lambda found: _shown(filling, found[1], place) or "…", text)


def _shown(filling: "Filling", name: str, place: str) -> str:
    nodes = filling.plan.index.named.get(name, ())
    if len(nodes) != 1 or nodes[0].node != "question":
        return ""
    code = nodes[0].code
    filling.is_relevant(code)
    here = Here(filling, Place(place).code or code, Place(place).numbers)
    value = as_text(here.answer(code))
    return here.choice_name(code, value) if filling.form.question(code).kind in SELECTS else value
