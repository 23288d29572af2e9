"""Saphan: the open platform for cooperation against human trafficking."""

__version__ = "0.1.0"
