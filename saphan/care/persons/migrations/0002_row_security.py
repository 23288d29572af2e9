from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned, tied


class Migration(migrations.Migration):
    dependencies = [("care_persons", "0001_initial")]
    operations = [
        RowSecurity("care_persons_report", owned("org_id")),
        RowSecurity("care_persons_contactattempt", owned("owner_org_id")),
        RowSecurity("care_persons_involvement", f"{owned('owner_org_id')} OR {owned('org_id')}", write=owned("owner_org_id")),
        RowSecurity("care_persons_person", f"{owned('org_id')} OR {tied('care_persons_person.id')}", write=owned("org_id")),
    ]
