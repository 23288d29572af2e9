from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned


def part_of(table: str, column: str, child: str) -> str:
    """A row is seen by whoever sees the row that it belongs to; the lock of that table decides."""
    return f"EXISTS (SELECT 1 FROM {table} whole WHERE whole.id = {child}.{column})"  # noqa: S608  # names of tables, from this file only


DEVICE, VISIT, MET = "care_fieldkit_device", "care_fieldkit_sitevisit", "care_fieldkit_visitperson"
SUBMISSION, ENCLOSURE = "care_fieldkit_submission", "care_fieldkit_enclosure"


class Migration(migrations.Migration):
    dependencies = [("care_fieldkit", "0001_initial"), ("care_screening", "0002_row_security")]
    operations = [
        *(RowSecurity(table, owned("org_id")) for table in (DEVICE, VISIT, SUBMISSION)),
        RowSecurity(MET, part_of(VISIT, "visit_id", MET)),
        RowSecurity(ENCLOSURE, part_of(SUBMISSION, "submission_id", ENCLOSURE)),
    ]
