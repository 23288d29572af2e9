from django.db import migrations, models

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned

SUBMISSION, ENCLOSURE, INTERVIEW = "care_fieldkit_submission", "care_fieldkit_enclosure", "care_screening_interview"


def part_of(table: str, column: str, child: str, more: str = "") -> str:
    """A row is seen by whoever sees the row that it belongs to; the lock of that table decides."""
    return f"EXISTS (SELECT 1 FROM {table} whole WHERE whole.id = {child}.{column}{more})"  # noqa: S608  # names of tables, from this file only


OF_SUBMISSION = part_of(SUBMISSION, "submission_id", ENCLOSURE)
BEFORE = [RowSecurity(SUBMISSION, owned("org_id")), RowSecurity(ENCLOSURE, OF_SUBMISSION)]
NOW = [
    RowSecurity(SUBMISSION, f"{owned('org_id')} OR {part_of(INTERVIEW, 'interview_id', SUBMISSION)}", write=owned("org_id")),
    RowSecurity(ENCLOSURE, OF_SUBMISSION, write=part_of(SUBMISSION, "submission_id", ENCLOSURE, f" AND {owned('whole.org_id')}")),
]


class Migration(migrations.Migration):
    """Photos are seen by whoever sees the interview with which they came; written they are by their own organisation only."""

    dependencies = [("care_fieldkit", "0002_row_security"), ("care_screening", "0002_row_security")]
    operations = [
        *(migrations.RunPython(lock._unlock, lock._lock) for lock in BEFORE),
        migrations.AlterField("enclosure", "question_code", models.CharField(max_length=221)),
        *NOW,
    ]
