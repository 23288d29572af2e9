"""One search over everything public."""
