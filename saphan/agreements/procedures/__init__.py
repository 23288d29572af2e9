"""Procedures that run: read, checked, compiled and followed. Pure rules: nothing here knows Django, a case or a database."""
