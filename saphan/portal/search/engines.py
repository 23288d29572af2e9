"""Asks the database's own full-text engine. Two dialects, the same pre-cut words and letters."""

from django.db import connection

Hits = list[tuple[int, float]]

TITLE_WEIGHT = 8.0
SQLITE = """
    SELECT rowid, bm25(portal_search_fts, {weights}) AS rank FROM portal_search_fts
    WHERE portal_search_fts MATCH %s ORDER BY rank, rowid LIMIT %s
"""
POSTGRESQL = """
    SELECT id, -ts_rank_cd('{{0.1, 0.2, 0.4, 1.0}}', {column}, query) AS rank
    FROM portal_search_searchentry, to_tsquery('simple', %s) AS query
    WHERE {column} @@ query ORDER BY rank, id LIMIT %s
"""


def by_words(terms: list[str], limit: int) -> Hits:
    """Entries that hold all the words; a Latin word of four letters or more also finds its longer forms."""
    if connection.vendor == "sqlite":
        asked = " ".join(_quoted(term) + ("*" if _may_grow(term) else "") for term in terms)
        return _ask(SQLITE.format(weights=f"{TITLE_WEIGHT}, 1.0, 0.0, 0.0"), f"{{title_words words}} : ({asked})", limit)
    asked = " & ".join(_lexeme(term) + (":*" if _may_grow(term) else "") for term in terms)
    return _ask(POSTGRESQL.format(column="by_words"), asked, limit)


def by_graphemes(phrases: list[list[str]], limit: int) -> Hits:
    """Entries that hold each phrase letter by letter, wherever the word breaker put its cuts."""
    if connection.vendor == "sqlite":
        asked = " AND ".join(_quoted(" ".join(letters)) for letters in phrases)
        return _ask(SQLITE.format(weights=f"0.0, 0.0, {TITLE_WEIGHT}, 1.0"), f"{{title_graphemes graphemes}} : ({asked})", limit)
    asked = " & ".join("(" + " <-> ".join(_lexeme(letter) for letter in letters) + ")" for letters in phrases)
    return _ask(POSTGRESQL.format(column="by_graphemes"), asked, limit)


def _ask(sql: str, query: str, limit: int) -> Hits:
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, limit])
        return [(int(row[0]), float(row[1])) for row in cursor.fetchall()]


def _may_grow(term: str) -> bool:
    return len(term) >= 4 and term.isascii() and term.isalpha()


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _lexeme(term: str) -> str:
    return "'" + term.replace("\\", "").replace("'", "''") + "'"
