"""P7: the scorecard and the days of the agreement."""

from collections.abc import Iterator

from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, error, hit, warning

FEWEST = 5
EARLIEST = 2000


@warning("P701", "Promises are given, but no article counts how well they are kept.")
def promises_are_scored(draft: Draft) -> Iterator[Hit]:
    """A promise that is not counted is soon forgotten. Source: specification, purpose 4 (scorecard)."""
    if draft.promises and not any(row.clause.score for row in draft.articles):
        yield hit("", ("articles",))


@warning("P702", "The promise “{promise}” is counted in no score.")
def every_promise_is_counted(draft: Draft) -> Iterator[Hit]:
    """What is left out of the score flatters it. Source: specification, purpose 4 (scorecard)."""
    counted = {name for row in draft.articles if row.clause.score for name in row.clause.score.over}
    for row in draft.promises if counted else ():
        if row.clause.id not in counted:
            yield hit(row.number, row.at("id"), promise=row.clause.id)


@error("P703", "“{promise}” is counted each {every} in Art. {article} and again in Art. {other}.")
def a_promise_is_counted_once_a_period(draft: Draft) -> Iterator[Hit]:
    """Two scores of one period with one promise say the same twice. Source: our own rule."""
    seen: dict[tuple[str, str], str] = {}
    for row in draft.articles:
        for name in row.clause.score.over if row.clause.score else ():
            every = row.clause.score.every if row.clause.score else ""
            if seen.setdefault((name, every), row.number) != row.number:
                yield hit(row.number, row.at("score", "over"), promise=name, every=every, article=row.number, other=seen[name, every])


@warning("P704", "Figures are published from {number} on; below {fewest} a person might be recognised.")
def small_figures_are_not_published(draft: Draft) -> Iterator[Hit]:
    """Small numbers point at people. Source: specification, scorecard (publish_min); DOMAIN 7 (small cells), the five is a proposal."""
    for row in draft.articles:
        if row.clause.score and row.clause.score.publish_min < FEWEST:
            yield hit(row.number, row.at("score", "publish_min"), number=row.clause.score.publish_min, fewest=FEWEST)


@warning("P705", "Nothing says when the procedure is reviewed.")
def a_review_is_foreseen(draft: Draft) -> Iterator[Hit]:
    """A text that is never looked at again is left behind by practice. Source: agreement articles A16 (monitoring and review)."""
    if draft.procedure.review is None:
        yield hit("", ("review",))


@warning("P706", "It is said to take effect on {day}, which is hardly meant.")
def the_first_day_is_of_our_time(draft: Draft) -> Iterator[Hit]:
    """A slip in the year puts every case under the wrong version. The Protocol itself is of 2000. Source: our own rule."""
    if not EARLIEST <= draft.procedure.effective.year < EARLIEST + 100:
        yield hit("", ("effective",), day=draft.procedure.effective)
