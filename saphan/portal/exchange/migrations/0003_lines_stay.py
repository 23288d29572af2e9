"""The database itself refuses to change or remove a line of the ledger."""

from django.db import migrations

TABLE = "portal_exchange_line"
SENTENCE = "a line of the ledger is never changed or removed: reverse its posting"
LAY = {
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$",
        f"CREATE TRIGGER ledger_line_keep BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    ],
    "sqlite": [
        f"CREATE TRIGGER ledger_line_no_{act} BEFORE {act.upper()} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END" for act in ("update", "delete")
    ],
}
LIFT = {
    "postgresql": [f"DROP TRIGGER ledger_line_keep ON {TABLE}", "DROP FUNCTION ledger_refuse()"],
    "sqlite": ["DROP TRIGGER ledger_line_no_update", "DROP TRIGGER ledger_line_no_delete"],
}


def lay(apps, schema_editor):
    for statement in LAY[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def lift(apps, schema_editor):
    for statement in LIFT[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("portal_exchange", "0002_ledger")]
    operations = [migrations.RunPython(lay, lift)]
