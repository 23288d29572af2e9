"""Questionnaires in the XLSForm format: import, versions, skip logic, accessible pages. Knows nothing else of ours, so that it can stand as a package of its own."""
