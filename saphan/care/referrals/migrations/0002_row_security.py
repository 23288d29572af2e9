from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.care.persons.wall import owned


class Migration(migrations.Migration):
    dependencies = [("care_referrals", "0001_initial"), ("care_persons", "0002_row_security")]
    operations = [RowSecurity("care_referrals_referral", f"{owned('from_org_id')} OR ({owned('to_org_id')} AND sent_at IS NOT NULL)")]
