"""Figures: what the casework side releases to the public, once it does."""
