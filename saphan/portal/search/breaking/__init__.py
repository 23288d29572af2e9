"""Breaks text into words: a spelling that is one for what looks the same, runs of one script, and a breaker for each."""
