"""A report, a person under an alias, and who is involved with that person."""
