"""What editors need beside the editors' system: identity check, translation board, broken-link report."""
