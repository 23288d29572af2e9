"""What a step of quantity costs on its way from an offer to a need: urgency x distance x fit, all whole numbers.

- urgency: 1 to 4, so that the most urgent get what is nearest;
- distance: 1, and 1 more for every 10 km between the capital towns of the provinces (the same province counts as 0 km);
- fit: 1, and more for each thing that fits less well (the lines of `FITS`).

What stays unmet costs `UNMET` x urgency for each step. Every `cost` is below UNMET, so nothing that can be served is left out to save a way, and
where not all can be served the more urgent comes first unless that would lengthen the ways of others by more than the difference.
"""

import numpy as np

from saphan.portal.exchange.matching.tables import Ints, Needs, Offers

UNMET = 6_000
KM_PER_STEP = 10
DAYS_THAT_ARE_SHORT = 3


def parts_of(needs: Needs, offers: Offers, need: Ints, offer: Ints) -> dict[str, Ints]:
    """The parts of the cost of each pair, by name; `km` is the distance itself and no factor."""
    km = offers.km[offers.province[offer], needs.province[need]]
    wanted = needs.languages[need]
    return {
        "urgency": needs.urgency[need],
        "km": km,
        "not_made_for_it": (offers.made_for[offer] != need).astype(np.int64),
        "known_better": offers.tier[offer] - needs.tier[need],
        "some_languages": ((offers.languages[offer] & wanted) != wanted).astype(np.int64),
        "short_of_time": (np.maximum(offers.from_day[offer], offers.today) + DAYS_THAT_ARE_SHORT > needs.by_day[need]).astype(np.int64),
        "only_a_part": (offers.quantity[offer] < needs.quantity[need]).astype(np.int64),
    }


FITS = ("not_made_for_it", "known_better", "some_languages", "short_of_time", "only_a_part")


def cost_of(parts: dict[str, Ints]) -> Ints:
    """The product of the parts."""
    fit = 1 + sum(parts[name] for name in FITS)
    return np.asarray(np.minimum(parts["urgency"] * (1 + parts["km"] // KM_PER_STEP) * fit, UNMET - 1))
