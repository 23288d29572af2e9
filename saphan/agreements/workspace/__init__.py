"""The workspace: officers edit the running articles of a version as cards, negotiate them, try them, and sign."""
