"""Why a proposal was made, in sentences for the person who decides."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LATER = {
    "not_made_for_it": gettext_lazy("The donor offered it to any need; she did not name this one."),
    "some_languages": gettext_lazy("The donor speaks only some of the languages that are wanted."),
    "short_of_time": gettext_lazy("It is available only shortly before the day on which it is needed."),
    "only_a_part": gettext_lazy("It covers only a part of what is needed."),
}


def reasons(parts: Mapping[str, int]) -> list[str]:
    """The sentences that the parts of a cost stand for; a part that is missing says nothing."""
    said = [_distance(parts["km"])] if "km" in parts else []
    if "not_made_for_it" in parts and not parts["not_made_for_it"]:
        said.append(_("The donor offered it for this very need."))
    if parts.get("urgency", 0) >= 3:
        said.append(_("The need is urgent, so what is nearest goes to it first."))
    said += [str(sentence) for name, sentence in LATER.items() if parts.get(name)]
    if parts.get("known_better"):
        said.append(_("The donor is known better than this need asks for and might be wanted elsewhere."))
    return said


def _distance(km: int) -> str:
    return _("Both are in the same province.") if km == 0 else _("About %(km)s km lie between the two provinces.") % {"km": km}
