"""What the workspace brings when the site starts: its rules, what brackets say before the parties agree, its tiles of My day."""

from saphan.agreements.workspace import brackets, desk, policies

desk.register()

__all__ = ["brackets", "desk", "policies"]
