from django.db import migrations

from saphan.access.rowlock import RowSecurity
from saphan.agreements.following import triggers

OURS = "string_to_array(orgs, ',') && string_to_array(current_setting('saphan.orgs', true), ',')"
OF_OURS = "EXISTS (SELECT 1 FROM following_binding b WHERE b.id = binding_id)"  # the lock of that table decides
CHILDREN = ("caseevent", "promiseinstance", "departure", "driftfinding", "rebinding")


def lay(apps, schema_editor):
    triggers.lay(schema_editor.connection)


def lift(apps, schema_editor):
    triggers.lift(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("following", "0001_initial")]
    operations = [
        migrations.RunPython(lay, lift),
        RowSecurity("following_binding", OURS),
        *[RowSecurity(f"following_{name}", OF_OURS) for name in CHILDREN],
    ]
