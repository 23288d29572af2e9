"""The case file: consent, lead, timeline."""
