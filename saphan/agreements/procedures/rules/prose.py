"""P8: prose. Each article says in the languages of the parties what its rows do.

While a draft is negotiated it stands in the working language, and binding texts come last: a warning on each such draft would teach to overlook warnings.
So a binding language is silent until one article has it, an error for the others from then on, and an error for all when the draft is to be signed.
"""

import re
import unicodedata
from collections.abc import Iterator

from saphan.agreements.procedures.rules.draft import Draft
from saphan.agreements.procedures.rules.rule import Hit, before_signing, error, hit, warning

ARTICLE = re.compile(r"\b(?:Article|Art\.|ข้อ) ?([0-9]{1,3}[a-z]?)")
WORD = re.compile(r"[^\W\d_]+")
FOREIGN = re.compile("[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u2de0-\u2dff\uab70-\uabbf]")  # alphabets that look like Latin
BRACKET = re.compile(r"\[[^\]]*\]")


@error("P801", "The article has no text in the working language “{language}”.")
def every_article_has_the_working_language(draft: Draft) -> Iterator[Hit]:
    """The language in which the parties negotiate is there from the first draft. Source: specification, Linter (missing language)."""
    language = draft.procedure.languages.working
    for row in draft.articles:
        if language not in row.clause.prose:
            yield hit(row.number, row.at("prose"), language=language)


@error("P802", "The article has no text in the binding language “{language}”, which other articles have.")
def a_binding_language_is_whole(draft: Draft) -> Iterator[Hit]:
    """Once one article stands in a binding language, an article without it was forgotten. Source: specification, Linter (missing language)."""
    for language in draft.procedure.languages.authoritative:
        having = [row for row in draft.articles if language in row.clause.prose]
        for row in draft.articles if having and language != draft.procedure.languages.working else ():
            if language not in row.clause.prose:
                yield hit(row.number, row.at("prose"), language=language)


@before_signing("P803", "No article has a text in the binding language “{language}”: it cannot be signed.")
def every_binding_language_is_there(draft: Draft) -> Iterator[Hit]:
    """What is signed is the text that binds. Source: specification, form (prose per authoritative language); agreement articles A20."""
    for place, language in enumerate(draft.procedure.languages.authoritative):
        if not any(language in row.clause.prose for row in draft.articles):
            yield hit("", ("languages", "authoritative", place), language=language)


@warning("P804", "The article has a text in “{language}”, which is no language of this procedure.")
def texts_are_in_languages_of_the_parties(draft: Draft) -> Iterator[Hit]:
    """A text that neither binds nor is worked with is read by nobody and drifts. Source: our own rule."""
    known = {*draft.procedure.languages.authoritative, draft.procedure.languages.working}
    for row in draft.articles:
        for language in sorted(set(row.clause.prose) - known):
            yield hit(row.number, row.at("prose", language), language=language)


@error("P805", "“{word}” mixes letters of {scripts}: some only look like the others.")
def words_are_of_one_script(draft: Draft) -> Iterator[Hit]:
    """A word of look-alike letters reads as one thing and is another when it is searched or compared. Source: Unicode TS 39 (mixed-script confusables)."""
    for row in draft.articles:
        for language, text in row.clause.prose.items():
            if FOREIGN.search(text):
                for word in WORD.findall(text):
                    scripts = _scripts(word)
                    if len(scripts) > 1:
                        yield hit(row.number, row.at("prose", language), word=word[:40], scripts=" and ".join(sorted(scripts)))


def _scripts(word: str) -> set[str]:
    """The alphabets that can be mistaken for each other, as far as the word has letters of them."""
    return {
        script
        for letter in word
        for script in ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
        if unicodedata.name(letter, "").startswith(script)
    }


@warning("P806", "The text speaks of Article {other}, which does not exist.")
def articles_that_are_spoken_of_exist(draft: Draft) -> Iterator[Hit]:
    """When articles are numbered anew, the text of the others must follow. Source: our own rule."""
    known = {row.number for row in draft.articles}
    for row in draft.articles:
        for language, text in row.clause.prose.items():
            for other in ARTICLE.findall(text):
                if other not in known:
                    yield hit(row.number, row.at("prose", language), other=other)


@before_signing("P807", "“{bracket}” is still in brackets.")
def no_bracket_is_signed(draft: Draft) -> Iterator[Hit]:
    """Brackets hold what is not agreed. Source: specification, negotiation (a bracketed article cannot be signed)."""
    for row in draft.articles:
        for language, text in row.clause.prose.items():
            for bracket in BRACKET.findall(text):
                yield hit(row.number, row.at("prose", language), bracket=bracket[:60])
