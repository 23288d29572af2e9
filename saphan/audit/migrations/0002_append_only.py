"""Lays the triggers that refuse every change of the record. A later migration that rebuilds one of these tables on SQLite must lay them again."""

from typing import Any

from django.db import migrations

from saphan.audit import triggers


def lay(apps: Any, schema_editor: Any) -> None:
    triggers.lay(schema_editor.connection)


def lift(apps: Any, schema_editor: Any) -> None:
    triggers.lift(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
