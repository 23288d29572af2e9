"""What the workspace brings when the site starts: its rules, and what brackets say before the parties agree."""

from saphan.agreements.workspace import brackets, policies

__all__ = ["brackets", "policies"]
