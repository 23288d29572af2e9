"""What could give a person away in a text that becomes public. The room that knows the shapes stands above and fills the list in."""

from collections.abc import Callable, Sequence

# From a text to the sentences that say why it may not be published as it is.
CHECKS: list[Callable[[str], Sequence[str]]] = []


def objections(text: str) -> list[str]:
    """Each reason once, in the reader's language; empty when nothing was found, which proves nothing."""
    return list(dict.fromkeys(sentence for check in CHECKS for sentence in check(text)))
