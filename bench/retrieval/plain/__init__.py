"""A plain Wagtail index: a title and a text, as the documentation of Wagtail shows it."""
