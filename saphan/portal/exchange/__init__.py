"""Linking Needs with Resources."""
