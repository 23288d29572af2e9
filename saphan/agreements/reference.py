"""Reference data of the register."""


def load_agreements() -> None:
    """The agreements of the region with where each fact comes from, and the types of articles."""
