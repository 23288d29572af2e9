"""Sending an issue, measured beside the usual ways."""
