"""The full-text index of each engine over the pre-cut columns of SearchEntry."""

from django.db import migrations

SQLITE_MAKE = [
    """CREATE VIRTUAL TABLE portal_search_fts USING fts5(
        title_words, words, title_graphemes, graphemes,
        content='portal_search_searchentry', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'")""",
    """CREATE TRIGGER portal_search_added AFTER INSERT ON portal_search_searchentry BEGIN
        INSERT INTO portal_search_fts(rowid, title_words, words, title_graphemes, graphemes)
        VALUES (new.id, new.title_words, new.words, new.title_graphemes, new.graphemes); END""",
    """CREATE TRIGGER portal_search_removed AFTER DELETE ON portal_search_searchentry BEGIN
        INSERT INTO portal_search_fts(portal_search_fts, rowid, title_words, words, title_graphemes, graphemes)
        VALUES ('delete', old.id, old.title_words, old.words, old.title_graphemes, old.graphemes); END""",
    """CREATE TRIGGER portal_search_changed AFTER UPDATE ON portal_search_searchentry BEGIN
        INSERT INTO portal_search_fts(portal_search_fts, rowid, title_words, words, title_graphemes, graphemes)
        VALUES ('delete', old.id, old.title_words, old.words, old.title_graphemes, old.graphemes);
        INSERT INTO portal_search_fts(rowid, title_words, words, title_graphemes, graphemes)
        VALUES (new.id, new.title_words, new.words, new.title_graphemes, new.graphemes); END""",
    "INSERT INTO portal_search_fts(portal_search_fts) VALUES ('rebuild')",
]
SQLITE_DROP = [
    "DROP TRIGGER portal_search_added",
    "DROP TRIGGER portal_search_removed",
    "DROP TRIGGER portal_search_changed",
    "DROP TABLE portal_search_fts",
]
POSTGRESQL_MAKE = [
    f"""ALTER TABLE portal_search_searchentry ADD COLUMN by_{tier} tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title_{tier}), 'A') || setweight(to_tsvector('simple', {tier}), 'D')) STORED"""
    for tier in ("words", "graphemes")
] + [f"CREATE INDEX portal_search_by_{tier} ON portal_search_searchentry USING gin (by_{tier})" for tier in ("words", "graphemes")]
POSTGRESQL_DROP = [f"ALTER TABLE portal_search_searchentry DROP COLUMN by_{tier}" for tier in ("words", "graphemes")]


def run(sqlite, postgresql):
    def statements(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("portal_search", "0001_initial")]
    operations = [migrations.RunPython(run(SQLITE_MAKE, POSTGRESQL_MAKE), run(SQLITE_DROP, POSTGRESQL_DROP))]
