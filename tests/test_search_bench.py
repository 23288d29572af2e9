"""The bench of the search tells the truth about itself: what is relevant is known from the composition alone."""

import random

from bench.retrieval import breaking, compose
from bench.search import judged


def texts_of(number: int) -> tuple[list[compose.Document], dict[str, compose.Tongue]]:
    chance = random.Random(5)
    tongues = {language: compose.tongue(language, chance) for language in compose.SHARES}
    return list(compose.documents(number, tongues, chance)), tongues


def test_documents_are_written_in_six_languages_and_those_without_spaces_have_few():
    texts, _tongues = texts_of(300)
    assert {text.language for text in texts} == set(compose.SHARES)
    thai = next(text for text in texts if text.language == "th")
    seen = compose.written(thai.body, "th", random.Random(1))
    assert seen.replace(" ", "") == "".join(thai.body)
    assert 0 < seen.count(" ") < len(thai.body) / 3


def test_a_document_is_relevant_when_it_holds_all_words_of_the_question_as_words():
    texts, tongues = texts_of(400)
    asked = compose.questions(texts, 40, tongues, random.Random(2))
    compose.judge(asked, texts)
    for question in asked:
        assert question.relevant
        for text in texts:
            holds = text.language == question.language and set(question.words) <= text.words
            assert (text.number in question.relevant) == holds


def test_precision_and_recall_count_what_is_shown_and_what_could_be():
    assert judged([1, 2, 3, 4], {1, 2}) == (0.5, 1.0, False)
    assert judged([], {1}) == (0.0, 0.0, True)
    assert judged(list(range(20)), set(range(100))) == (1.0, 1.0, False)


def test_words_found_whole_are_counted_with_both_their_ends():
    assert breaking.f1([["ab", "c"]], lambda _text: ["ab", "c"]) == 1.0
    assert breaking.f1([["ab", "c"]], lambda _text: ["a", "bc"]) == 0.0
    assert breaking.f1([["ab", "c"]], lambda _text: ["a", "b", "c"]) == 0.4
