from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned, tied


def part_of(table: str, column: str, child: str) -> str:
    """A row is seen by whoever sees the row that it belongs to; the lock of that table decides."""
    return f"EXISTS (SELECT 1 FROM {table} whole WHERE whole.id = {child}.{column})"  # noqa: S608  # names of tables, from this file only


INTERVIEW, HEARING, MEMBER, VOTE = "care_screening_interview", "care_screening_hearing", "care_screening_member", "care_screening_vote"


class Migration(migrations.Migration):
    dependencies = [("care_screening", "0001_initial")]
    operations = [
        RowSecurity(INTERVIEW, f"{owned('org_id')} OR {tied(f'{INTERVIEW}.person_id')}", write=owned("org_id")),
        *(
            RowSecurity(table, part_of(INTERVIEW, "interview_id", table))
            for table in ("care_screening_safetycheck", "care_screening_sitting", "care_screening_reply")
        ),
        RowSecurity(HEARING, f"{owned('org_id')} OR {tied(f'{HEARING}.person_id')}", write=owned("org_id")),
        RowSecurity(MEMBER, part_of(HEARING, "hearing_id", MEMBER)),
        RowSecurity(VOTE, part_of(MEMBER, "member_id", VOTE)),
    ]
