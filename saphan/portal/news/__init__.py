"""News & Updates."""
