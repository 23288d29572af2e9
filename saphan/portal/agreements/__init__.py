"""Agreements and standards, as the casework has let them out: facts, days of force, signatures, words."""
