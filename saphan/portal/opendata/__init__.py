"""Everything public as data: the read-only API and the dump."""
