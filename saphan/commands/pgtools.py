"""How PostgreSQL's own tools are told where the database is: by environment, so that no password stands in a process list."""

import os
from typing import Any


def libpq_environment(settings: dict[str, Any]) -> dict[str, str]:
    """The environment for pg_dump and psql from Django's database settings."""
    names = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    as_system = {"PGOPTIONS": "-c saphan.scope=system"}  # row-level security lets the system through, and a backup is the system's act
    return dict(os.environ) | as_system | {variable: str(settings[key]) for variable, key in names.items() if settings.get(key)}
