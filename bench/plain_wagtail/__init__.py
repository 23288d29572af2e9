"""A plain Wagtail site, as its own starter project lays it out: what Saphan's public pages are compared with."""
