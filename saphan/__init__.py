"""Saphan: the open platform for cooperation against human trafficking."""
