from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned, tied

OF_THE_NOTE = "(SELECT file.person_id FROM care_cases_case file WHERE file.id = care_cases_casenote.case_id)"


class Migration(migrations.Migration):
    dependencies = [("care_cases", "0001_initial"), ("care_persons", "0002_row_security")]
    operations = [
        RowSecurity("care_cases_case", f"{owned('org_id')} OR {tied('care_cases_case.person_id')}", write=owned("org_id")),
        RowSecurity("care_cases_consent", f"{owned('owner_org_id')} OR {owned('receiver_id')}", write=owned("owner_org_id")),
        RowSecurity("care_cases_casenote", f"{owned('owner_org_id')} OR {tied(OF_THE_NOTE)}", write=owned("owner_org_id")),
    ]
