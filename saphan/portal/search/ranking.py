"""The order of results: weight of the fields x own language x freshness.

weight     what the engine says (BM25 on SQLite, cover density on PostgreSQL) with the weights of `engines.WEIGHTS`: a word in the title
           counts eight times one in the text, in summary, author, topic and country names three times
           where counterparts in other languages were asked too: in relation to the best of the same language, since a word that is rare
           in one language is no better for that
language   4 for the reader's own language, else 1: a name or a number stands in all languages, and most readers read one
freshness  0.8 + 0.2 x 2^(-age / 4 years): new things gain at most a quarter over very old ones; what has no date counts as four years old
"""

from datetime import date

from saphan.portal.search.engines import OWN_LANGUAGE, Hit

LASTING, FADING = 0.8, 0.2
HALF_LIFE = 4 * 365.25  # days


def best_first(hits: list[Hit], *, language: str, today: date) -> list[Hit]:
    """The hits of one tier in the order in which they are shown; equal ones in the order of their writing."""
    return sorted(hits, key=lambda hit: (-hit.weight * _favour(hit, language, today), hit.pk))


def side_by_side(hits: list[Hit], *, language: str, today: date) -> list[Hit]:
    """The same where several languages were asked: each weight in relation to the best of its language."""
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.language] = max(best.get(hit.language, 0.0), hit.weight)
    return sorted(hits, key=lambda hit: (-hit.weight / (best[hit.language] or 1.0) * _favour(hit, language, today), hit.pk))


def newest_first(hits: list[Hit]) -> list[Hit]:
    """By date, what has none last."""
    return sorted(hits, key=lambda hit: (hit.published_on or date.min, hit.pk), reverse=True)


def _favour(hit: Hit, language: str, today: date) -> float:
    return (OWN_LANGUAGE if hit.language == language else 1.0) * freshness(hit.published_on, today)


def freshness(published_on: date | None, today: date) -> float:
    """Between 0.8 and 1."""
    age = max(0, (today - published_on).days) if published_on else HALF_LIFE
    return float(LASTING + FADING * 2 ** (-age / HALF_LIFE))
