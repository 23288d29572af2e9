"""Rows of all rooms, with summary, author and topics. SQLite rebuilds the table, so the full-text index is taken off and put on again."""

from importlib import import_module

from django.db import migrations, models

fulltext = import_module("saphan.portal.search.migrations.0002_fulltext")


class Migration(migrations.Migration):
    dependencies = [("portal_search", "0002_fulltext")]

    operations = [
        migrations.RunPython(
            fulltext.run(fulltext.SQLITE_DROP, fulltext.POSTGRESQL_DROP), fulltext.run(fulltext.SQLITE_MAKE, fulltext.POSTGRESQL_MAKE)
        ),
        migrations.RemoveField(model_name="searchentry", name="kind_label"),
        migrations.AddField(model_name="searchentry", name="author", field=models.CharField(blank=True, max_length=200)),
        migrations.AddField(model_name="searchentry", name="changed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="searchentry", name="summary", field=models.TextField(blank=True)),
        migrations.AddField(model_name="searchentry", name="topics", field=models.JSONField(default=list)),
        migrations.RunPython(
            fulltext.run(fulltext.SQLITE_MAKE, fulltext.POSTGRESQL_MAKE), fulltext.run(fulltext.SQLITE_DROP, fulltext.POSTGRESQL_DROP)
        ),
    ]
