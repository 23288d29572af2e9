from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care_screening", "0002_row_security")]
    operations = [
        migrations.RenameField("instrumentversion", "source", "source_en"),
        migrations.RenameField("instrumentversion", "confidence", "confidence_en"),
        migrations.AddField("instrumentversion", "source_th", models.CharField(blank=True, default="", max_length=240), preserve_default=False),
        migrations.AddField("instrumentversion", "confidence_th", models.CharField(blank=True, default="", max_length=240), preserve_default=False),
    ]
