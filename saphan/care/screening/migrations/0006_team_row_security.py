from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned, tied


def part_of(table: str, column: str, child: str) -> str:
    """A row is seen by whoever sees the row that it belongs to; the lock of that table decides."""
    return f"EXISTS (SELECT 1 FROM {table} whole WHERE whole.id = {child}.{column})"  # noqa: S608  # names of tables, from this file only


def table(name: str) -> str:
    return f"care_screening_{name}"


WHOLE, NOTE = table("identification"), table("protectionnote")


class Migration(migrations.Migration):
    dependencies = [("care_screening", "0005_team_sessions")]
    operations = [
        *(RowSecurity(table(name), part_of(table("hearing"), "hearing_id", table(name))) for name in ("teamsession", "handover", "reviewrequest")),
        RowSecurity(table("attendance"), part_of(table("teamsession"), "session_id", table("attendance"))),
        RowSecurity(WHOLE, f"{owned('org_id')} OR {tied(f'{WHOLE}.person_id')}", write=owned("org_id")),
        RowSecurity(table("reflection"), part_of(WHOLE, "identification_id", table("reflection"))),
        RowSecurity(NOTE, f"{owned('org_id')} OR {tied(f'{NOTE}.person_id')}", write=owned("org_id")),
    ]
