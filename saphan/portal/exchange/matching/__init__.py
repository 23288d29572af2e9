"""Which offers serve which needs best: plain arrays in, allocations out. It knows no database and promises nothing; a person decides.

`tables` the arrays, `edges` who may serve whom at all, `costs` how well, `flow` the best whole, `words` why, for people.
"""

from saphan.portal.exchange.matching.edges import edges_between
from saphan.portal.exchange.matching.flow import best_flow, worth
from saphan.portal.exchange.matching.tables import Allocation, Edges, Ints, Needs, Offers

__all__ = ["Allocation", "Edges", "Needs", "Offers", "allocate", "best_flow", "edges_between", "worth"]


def allocate(needs: Needs, offers: Offers, *, barred: Ints | None = None, processes: int = 1) -> list[Allocation]:
    """The best allocation of offers to needs, each with the parts of its cost. Raises ValueError on arrays that do not fit together."""
    edges = edges_between(needs, offers, barred)
    flow = best_flow(edges, needs.quantity, offers.quantity, needs.urgency, processes=processes)
    return [edges.allocation(at, int(flow[at])) for at in flow.nonzero()[0].tolist()]
