"""Who exists and who offers what: organisations, offices, provinces, services."""
