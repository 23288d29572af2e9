"""Cut text beside the entry, by field; letters in neighbouring pairs; the vocabulary. The long text moves to the end of its row.

What the index held is cut anew from the same rows at the next start (`saphan search rebuild`); entries and their dates stay.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

fulltext = import_module("saphan.portal.search.migrations.0002_fulltext")

COLUMNS = ["title_words", "summary_words", "names_words", "words", "folded", "title_graphemes", "graphemes", "facets"]
NAMES = ", ".join(COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
ADD = f"INSERT INTO portal_search_fts(rowid, {NAMES}) VALUES (new.entry_id, {NEW});"
REMOVE = f"INSERT INTO portal_search_fts(portal_search_fts, rowid, {NAMES}) VALUES ('delete', old.entry_id, {OLD});"
SQLITE_MAKE = [
    f"""CREATE VIRTUAL TABLE portal_search_fts USING fts5({NAMES}, content='portal_search_cuttext', content_rowid='entry_id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'")""",
    f"CREATE TRIGGER portal_search_added AFTER INSERT ON portal_search_cuttext BEGIN {ADD} END",
    f"CREATE TRIGGER portal_search_removed AFTER DELETE ON portal_search_cuttext BEGIN {REMOVE} END",
    f"CREATE TRIGGER portal_search_changed AFTER UPDATE ON portal_search_cuttext BEGIN {REMOVE} {ADD} END",
    "INSERT INTO portal_search_fts(portal_search_fts) VALUES ('rebuild')",
]
# The words are cut already: the server's own parser, which depends on its locale, is not asked. 256 places of a word are kept, as ever.
VECTOR = r"""CREATE OR REPLACE FUNCTION portal_search_vector(cut text, weight "char") RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(coalesce(string_agg(lexeme || ':' || places, ' '), '')::tsvector, weight) FROM (
        SELECT '''' || replace(replace(word, '\', '\\'), '''', '''''') || '''' AS lexeme,
            array_to_string((array_agg(least(place, 16383) ORDER BY place))[1:256], ',') AS places
        FROM unnest(string_to_array(cut, ' ')) WITH ORDINALITY AS each_word(word, place) WHERE word <> '' GROUP BY word) AS once
$$"""
BY_WORDS = " || ".join(
    f"portal_search_vector({name}, '{weight}')"
    for name, weight in [("title_words", "A"), ("summary_words", "B"), ("names_words", "B"), ("words", "C"), ("folded", "D"), ("facets", "D")]
)
BY_GRAPHEMES = "portal_search_vector(title_graphemes, 'A') || portal_search_vector(graphemes, 'C')"
POSTGRESQL_MAKE = [
    VECTOR,
    f"ALTER TABLE portal_search_cuttext ADD COLUMN by_words tsvector GENERATED ALWAYS AS ({BY_WORDS}) STORED",
    f"ALTER TABLE portal_search_cuttext ADD COLUMN by_graphemes tsvector GENERATED ALWAYS AS ({BY_GRAPHEMES}) STORED",
    "CREATE INDEX portal_search_by_words ON portal_search_cuttext USING gin (by_words)",
    "CREATE INDEX portal_search_by_graphemes ON portal_search_cuttext USING gin (by_graphemes)",
]
POSTGRESQL_DROP = [
    "ALTER TABLE portal_search_cuttext DROP COLUMN by_words",
    "ALTER TABLE portal_search_cuttext DROP COLUMN by_graphemes",
    'DROP FUNCTION portal_search_vector(text, "char")',
]


def copy_text(apps, schema_editor):
    apps.get_model("portal_search", "SearchEntry").objects.update(text=F("text_before"))


def copy_back(apps, schema_editor):
    apps.get_model("portal_search", "SearchEntry").objects.update(text_before=F("text"))


def cut(name):
    return migrations.RemoveField(model_name="searchentry", name=name)


class Migration(migrations.Migration):
    dependencies = [("portal_search", "0004_permanent_links")]

    operations = [
        migrations.RunPython(
            fulltext.run(fulltext.SQLITE_DROP, fulltext.POSTGRESQL_DROP), fulltext.run(fulltext.SQLITE_MAKE, fulltext.POSTGRESQL_MAKE)
        ),
        *[
            migrations.AlterField(model_name="searchentry", name=name, field=models.TextField(default=""))
            for name in ("title_words", "words", "title_graphemes", "graphemes")
        ],
        cut("title_words"),
        cut("words"),
        cut("title_graphemes"),
        cut("graphemes"),
        migrations.RenameField(model_name="searchentry", old_name="text", new_name="text_before"),
        migrations.AlterField(model_name="searchentry", name="text_before", field=models.TextField(default="")),
        migrations.AddField(model_name="searchentry", name="text", field=models.TextField(default="")),
        migrations.RunPython(copy_text, copy_back),
        migrations.RemoveField(model_name="searchentry", name="text_before"),
        migrations.CreateModel(
            name="CutText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="cut",
                        serialize=False,
                        to="portal_search.searchentry",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                *[(name, models.TextField(blank=True)) for name in COLUMNS],
            ],
            options={"verbose_name": "cut text"},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=30, unique=True)),
                ("folded", models.CharField(max_length=30)),
                ("start", models.CharField(db_index=True, max_length=2)),
                ("head", models.CharField(db_index=True, max_length=15)),
                ("tail", models.CharField(db_index=True, max_length=15)),
                ("entries", models.IntegerField()),
            ],
            options={"verbose_name": "search word"},
        ),
        migrations.RunPython(fulltext.run(SQLITE_MAKE, POSTGRESQL_MAKE), fulltext.run(fulltext.SQLITE_DROP, POSTGRESQL_DROP)),
    ]
