"""Home, list and article with a StreamField body, countries and tags."""
