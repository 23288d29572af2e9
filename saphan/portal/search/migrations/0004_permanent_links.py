"""What a permanent link names. SQLite rebuilds the table, so the full-text index is taken off and put on again."""

from importlib import import_module

from django.db import migrations, models

fulltext = import_module("saphan.portal.search.migrations.0002_fulltext")


class Migration(migrations.Migration):
    dependencies = [("portal_search", "0003_rows_of_rooms")]

    operations = [
        migrations.RunPython(fulltext.run(fulltext.SQLITE_DROP, []), fulltext.run(fulltext.SQLITE_MAKE, [])),
        migrations.AddField(model_name="searchentry", name="permanent", field=models.CharField(blank=True, db_index=True, max_length=16)),
        migrations.RunPython(fulltext.run(fulltext.SQLITE_MAKE, []), fulltext.run(fulltext.SQLITE_DROP, [])),
    ]
