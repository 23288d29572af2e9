"""The mailroom."""
